import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import type { Blocked } from '../../../src/contract/result.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { Borrower } from '../../../src/thread/borrower.ts'
import { type DelayPoint, park, ring } from '../../../src/thread/doorbell.ts'
import type { RemoteCall } from '../../../src/thread/guest-calls.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { MailboxClient } from '../../../src/thread/mailbox.ts'
import { RemoteKernel } from '../../../src/thread/remote-kernel.ts'
import { remoteCallOf } from '../../../src/thread/secondary-calls.ts'
import type { SecondaryThread } from '../../../src/thread/secondary-thread.ts'
import {
  byteAt,
  OVER,
  ownerOf,
  PIPE,
  type PipePart,
  randoms,
  SHARE,
  SHARED,
  sideOf,
  wordOf,
} from './pipe-part.ts'
import { ringOf } from './pipe-rings.ts'

class Ended extends Error {}

/** Does not do what it should before a call that may give an end to somebody else. */
class KeepingBorrower extends Borrower {
  override forget(): void {}
}

const LIST = 8
const USED = 4
const SUBSCRIPTIONS = 64
const EVENTS = 2_048
const BUFFER = 8_192
const TAG = { read: 1, write: 2 } as const

/** One process, which calls as a guest does. */
export class GuestProcess {
  readonly #part: PipePart
  readonly #delay: DelayPoint
  readonly #words: Int32Array
  readonly #host: HostBlock
  readonly #random: (below: number) => number
  readonly #memory: Uint8Array
  readonly #view: DataView
  readonly #call: RemoteCall
  readonly #thread: SecondaryThread

  constructor(part: PipePart, delay: DelayPoint) {
    this.#part = part
    this.#delay = delay
    this.#words = new Int32Array(part.words)
    this.#host = new HostBlock(part.host)
    this.#random = randoms(part.seed * 31 + part.number)
    const buffer = new ArrayBuffer(BUFFER + part.longest)
    this.#memory = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
    this.#thread = this.#threadOf()
    const linear = new LinearMemory()
    linear.attach({ buffer })
    this.#call = remoteCallOf(this.#thread, linear)
  }

  #threadOf(): SecondaryThread {
    const { capacity, mailboxes, memory, mutant, number, processes } = this.#part
    const mailbox = mailboxes[number - 1]
    if (mailbox === undefined || memory === undefined) throw new Error('no such process')
    const controls = Array.from({ length: processes + 1 }, (_, slot) => this.#host.control(slot))
    const [kernelControl] = controls
    const own = controls[number]?.bell
    if (kernelControl === undefined || own === undefined) throw new Error('no such slot')
    const bellOf = (slot: number) => controls[slot]?.bell ?? kernelControl.bell
    const delay = this.#delay
    const die = (): never => {
      throw new Ended()
    }
    const Kind = mutant === 'keeps' ? KeepingBorrower : Borrower
    const pipeOf = (index: number) => ringOf(mutant, { memory, index, capacity }, bellOf, delay)
    const nobody = { read: die, write: die, available: die, room: die }
    const streams = { stdin: nobody, stdout: nobody, stderr: nobody }
    const borrower = new Kind({ pipeOf, streams })
    const kernel = new RemoteKernel(new MailboxClient(mailbox, kernelControl, delay), borrower)
    const wait = ({ changed, deadline }: Pick<Blocked, 'changed' | 'deadline'>): boolean => {
      park(own, changed, deadline, delay)
      return false
    }
    const thread = { kernel, borrower, ledger: new Ledger(), park: wait, wait, die, crash: die }
    // What those who make its calls use of it.
    return { ...thread, charge: () => {} } as unknown as SecondaryThread
  }

  #made(row: Parameters<RemoteCall>[0], args: readonly number[]): Errno {
    let step = this.#call(row, args)
    while (typeof step !== 'number') {
      this.#thread.park(step)
      step = step.resume()
    }
    return step
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word)
  }

  #wrong(): void {
    Atomics.add(this.#words, SHARED.WRONG, 1)
  }

  #ringAll(): void {
    for (let slot = 1; slot <= this.#part.processes; slot += 1) ring(this.#host.control(slot).bell)
  }

  /** Descriptors it uses. */
  #used(): readonly number[] {
    const fds: number[] = []
    for (let fd = 0; fd < 2 * this.#part.pipes; fd += 1) {
      if (this.#load(ownerOf(fd)) === this.#part.number) fds.push(fd)
    }
    return fds
  }

  get #allOver(): boolean {
    for (let fd = 0; fd < 2 * this.#part.pipes; fd += 1) {
      if (this.#load(ownerOf(fd)) !== OVER) return false
    }
    return true
  }

  #dropBeside(): void {
    const word = SHARED.BESIDE + this.#part.number
    const bits = this.#load(word)
    for (let fd = 0; fd < 2 * this.#part.pipes; fd += 1) {
      if ((bits & (1 << fd)) === 0) continue
      if (this.#load(ownerOf(fd)) !== this.#part.number) this.#made(PREVIEW1.fd_close, [fd])
      Atomics.and(this.#words, word, ~(1 << fd))
    }
  }

  run(): void {
    for (;;) {
      this.#dropBeside()
      const used = this.#used()
      if (used.length > 0) this.#act(used)
      else if (this.#allOver) return
      else {
        const told = (): boolean =>
          this.#load(SHARED.BESIDE + this.#part.number) !== 0 ||
          this.#used().length > 0 ||
          this.#allOver
        const bell = this.#host.control(this.#part.number).bell
        park(bell, told, Number.POSITIVE_INFINITY, this.#delay)
      }
    }
  }

  #act(used: readonly number[]): void {
    const ready = this.#part.polls ? this.#poll(used) : used
    const fd = ready[this.#random(ready.length)]
    if (fd === undefined) return
    const chance = this.#part.moves ? this.#random(48) : 48
    if (chance < 2) this.#made(PREVIEW1.fd_fdstat_set_flags, [fd, 0])
    else if (chance < 4) this.#share(fd, false)
    else if (chance < 5) this.#share(fd, true)
    else if ((fd & 1) === 0) this.#read(fd)
    else this.#write(fd)
  }

  #poll(fds: readonly number[]): readonly number[] {
    for (const [index, fd] of fds.entries()) {
      const at = SUBSCRIPTIONS + index * 48
      this.#memory.fill(0, at, at + 48)
      this.#view.setUint32(at, fd, true)
      this.#view.setUint8(at + 8, (fd & 1) === 0 ? TAG.read : TAG.write)
      this.#view.setUint32(at + 16, fd, true)
    }
    const args = [SUBSCRIPTIONS, EVENTS, fds.length, USED]
    if (this.#made(PREVIEW1.poll_oneoff, args) !== Errno.SUCCESS) this.#wrong()
    return Array.from({ length: this.#view.getUint32(USED, true) }, (_, index) =>
      this.#view.getUint32(EVENTS + index * 32, true),
    )
  }

  #moved(row: Parameters<RemoteCall>[0], fd: number, size: number): Errno {
    this.#view.setUint32(LIST, BUFFER, true)
    this.#view.setUint32(LIST + 4, size, true)
    return this.#made(row, [fd, LIST, 1, USED])
  }

  #read(fd: number): void {
    const pipe = fd >> 1
    const at = this.#load(wordOf(pipe, PIPE.READ))
    const errno = this.#moved(PREVIEW1.fd_read, fd, 1 + this.#random(this.#part.longest))
    const count = this.#view.getUint32(USED, true)
    if (errno !== Errno.SUCCESS) this.#wrong()
    else if (count === 0) {
      const writer = this.#load(wordOf(pipe, PIPE.WRITER))
      const isThere = writer !== OVER && this.#load(SHARED.ENDED + writer) === 0
      if (isThere || this.#load(wordOf(pipe, PIPE.WRITTEN)) > at) this.#wrong()
      this.#close(fd)
    } else {
      const bytes = this.#memory.subarray(BUFFER, BUFFER + count)
      if (bytes.some((byte, index) => byte !== byteAt(pipe, at + index))) this.#wrong()
      Atomics.store(this.#words, wordOf(pipe, PIPE.READ), at + count)
      Atomics.add(this.#words, SHARED.MOVED, count)
    }
  }

  #write(fd: number): void {
    const pipe = fd >> 1
    const at = this.#load(wordOf(pipe, PIPE.WRITTEN))
    if (at >= this.#part.quota) {
      this.#close(fd)
      return
    }
    const size = 1 + this.#random(Math.min(this.#part.longest, this.#part.quota - at))
    for (let index = 0; index < size; index += 1) {
      this.#memory[BUFFER + index] = byteAt(pipe, at + index)
    }
    const errno = this.#moved(PREVIEW1.fd_write, fd, size)
    if (errno === Errno.PIPE) {
      const reader = this.#load(wordOf(pipe, PIPE.READER))
      if (reader !== OVER && this.#load(SHARED.ENDED + reader) === 0) this.#wrong()
      this.#close(fd)
    } else if (errno !== Errno.SUCCESS) this.#wrong()
    else {
      const count = this.#view.getUint32(USED, true)
      Atomics.store(this.#words, wordOf(pipe, PIPE.WRITTEN), at + count)
    }
  }

  #close(fd: number): void {
    Atomics.store(this.#words, ownerOf(fd), OVER)
    if (this.#made(PREVIEW1.fd_close, [fd]) !== Errno.SUCCESS) this.#wrong()
    this.#ringAll()
  }

  /** Another of the same side gets the end too: to hold it for a while, or to go on with it. */
  #share(fd: number, forGood: boolean): void {
    const { number, processes } = this.#part
    const other = 1 + this.#random(processes)
    const beside = SHARED.BESIDE + other
    if (other === number || sideOf(this.#part, other) !== sideOf(this.#part, number)) return
    if ((this.#load(beside) & (1 << fd)) !== 0) return
    if (this.#made(PREVIEW1.fd_renumber, [fd, SHARE + other]) !== Errno.SUCCESS) return
    if (!forGood) Atomics.or(this.#words, beside, 1 << fd)
    else {
      Atomics.store(this.#words, ownerOf(fd), other)
      const isThere = this.#load(SHARED.ENDED + other) === 0
      const kept =
        !isThere && Atomics.compareExchange(this.#words, ownerOf(fd), other, number) === other
      if (!kept) this.#made(PREVIEW1.fd_close, [fd])
    }
    ring(this.#host.control(other).bell)
  }
}

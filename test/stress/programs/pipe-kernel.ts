import { parentPort } from 'node:worker_threads'
import { Errno } from '../../../src/contract/errno.ts'
import { DONE, fail, type Result } from '../../../src/contract/result.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import type { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import { FdTable } from '../../../src/kernel/process/fd-table.ts'
import { makePipe } from '../../../src/kernel/process/pipe.ts'
import type { PipeEnd } from '../../../src/kernel/process/pipe-buffer.ts'
import type { Process } from '../../../src/kernel/process/process.ts'
import type { ContainerCgroup } from '../../../src/thread/container-cgroup.ts'
import type { ControlBlock } from '../../../src/thread/control-block.ts'
import { type Bell, type DelayPoint, park, ring } from '../../../src/thread/doorbell.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { Lender } from '../../../src/thread/lender.ts'
import { MailboxServer, takeServe } from '../../../src/thread/mailbox.ts'
import { Member } from '../../../src/thread/member.ts'
import { MemberThread } from '../../../src/thread/member-thread.ts'
import { PipeArena } from '../../../src/thread/pipe-arena.ts'
import {
  byteAt,
  fdOf,
  OVER,
  ownerOf,
  PIPE,
  type PipePart,
  randoms,
  SHARE,
  SHARED,
  wordOf,
} from './pipe-part.ts'
import { Later, ringOf } from './pipe-rings.ts'

/** Loads between two looks of a kernel that computes. */
const COMPUTE = 2_000

class SharingTable extends FdTable {
  readonly #tables: (process: number) => FdTable | undefined

  constructor(ledger: Ledger, tables: (process: number) => FdTable | undefined) {
    super(64, ledger)
    this.#tables = tables
  }

  override renumber(from: number, to: number): Result<undefined> {
    const table = this.#tables(to - SHARE)
    const file = this.get(from)
    if (table === undefined || !file.ok) return fail(Errno.BADF)
    const put = table.put(from, file.value.retain())
    return put.ok ? DONE : put
  }
}

/** What a kernel's thread does: it answers its processes, and may use an end of a pipe itself. */
export class Kernel {
  readonly #part: PipePart
  readonly #delay: DelayPoint
  readonly #words: Int32Array
  readonly #control: ControlBlock
  readonly #bells: readonly Bell[]
  readonly #members = new Map<number, Member>()
  readonly #tables = new Map<number, FdTable>()
  readonly #later = new Later()
  readonly #random: (below: number) => number
  readonly #buffer: Uint8Array
  #own: { readonly file: OpenFile; readonly end: PipeEnd } | undefined

  constructor(part: PipePart, delay: DelayPoint) {
    this.#part = part
    this.#delay = delay
    this.#words = new Int32Array(part.words)
    this.#random = randoms(part.seed + 5)
    this.#buffer = new Uint8Array(part.longest)
    const host = new HostBlock(part.host)
    this.#control = host.control(0)
    this.#bells = Array.from({ length: part.processes + 1 }, (_, slot) => host.control(slot).bell)
    const bellOf = (slot: number) => this.#bells[slot] ?? this.#control.bell
    const arena = new PipeArena({
      slot: 0,
      bellOf,
      capacity: part.capacity,
      ringOf: (place) => ringOf(part.mutant, place, bellOf, delay, this.#later),
    })
    const ledger = new Ledger()
    for (let number = 0; number <= part.processes; number += 1) {
      this.#tables.set(number, new SharingTable(ledger, (other) => this.#tables.get(other)))
    }
    for (let number = 1; number <= part.processes; number += 1) this.#join(number, ledger, bellOf)
    for (let pipe = 0; pipe < part.pipes; pipe += 1) this.#makePipe(pipe, ledger, arena)
    parentPort?.postMessage(arena.memory)
  }

  #join(number: number, ledger: Ledger, bellOf: (slot: number) => ControlBlock['bell']): void {
    const mailbox = this.#part.mailboxes[number - 1]
    const fds = this.#tables.get(number)
    if (mailbox === undefined || fds === undefined) throw new Error('no such process')
    const server = new MailboxServer(mailbox, bellOf(number), this.#delay)
    const quiet = (): void => {}
    const signals = { handle: quiet, end: quiet, stop: quiet, resume: quiet }
    const thread = new MemberThread(() => {}, { signals, cpuMs: () => 0 })
    const namespace = { raise: quiet }
    const process = { fds, ledger, namespace, charge: quiet } as unknown as Process // what reads, writes and polls use of it
    const group = { ledger } as unknown as ContainerCgroup // and a member
    const lender = new Lender(fds, number)
    this.#members.set(number, new Member({ process, thread, server, group, lender }))
  }

  #makePipe(pipe: number, ledger: Ledger, arena: PipeArena): void {
    const made = makePipe(ledger, { nonblock: false }, arena)
    if (!made.ok) throw new Error('no pipe')
    for (const end of ['read', 'write'] as const) {
      const file = end === 'read' ? made.value.reader : made.value.writer
      const owner = Atomics.load(this.#words, ownerOf(fdOf(pipe, end)))
      this.#tables.get(owner)?.put(fdOf(pipe, end), file)
      if (owner === 0) this.#own = { file, end }
    }
  }

  #look(): void {
    for (const [number, member] of this.#members) {
      if (Atomics.load(this.#words, SHARED.ENDED + number) === 2) {
        this.#members.delete(number)
        member.close()
        this.#tables.get(number)?.closeAll()
        this.#tables.delete(number)
      } else member.serve()
      this.#later.run(this.#delay)
    }
  }

  #raised(): void {
    takeServe(this.#control, () => this.#look(), this.#delay)
    for (const member of this.#members.values()) member.stir()
  }

  get #ready(): boolean {
    if (this.#own === undefined) return false
    const { buffer } = this.#own.file.handle?.pipe ?? {}
    return (this.#own.end === 'read' ? buffer?.available() : buffer?.room()) !== 0
  }

  /** As PID 1, with what it has: as much as goes. */
  #use(): void {
    const own = this.#own
    if (own === undefined) return
    const word = wordOf(0, own.end === 'read' ? PIPE.READ : PIPE.WRITTEN)
    const at = Atomics.load(this.#words, word)
    if (own.end === 'write' && at >= this.#part.quota) this.#close(own.end)
    else {
      const left = own.end === 'write' ? this.#part.quota - at : this.#part.longest
      const size = 1 + this.#random(Math.min(left, this.#part.longest))
      this.#moved(own, this.#buffer.subarray(0, size), at, word)
    }
  }

  #moved(
    { file, end }: { file: OpenFile; end: PipeEnd },
    bytes: Uint8Array,
    at: number,
    word: number,
  ) {
    if (end === 'write') for (let i = 0; i < bytes.length; i += 1) bytes[i] = byteAt(0, at + i)
    const done = file[end]([bytes])
    if (done.ok === 'blocked') return
    if (!done.ok || (end === 'read' && done.value === 0)) {
      this.#close(end)
      return
    }
    const read = bytes.subarray(0, done.value)
    if (read.some((byte, i) => byte !== byteAt(0, at + i)))
      Atomics.add(this.#words, SHARED.WRONG, 1)
    Atomics.store(this.#words, word, at + done.value)
    Atomics.add(this.#words, SHARED.MOVED, done.value)
  }

  #close(end: PipeEnd): void {
    const fd = fdOf(0, end)
    Atomics.store(this.#words, ownerOf(fd), OVER)
    this.#own = undefined
    this.#tables.get(0)?.close(fd)
    for (const bell of this.#bells) ring(bell)
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#words, SHARED.STOP) !== 0
  }

  /** Until it is told to leave. */
  run(): void {
    const { computing } = this.#part
    while (!this.#isStopped) {
      Atomics.add(this.#words, SHARED.TURNS, 1)
      if (computing) {
        for (let load = 0; load < COMPUTE; load += 1) Atomics.load(this.#words, 0)
        this.#raised()
        this.#delay('seen')
      } else {
        const changed = (): boolean => {
          this.#raised()
          return this.#ready || this.#isStopped
        }
        park(this.#control.bell, changed, Number.POSITIVE_INFINITY, this.#delay)
      }
      if (this.#ready) this.#use()
    }
  }
}

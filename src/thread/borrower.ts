import type { GuestMemory } from '../abi/guest-memory.ts'
import type { Step } from '../abi/preview1/call.ts'
import { fdRead, writeTo } from '../abi/preview1/file.ts'
import type { Lent } from '../abi/preview1/row.ts'
import type { Argument } from '../abi/window.ts'
import { Errno } from '../contract/errno.ts'
import { ok } from '../contract/result.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import { PLAIN_DEVICES } from '../kernel/mount/fs/dev.ts'
import { OpenFile } from '../kernel/mount/open-file.ts'
import { openEnd } from '../kernel/process/pipe.ts'
import type { PipeEnd } from '../kernel/process/pipe-buffer.ts'
import { PLAIN } from './kernel-requests.ts'
import type { PipeRing } from './pipe-ring.ts'

/** What a process that makes a call by itself has. */
interface Maker {
  readonly ledger: Ledger
  charge(units: number): void
}

interface Borrowed {
  readonly end: PipeEnd
  /** Undefined: a device, where nothing moves. */
  readonly ring: PipeRing | undefined
  readonly file: OpenFile
}

const MADE = { read: fdRead, write: writeTo } as const
/** The kernel closes. */
const close = (): void => {}

const levelOf = ({ end, ring }: Borrowed): number =>
  (end === 'read' ? ring?.available() : ring?.room()) ?? 0

function openDevice(number: number, end: PipeEnd, ledger: Ledger): OpenFile {
  const handle = PLAIN_DEVICES[number === PLAIN.null ? 'null' : 'zero']
  const access = { read: end === 'read', write: end === 'write' }
  return new OpenFile({ type: 'character-device', place: undefined, access, handle, ledger })
}

/** What a process uses on its own thread, by descriptor: ends of pipes and plain devices, by the kernel's own calls. */
export class Borrower {
  readonly #ringOf: (pipe: number) => PipeRing
  readonly #ends = new Map<number, Borrowed>()

  constructor(ringOf: (pipe: number) => PipeRing) {
    this.#ringOf = ringOf
  }

  /** The kernel has lent it. @param pipe - or a device. */
  take(fd: number, end: PipeEnd, pipe: number, { ledger }: Pick<Maker, 'ledger'>): void {
    const ring = pipe < 0 ? undefined : this.#ringOf(pipe)
    const file =
      ring === undefined
        ? openDevice(pipe, end, ledger)
        : openEnd(end, ring, { ledger, nonblock: false, close })
    this.#ends.set(fd, { end, ring, file })
  }

  /** Before the kernel is asked for what may concern them. */
  forget(): void {
    this.#ends.clear()
  }

  /**
   * Undefined: it is the kernel's to make.
   *
   * @param anew - makes the call from its beginning, wherever its descriptor is by then.
   */
  call(
    lent: Lent | undefined,
    args: readonly Argument[],
    memory: GuestMemory,
    maker: Maker,
    anew: () => Step,
  ): Step | undefined {
    if (lent !== 'read' && lent !== 'write') return undefined
    const [fd = 0, list = 0, count = 0, out = 0] = args.map(Number)
    const borrowed = this.#ends.get(fd >>> 0)
    if (borrowed === undefined) return undefined
    const fds = { get: () => ok(borrowed.file) }
    const process = { fds, charge: (units: number) => maker.charge(units) }
    if (borrowed.end === lent) {
      const step = MADE[lent]({ process, memory }, fd, list, count, out)
      return this.#while(fd >>> 0, borrowed, step, anew)
    }
    this.#ends.delete(fd >>> 0)
    return undefined
  }

  /** A signal may come with EPIPE, and a handler that runs in a wait may give the end back. */
  #while(fd: number, borrowed: Borrowed, step: Step, anew: () => Step): Step {
    if (step === Errno.PIPE) {
      this.#ends.delete(fd)
      return anew()
    }
    if (typeof step === 'number') return step
    const resume = (): Step =>
      this.#ends.get(fd) === borrowed
        ? this.#while(fd, borrowed, step.resume(), anew)
        : (step.interrupted?.() ?? anew())
    return { ...step, resume }
  }

  /** Begun before a wait: whether something has moved since then. */
  watch(): () => boolean {
    const seen = [...this.#ends.values()].map((one) => [one, levelOf(one)] as const)
    return () => seen.some(([one, level]) => levelOf(one) !== level)
  }
}

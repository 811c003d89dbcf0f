import type { GuestMemory } from '../abi/guest-memory.ts'
import type { Step } from '../abi/preview1/call.ts'
import { fdRead, writeTo } from '../abi/preview1/file.ts'
import type { Lent } from '../abi/preview1/row.ts'
import type { Argument } from '../abi/window.ts'
import { Errno } from '../contract/errno.ts'
import { ok } from '../contract/result.ts'
import type { StandardStreams } from '../contract/streams.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import { PLAIN_DEVICES } from '../kernel/mount/fs/dev.ts'
import { OpenFile } from '../kernel/mount/open-file.ts'
import type { FileHandle } from '../kernel/mount/vnode.ts'
import { openEnd } from '../kernel/process/pipe.ts'
import type { PipeEnd } from '../kernel/process/pipe-buffer.ts'
import { inputHandle, outputHandle } from '../kernel/process/stream-handle.ts'
import { OWN, PLAIN } from './kernel-requests.ts'
import type { PipeRing } from './pipe-ring.ts'

/** What a process that makes a call by itself has. */
interface Maker {
  readonly ledger: Ledger
  charge(units: number): void
}

interface Borrowed {
  readonly end: PipeEnd
  /** How much there is to move; nothing moves in a device. */
  readonly level: () => number
  readonly file: OpenFile
}

/** What there is to borrow. */
export interface Lendable {
  readonly pipeOf: (pipe: number) => PipeRing
  /** Of the process's own seat. */
  readonly streams: StandardStreams
}

const MADE = { read: fdRead, write: writeTo } as const
/** The kernel closes. */
const close = (): void => {}

function openDevice(number: number, end: PipeEnd, ledger: Ledger): OpenFile {
  const handle = PLAIN_DEVICES[number === PLAIN.null ? 'null' : 'zero']
  return openPlain('character-device', end, handle, ledger)
}

function openPlain(
  type: 'character-device' | 'unknown',
  end: PipeEnd,
  handle: FileHandle,
  ledger: Ledger,
): OpenFile {
  const access = { read: end === 'read', write: end === 'write' }
  return new OpenFile({ type, place: undefined, access, handle, ledger })
}

/** Undefined: it stands for no stream. */
function openStream(
  number: number,
  streams: StandardStreams,
  ledger: Ledger,
): Borrowed | undefined {
  if (number === OWN.stdin) {
    const { stdin } = streams
    const file = openPlain('unknown', 'read', inputHandle(stdin), ledger)
    return { end: 'read', level: () => stdin.available(), file }
  }
  if (number !== OWN.stdout && number !== OWN.stderr) return undefined
  const sink = streams[number === OWN.stdout ? 'stdout' : 'stderr']
  const file = openPlain('unknown', 'write', outputHandle(sink), ledger)
  return { end: 'write', level: () => sink.room(), file }
}

function openPipe(end: PipeEnd, ring: PipeRing, ledger: Ledger): Borrowed {
  const file = openEnd(end, ring, { ledger, nonblock: false, close })
  return { end, level: () => (end === 'read' ? ring.available() : ring.room()), file }
}

/** What a process uses on its own thread, by descriptor: ends of pipes and plain devices, by the kernel's own calls. */
export class Borrower {
  readonly #lendable: Lendable
  readonly #ends = new Map<number, Borrowed>()

  constructor(lendable: Lendable) {
    this.#lendable = lendable
  }

  /** The kernel has lent it. @param pipe - or a device, or a stream. */
  take(fd: number, end: PipeEnd, pipe: number, { ledger }: Pick<Maker, 'ledger'>): void {
    const { pipeOf, streams } = this.#lendable
    this.#ends.set(
      fd,
      pipe >= 0
        ? openPipe(end, pipeOf(pipe), ledger)
        : (openStream(pipe, streams, ledger) ?? {
            end,
            level: () => 0,
            file: openDevice(pipe, end, ledger),
          }),
    )
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
    const seen = [...this.#ends.values()].map(({ level }) => [level, level()] as const)
    return () => seen.some(([level, before]) => level() !== before)
  }
}

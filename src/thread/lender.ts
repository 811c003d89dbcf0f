import type { StandardStreams } from '../contract/streams.ts'
import type { OpenFile } from '../kernel/mount/open-file.ts'
import type { FdTable } from '../kernel/process/fd-table.ts'
import type { PipeEnd } from '../kernel/process/pipe-buffer.ts'
import { OWN, PLAIN } from './kernel-requests.ts'
import { ArenaPipe } from './pipe-arena.ts'

/** A read or a write, as the kernel is asked for it. */
export interface WantedEnd {
  readonly fd: number
  readonly end: PipeEnd
}

/** Those of a process's own streams that its thread can use; nobody else has the inner ends. */
export type OwnStreams = Partial<StandardStreams>

const pipeOf = ({ handle }: OpenFile): ArenaPipe | undefined =>
  handle?.pipe?.buffer instanceof ArenaPipe ? handle.pipe.buffer : undefined

/** Nothing is left to do but what the kernel says: the end, or EPIPE. */
const isOver = (pipe: ArenaPipe, end: PipeEnd): boolean =>
  (end === 'read' ? pipe.available() : pipe.room()) < 0

/** The ends of pipes that one process uses on its own thread, as its kernel knows them. */
export class Lender {
  readonly #fds: FdTable
  readonly #slot: number
  readonly #own: ReadonlyMap<object, number>
  /** With what is to be done when it is back. */
  readonly #lent = new Map<OpenFile, () => void>()

  /**
   * @param slot - where the process sits.
   * @param own - the streams of that seat, as its kernel has them.
   */
  constructor(fds: FdTable, slot: number, own: OwnStreams = {}) {
    this.#fds = fds
    this.#slot = slot
    const names = Object.entries(own) as [keyof StandardStreams, object][] // what such a record has
    this.#own = new Map(names.map(([name, stream]) => [stream, OWN[name]]))
  }

  /**
   * What the process asks for although it has the end, it cannot do alone: the kernel has it back.
   *
   * A device that keeps nothing is not lent: whoever has it open may use it alone.
   *
   * @returns the pipe or the stream that it has from now on, or such a device; undefined: the kernel makes the call.
   */
  lend({ fd, end }: WantedEnd): number | undefined {
    const found = this.#fds.get(fd)
    if (!found.ok || this.#takeBack(found.value)) return undefined
    const file = found.value
    const plain = file.handle?.plain
    if (plain !== undefined) return file.access[end] ? PLAIN[plain] : undefined
    if (file.shared || file.nonblock || !file.access[end]) return undefined
    return this.#lendPipe(file, end) ?? this.#lendStream(file)
  }

  #lendPipe(file: OpenFile, end: PipeEnd): number | undefined {
    const pipe = pipeOf(file)
    if (pipe === undefined || file.handle?.pipe?.end !== end || isOver(pipe, end)) return undefined
    pipe.lend(end, this.#slot)
    this.#note(file, () => pipe.takeBack(end))
    return pipe.index
  }

  /** Its rings are the seat's: whoever uses an end alone is its one reader, or its one writer. */
  #lendStream(file: OpenFile): number | undefined {
    const stream = file.handle?.stream
    const own = stream && this.#own.get(stream)
    if (own !== undefined) this.#note(file, () => {})
    return own
  }

  #note(file: OpenFile, back: () => void): void {
    file.lent = true
    this.#lent.set(file, back)
  }

  #takeBack(file: OpenFile): boolean {
    const back = this.#lent.get(file)
    if (back === undefined) return false
    this.#lent.delete(file)
    file.lent = false
    back()
    return true
  }

  /** The process has forgotten them all, or is no more. */
  takeAllBack(): void {
    for (const file of this.#lent.keys()) this.#takeBack(file)
  }
}

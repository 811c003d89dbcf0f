import type { OpenFile } from '../kernel/mount/open-file.ts'
import type { FdTable } from '../kernel/process/fd-table.ts'
import type { PipeEnd } from '../kernel/process/pipe-buffer.ts'
import { PLAIN } from './kernel-requests.ts'
import { ArenaPipe } from './pipe-arena.ts'

/** A read or a write, as the kernel is asked for it. */
export interface WantedEnd {
  readonly fd: number
  readonly end: PipeEnd
}

interface LentEnd {
  readonly file: OpenFile
  readonly pipe: ArenaPipe
  readonly end: PipeEnd
}

const pipeOf = ({ handle }: OpenFile): ArenaPipe | undefined =>
  handle?.pipe?.buffer instanceof ArenaPipe ? handle.pipe.buffer : undefined

/** Nothing is left to do but what the kernel says: the end, or EPIPE. */
const isOver = (pipe: ArenaPipe, end: PipeEnd): boolean =>
  (end === 'read' ? pipe.available() : pipe.room()) < 0

/** The ends of pipes that one process uses on its own thread, as its kernel knows them. */
export class Lender {
  readonly #fds: FdTable
  readonly #slot: number
  readonly #lent = new Map<OpenFile, LentEnd>()

  /** @param slot - where the process sits. */
  constructor(fds: FdTable, slot: number) {
    this.#fds = fds
    this.#slot = slot
  }

  /**
   * What the process asks for although it has the end, it cannot do alone: the kernel has it back.
   *
   * A device that keeps nothing is not lent: whoever has it open may use it alone.
   *
   * @returns the pipe that it has from now on, or such a device; undefined: the kernel makes the call.
   */
  lend({ fd, end }: WantedEnd): number | undefined {
    const found = this.#fds.get(fd)
    if (!found.ok || this.#takeBack(found.value)) return undefined
    const file = found.value
    const plain = file.handle?.plain
    if (plain !== undefined) return file.access[end] ? PLAIN[plain] : undefined
    const pipe = pipeOf(file)
    const fits = file.handle?.pipe?.end === end && !file.shared && !file.nonblock
    if (pipe === undefined || !fits || isOver(pipe, end)) return undefined
    pipe.lend(end, this.#slot)
    file.lent = true
    this.#lent.set(file, { file, pipe, end })
    return pipe.index
  }

  #takeBack(file: OpenFile): boolean {
    const lent = this.#lent.get(file)
    if (lent === undefined) return false
    this.#lent.delete(file)
    file.lent = false
    lent.pipe.takeBack(lent.end)
    return true
  }

  /** The process has forgotten them all, or is no more. */
  takeAllBack(): void {
    for (const file of this.#lent.keys()) this.#takeBack(file)
  }
}

import type { ProcessRow } from '../../contract/cell.ts'
import type { ProcessAnswer } from './verbs.ts'

export interface RowNumbersParts {
  /** The host's number for what a call has started. */
  pidOf(call: number): number | undefined
  /** A number for one that the host has not started. */
  nextPid(): number
}

/**
 * The processes of one container under their host's numbers. One that a process of the container has
 * started gets its number when it is first seen, and keeps it: a cell uses no number twice.
 */
export class RowNumbers {
  readonly #parts: RowNumbersParts
  /** By the cell's number. */
  #known: ReadonlyMap<number, number> = new Map()

  constructor(parts: RowNumbersParts) {
    this.#parts = parts
  }

  translated(rows: readonly ProcessAnswer[]): readonly ProcessRow[] {
    const { pidOf, nextPid } = this.#parts
    const numbers = new Map(
      rows.map(({ call, pid }) => {
        const started = call === null ? undefined : pidOf(call)
        return [pid, started ?? this.#known.get(pid) ?? nextPid()]
      }),
    )
    this.#known = numbers
    return rows.map(({ call: _, ...row }) => ({
      ...row,
      pid: numbers.get(row.pid) ?? 0,
      parentPid: numbers.get(row.parentPid) ?? 0,
    }))
  }
}

import type { Connection } from './connection.ts'
import type { Arguments } from './verbs.ts'

type Told = {
  readonly [V in 'signal' | 'resize']: Omit<Arguments<V>, 'run'>
}

/** A size that comes again and again before there is a process is one; more signals are none. */
const MOST_KEPT = 64

/** What a process of a child cell is told without an answer: in order, also before it is there. */
export class Telling {
  #kept: ((cell: Connection, run: number) => void)[] = []
  #place: { readonly cell: Connection; readonly run: number } | undefined
  #ended = false

  tell<V extends keyof Told>(verb: V, told: Told[V]): void {
    if (this.#ended) return
    const send = (cell: Connection, run: number): void => {
      // What the verb takes, with the process it is for.
      const args = { ...told, run } as unknown as Arguments<V>
      cell.call(verb, args).answer.catch(() => undefined)
    }
    if (this.#place !== undefined) send(this.#place.cell, this.#place.run)
    else if (this.#kept.length < MOST_KEPT) this.#kept.push(send)
  }

  /** It is there, behind its start in the same channel. */
  begin(cell: Connection, run: number): void {
    this.#place = { cell, run }
    const kept = this.#kept
    this.#kept = []
    for (const send of kept) send(cell, run)
  }

  end(): void {
    this.#ended = true
    this.#kept = []
  }
}

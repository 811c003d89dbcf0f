import { CHARACTER } from '../../contract/termios.ts'
import type { LineDiscipline } from './line-discipline.ts'

const MS_PER_TENTH = 100

/**
 * When a read of a terminal is over, and what it gives: a line, or as many bytes as VMIN and VTIME say.
 *
 * @source termios(3), "Canonical and noncanonical mode"
 */
export class TerminalReads {
  readonly #discipline: LineDiscipline
  readonly #now: () => number
  /** ms; of the last byte. */
  #arrivedAt = 0
  /** Of a read that waits for its first byte no longer than VTIME. */
  #givesUpAt: number | undefined

  constructor(discipline: LineDiscipline, now: () => number) {
    this.#discipline = discipline
    this.#now = now
  }

  /** A byte came. */
  arrived(): void {
    if (this.#timeout > 0) this.#arrivedAt = this.#now()
  }

  get #minimum(): number {
    return this.#discipline.settings.characters[CHARACTER.VMIN] ?? 0
  }

  get #timeout(): number {
    return (this.#discipline.settings.characters[CHARACTER.VTIME] ?? 0) * MS_PER_TENTH
  }

  /** Undefined: not yet. 0: there is nothing, now or any more. */
  read(into: Uint8Array, ended: boolean): number | undefined {
    if (!this.ready(into.length, ended)) {
      this.#waits()
      return undefined
    }
    this.#givesUpAt = undefined
    const { buffer, canonical } = this.#discipline
    if (!canonical) return buffer.read(into)
    return buffer.hasLine ? buffer.readLine(into) : 0
  }

  #waits(): void {
    const { buffer, canonical } = this.#discipline
    const isTimed = !canonical && this.#minimum === 0 && this.#timeout > 0 && buffer.length === 0
    this.#givesUpAt = isTimed ? (this.#givesUpAt ?? this.#now() + this.#timeout) : undefined
  }

  /** Whether a read of so many bytes would not wait. */
  ready(wanted: number, ended: boolean): boolean {
    const { buffer, canonical } = this.#discipline
    if (ended) return true
    if (canonical) return buffer.hasLine
    if (buffer.length === 0) return this.#minimum === 0 && this.#isLate(this.#givesUpAt)
    if (this.#minimum === 0 || buffer.length >= Math.min(this.#minimum, wanted)) return true
    return this.#timeout > 0 && this.#now() >= this.#arrivedAt + this.#timeout
  }

  /** Without VTIME there is nothing to wait for. */
  #isLate(givesUpAt: number | undefined): boolean {
    if (this.#timeout === 0) return true
    return givesUpAt !== undefined && this.#now() >= givesUpAt
  }

  /** Until when a read that waits does so at most. */
  get deadline(): number {
    const { buffer, canonical } = this.#discipline
    if (canonical || this.#timeout === 0) return Number.POSITIVE_INFINITY
    if (buffer.length > 0) return this.#arrivedAt + this.#timeout
    return this.#givesUpAt ?? Number.POSITIVE_INFINITY
  }

  /** Bytes for a poll; undefined: a read would wait, or there is less than VMIN. */
  polled(): number | undefined {
    const { buffer, canonical } = this.#discipline
    if (canonical) return buffer.hasLine ? buffer.lineLength : undefined
    const least = this.#timeout === 0 ? Math.max(1, this.#minimum) : 1
    return buffer.length >= least ? buffer.length : undefined
  }
}

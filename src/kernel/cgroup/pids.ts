import type { Ledger } from './ledger.ts'

/** The processes of one container. */
export class PidsController {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** False: there are as many as there may be (EAGAIN). */
  join(): boolean {
    return this.#ledger.charge('pids', 1)
  }

  leave(): void {
    this.#ledger.release('pids', 1)
  }

  /** pids.events: how often a process could not be made. */
  get events(): Readonly<Record<string, number>> {
    return { max: this.#ledger.refusals('pids') }
  }
}

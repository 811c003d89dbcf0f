import type { SlotState } from '../contract/cell.ts'

/**
 * Whether a process whose PAUSE flag is up runs no guest code any more. One that waits goes from its
 * wait to its pause: it says `running` before it looks at its flags, so whoever reads `blocked` after
 * the flag was put up knows that it will be seen. Without a thread there is nothing that runs.
 *
 * @source runtime reference, 6.10
 */
export const standsStill = (state: SlotState | undefined): boolean =>
  state === undefined || state === 'paused' || state === 'blocked'

/** Whether a process is to stand still, and who waits until it does. */
export class Pause {
  #wanted = false
  #still: (() => void)[] = []

  get wanted(): boolean {
    return this.#wanted
  }

  /** Settles at `still` or `end`. */
  begin(): Promise<void> {
    this.#wanted = true
    return new Promise((resolve) => this.#still.push(resolve))
  }

  /** It stands still, or is no more. */
  still(): void {
    const waiting = this.#still
    this.#still = []
    for (const resolve of waiting) resolve()
  }

  end(): void {
    this.#wanted = false
    this.still()
  }
}

import type { TakenSignals } from './signal-port.ts'

/** Calls the guest with the number of a signal. */
export type SignalHandler = (signal: number) => void

/** The signals that wait for a guest's handler, and the handler. One runs at a time, between two calls. */
export class SignalHandlers {
  /** By the name of an export; undefined: the guest has none of that name. */
  find: (name: string) => SignalHandler | undefined = () => undefined
  #handler: SignalHandler | undefined
  #pending: number[] = []
  #interrupts = false
  #running = false

  /** False: there is no export of that name, and the guest has no handler now. Empty: none is wanted. */
  set(name: string): boolean {
    this.#handler = name === '' ? undefined : this.find(name)
    return name === '' || this.#handler !== undefined
  }

  /** The program is another one. */
  forget(): void {
    this.#handler = undefined
    this.#pending = []
    this.#interrupts = false
    this.#running = false
  }

  take({ signals, interrupts }: TakenSignals): void {
    this.#pending.push(...signals)
    this.#interrupts ||= interrupts
  }

  /** There is something to run, and nothing runs. */
  get ready(): boolean {
    return !this.#running && this.#pending.length > 0
  }

  /**
   * Runs the handler for all that is pending, unless it runs already.
   *
   * @returns whether a wait that was going on is to be given up.
   */
  run(): boolean {
    if (!this.ready) return false
    const interrupts = this.#interrupts
    this.#interrupts = false
    this.#running = true
    for (;;) {
      const signal = this.#pending.shift()
      if (signal === undefined) break
      this.#handler?.(signal)
    }
    this.#running = false
    return interrupts
  }
}

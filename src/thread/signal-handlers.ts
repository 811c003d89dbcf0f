import type { TakenSignals } from './signal-port.ts'

/** Calls the guest with the number of a signal. */
export type SignalHandler = (signal: number) => void

/** The signals that wait for a guest's handler, and the handler. One runs at a time, between two calls. */
export class SignalHandlers {
  /** By the name of an export; undefined: the guest has none of that name. */
  find: (name: string) => SignalHandler | undefined = () => undefined
  /** Whose handler is gone: the kernel does what is to be done about it now. */
  unhandled: SignalHandler = () => {}
  #handler: SignalHandler | undefined
  #pending: number[] = []
  #interrupts = false
  #running = false

  /** False: there is no export of that name, and the guest has no handler now. Empty: none is wanted. */
  set(name: string): boolean {
    this.#handler = name === '' ? undefined : this.find(name)
    return name === '' || this.#handler !== undefined
  }

  /** The program is another one: what waits for the handler of the last one goes on waiting. */
  forget(): void {
    this.#handler = undefined
    this.#interrupts = false
    this.#running = false
  }

  /**
   * Another program begins, which has no handler yet: gives back what waited for that of the last one.
   *
   * @source execve(2): pending signals stay pending; signals that were handled have their default action
   */
  giveBack(): void {
    const pending = this.#pending
    this.#pending = []
    for (const signal of pending) this.unhandled(signal)
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

import type { ProcessThread } from '../kernel/process/process.ts'
import type { SignalPort } from './guest-ports.ts'

/** The thread of a process beside PID 1, as the kernel sees it from another one. */
export class MemberThread implements ProcessThread {
  /** While a call of it waits. */
  sleeping = false
  readonly #signals: SignalPort
  #charged = 0

  constructor(signals: SignalPort) {
    this.#signals = signals
  }

  charge(units: number): void {
    this.#charged += units
  }

  /** Units of fuel that calls have cost since the last time. */
  takeCharged(): number {
    const units = this.#charged
    this.#charged = 0
    return units
  }

  /** Its own thread ends it. */
  exit(): void {}

  handle(signal: number, interrupts: boolean): void {
    this.#signals.handle(signal, interrupts)
  }

  end(signal: number): void {
    this.#signals.end(signal)
  }

  stop(): void {
    this.#signals.stop()
  }

  resume(): void {
    this.#signals.resume()
  }
}

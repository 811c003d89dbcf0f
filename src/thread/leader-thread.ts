import type { ProcessThread } from '../kernel/process/process.ts'
import type { InitThread } from './init-thread.ts'
import type { SignalPort } from './signal-port.ts'

/** What the cell knows PID 1 by. */
export const INIT = 0
const US_PER_MS = 1_000

/**
 * The thread of PID 1, as the kernel sees it, which is on it too. A class: V8 gives every literal that has a
 * getter a shape of its own, which keeps what the getter sees; so a short job's container outlived it.
 */
export class LeaderThread implements ProcessThread {
  readonly number = INIT
  readonly #thread: InitThread
  readonly #signals: SignalPort
  readonly #frozen: boolean

  /** @param frozen - of its time nothing is told. */
  constructor(thread: InitThread, signals: SignalPort, frozen: boolean) {
    this.#thread = thread
    this.#signals = signals
    this.#frozen = frozen
  }

  get sleeping(): boolean {
    return this.#thread.sleeping
  }

  cpuMs(): number {
    if (this.#frozen) return 0
    const { userUs, systemUs } = this.#thread.cpu.used(performance.now())
    return (userUs + systemUs) / US_PER_MS
  }

  memory(): number {
    return this.#thread.held
  }

  charge(units: number): void {
    this.#thread.charge(units)
  }

  look(): void {
    this.#thread.look()
  }

  exit(status: number): void {
    this.#thread.exit(status)
  }

  become(): void {
    this.#thread.become()
  }

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

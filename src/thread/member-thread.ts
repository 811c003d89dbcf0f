import type { ProcessThread } from '../kernel/process/process.ts'
import type { SignalPort } from './signal-port.ts'

type Told = (signals: SignalPort) => void

/** The thread of a process beside PID 1, as the kernel sees it from another one. */
export class MemberThread implements ProcessThread {
  /** While a call of it waits. */
  sleeping = false
  /** It goes on as another program, and has not been told so yet. */
  becoming = false
  #signals: SignalPort | undefined
  /** What it was told before it had a worker. */
  #early: Told[] = []
  #charged = 0

  /** @param signals - undefined: it has no worker yet. */
  constructor(signals?: SignalPort) {
    this.#signals = signals
  }

  /** It has one. */
  bind(signals: SignalPort): void {
    this.#signals = signals
    for (const tell of this.#early) tell(signals)
    this.#early = []
  }

  #tell(tell: Told): void {
    if (this.#signals === undefined) this.#early.push(tell)
    else tell(this.#signals)
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

  /** The call that waits for it is answered with it. */
  become(): void {
    this.becoming = true
  }

  handle(signal: number, interrupts: boolean): void {
    this.#tell((signals) => signals.handle(signal, interrupts))
  }

  end(signal: number): void {
    this.#tell((signals) => signals.end(signal))
  }

  stop(): void {
    this.#tell((signals) => signals.stop())
  }

  resume(): void {
    this.#tell((signals) => signals.resume())
  }
}

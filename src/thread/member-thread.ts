import type { ProcessThread } from '../kernel/process/process.ts'
import type { SignalPort } from './signal-port.ts'

type Told = (signals: SignalPort) => void

/** What a kernel has of it once it has a worker. */
export interface MemberWorker {
  readonly signals: SignalPort
  /** Milliseconds of CPU that it has told of. */
  readonly cpuMs: () => number
}

/** The thread of a process beside PID 1, as the kernel sees it from another one. */
export class MemberThread implements ProcessThread {
  /** What the cell knows it by, once it has a worker. */
  number: number | undefined
  /** While a call of it waits. */
  sleeping = false
  /** It goes on as another program, and has not been told so yet. */
  becoming = false
  /** Bytes of linear memory it holds. */
  held = 0
  readonly #look: () => void
  #worker: MemberWorker | undefined
  #cpuMs = 0
  /** What it was told before it had a worker. */
  #early: Told[] = []
  #charged = 0

  /**
   * @param look - leaves what the kernel does by a trap when its container must end.
   * @param worker - undefined: it has none yet.
   */
  constructor(look: () => void, worker?: MemberWorker) {
    this.#look = look
    this.#worker = worker
  }

  /** It has one. */
  bind(worker: MemberWorker): void {
    this.#worker = worker
    for (const tell of this.#early) tell(worker.signals)
    this.#early = []
  }

  /** It never falls, whoever has its slot by now. */
  cpuMs(): number {
    this.#cpuMs = Math.max(this.#cpuMs, this.#worker?.cpuMs() ?? 0)
    return this.#cpuMs
  }

  /** It has ended. */
  spent(cpuMs: number): void {
    this.#cpuMs = Math.max(this.cpuMs(), cpuMs)
  }

  memory(): number {
    return this.held
  }

  #tell(tell: Told): void {
    if (this.#worker === undefined) this.#early.push(tell)
    else tell(this.#worker.signals)
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

  /** Its own thread sees its own end. */
  look(): void {
    this.#look()
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

/** ns. What a process is sent a signal by. */
export interface TimerSetting {
  /** Until the next signal; 0: there is no timer. */
  readonly first: bigint
  /** Between one signal and the next; 0: it comes once. */
  readonly interval: bigint
}

export interface IntervalTimersParts<P> {
  /** ns of a clock that does not jump. */
  now(): bigint
  raise(process: P, signal: number): void
}

interface Armed<P> {
  readonly process: P
  readonly signal: number
  /** ns of `now`. */
  at: bigint
  readonly interval: bigint
}

const OFF: TimerSetting = { first: 0n, interval: 0n }
/**
 * ns. A timer that comes again does so no faster: each time wakes the kernel, and a signal that waits is not
 * sent twice.
 */
const LEAST_INTERVAL = 1_000_000n
const NS_PER_MS = 1e6

/**
 * The timers of a container's processes: one for each process and signal. Whoever serves the kernel's thread
 * asks when the next is due, and lets those that are due send.
 *
 * @source setitimer(2), ITIMER_REAL
 */
export class IntervalTimers<P> {
  readonly #parts: IntervalTimersParts<P>
  /** Few at any time: who has one is found by looking. */
  #armed: readonly Armed<P>[] = []
  #next: bigint | undefined

  constructor(parts: IntervalTimersParts<P>) {
    this.#parts = parts
  }

  /** What is left of the timer of `process` that sends `signal`. */
  get(process: P, signal: number): TimerSetting {
    const armed = this.#armed.find((one) => one.process === process && one.signal === signal)
    if (armed === undefined) return OFF
    const left = armed.at - this.#parts.now()
    // One that is due and has not sent yet is still there.
    return { first: left > 0n ? left : 1n, interval: armed.interval }
  }

  /** Sets it anew, or takes it away. @returns what was left of the one before. */
  set(process: P, signal: number, { first, interval }: TimerSetting): TimerSetting {
    const before = this.get(process, signal)
    const others = this.#armed.filter((one) => one.process !== process || one.signal !== signal)
    const at = this.#parts.now() + first
    const every = interval > 0n && interval < LEAST_INTERVAL ? LEAST_INTERVAL : interval
    this.#arm(first === 0n ? others : [...others, { process, signal, at, interval: every }])
    return before
  }

  #arm(armed: readonly Armed<P>[]): void {
    this.#armed = armed
    this.#next = undefined
    for (const { at } of armed) {
      if (this.#next === undefined || at < this.#next) this.#next = at
    }
  }

  /** It has ended. */
  forget(process: P): void {
    if (this.#next !== undefined) this.#arm(this.#armed.filter((one) => one.process !== process))
  }

  /** ns of `now`: when one is due; undefined: there is none. */
  get next(): bigint | undefined {
    return this.#next
  }

  /** ms until then; Infinity: there is none. */
  get left(): number {
    if (this.#next === undefined) return Number.POSITIVE_INFINITY
    return Math.max(0, Number(this.#next - this.#parts.now()) / NS_PER_MS)
  }

  /** All that are due send, each once: what was missed is not made up for. */
  fire(): void {
    if (this.#next === undefined) return
    const now = this.#parts.now()
    if (this.#next > now) return
    const due = this.#armed.filter(({ at }) => at <= now)
    for (const one of due) {
      if (one.interval > 0n) one.at += one.interval * (1n + (now - one.at) / one.interval)
    }
    this.#arm(this.#armed.filter(({ at }) => at > now))
    for (const { process, signal } of due) this.#parts.raise(process, signal)
  }
}

import { randoms } from '../programs/pipe-part.ts'

/** Something that happens by itself, whenever it can. */
export interface Actor {
  /** It would do something now. */
  ready(): boolean
  act(): void
}

interface Timer {
  readonly at: number
  readonly then: () => void
}

/** Milliseconds that a step may take. */
const LONGEST_STEP = 3
/** How much more often the quickest has its turn than the slowest. */
const SPEEDS = [1, 4, 16] as const

/**
 * Which of all that could happen next happens next: the seed says it. What one sends another comes in its
 * order, some time later; everybody has a speed, so that now and then somebody is left behind far.
 */
export class Schedule {
  readonly random: (below: number) => number
  readonly #actors = new Map<Actor, number>()
  #timers: Timer[] = []
  now = 1_000

  constructor(seed: number) {
    this.random = randoms(seed)
  }

  chance(one: number): boolean {
    return this.random(one) === 0
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.random(Math.max(1, list.length))]
  }

  /** Has its turn from now on. */
  add(actor: Actor): void {
    this.#actors.set(actor, this.pick(SPEEDS) ?? 1)
  }

  remove(actor: Actor): void {
    this.#actors.delete(actor)
  }

  /** Messages on their way: they arrive one after another. */
  lane(): (arrive: () => void) => void {
    const waiting: (() => void)[] = []
    this.add({ ready: () => waiting.length > 0, act: () => waiting.shift()?.() })
    return (arrive) => void waiting.push(arrive)
  }

  /** Answers what takes it back. */
  after(ms: number, then: () => void): () => void {
    const timer = { at: this.now + ms, then }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  #due(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    )
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((one) => one !== timer)
    this.now = Math.max(this.now, timer.at)
    timer.then()
  }

  /** False: nothing can happen any more. */
  step(): boolean {
    const ready = [...this.#actors].filter(([actor]) => actor.ready())
    const due = this.#due()
    if (due !== undefined && (ready.length === 0 || due.at <= this.now)) {
      this.#fire(due)
      return true
    }
    this.now += this.random(LONGEST_STEP)
    let left = this.random(
      Math.max(
        1,
        ready.reduce((sum, [, speed]) => sum + speed, 0),
      ),
    )
    for (const [actor, speed] of ready) {
      left -= speed
      if (left >= 0) continue
      actor.act()
      return true
    }
    return false
  }
}

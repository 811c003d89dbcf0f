import { SIGKILL } from '../../../src/contract/signals.ts'

/** A process of a simulated container, from its kernel's first word of it to its last. */
interface Life {
  readonly pid: number
  /** Of whom it was born. */
  readonly parent: number
  killed: boolean
  /** wait(2)'s word for how its thread left it. */
  status: number | undefined
  told: boolean
}

/** PID 1. */
const INIT = 1
const CODE_SHIFT = 8
export const statusOf = (code: number): number => code << CODE_SHIFT

/** What has happened in all containers together. */
export const counters = () => ({
  spawned: 0,
  refused: 0,
  waited: 0,
  killed: 0,
  replaced: 0,
  cutShort: 0,
  terminated: 0,
  paused: 0,
})
export type Counters = ReturnType<typeof counters>

/** What is true of a container's processes, as the test saw it happen. */
export class World {
  readonly id: string
  readonly wrong: string[] = []
  readonly counted: Counters
  #lastName = 0
  /** By the name that each of them gives its children. */
  readonly #lives = new Map<string, Life>()
  readonly #names = new Map<number, string>()
  constructor(id: string, counted: Counters) {
    this.id = id
    this.counted = counted
  }

  /** What its kernel still had when it was over. */
  left(living: number): void {
    if (living > 0) this.accuse(`${living} live on without a kernel`)
  }

  nextName(): string {
    this.#lastName += 1
    return `${this.id}/${this.#lastName}`
  }

  pidOf(name: string): number {
    return this.#lives.get(name)?.pid ?? 0
  }

  accuse(what: string): void {
    this.wrong.push(what)
  }

  /** Its kernel has ordered a worker for it. */
  born(name: string, pid: number, parent: number): void {
    if (this.#lives.has(name)) this.accuse(`${name} was born twice`)
    this.#names.set(pid, name)
    this.#lives.set(name, { pid, parent, killed: false, status: undefined, told: false })
  }

  /** Its parent was told its number. */
  spawned(name: string, pid: number): void {
    this.counted.spawned += 1
    if (this.#lives.get(name)?.pid !== pid) this.accuse(`${name} is not ${pid}`)
  }

  /** It is sent KILL. */
  kill(pid: number): void {
    this.counted.killed += 1
    const life = this.#lives.get(this.#names.get(pid) ?? '')
    if (life !== undefined) life.killed = true
  }

  /** Its thread has left it. @param bySignal - because another process wanted it. */
  ended(name: string, status: number, bySignal: boolean): void {
    const life = this.#lives.get(name)
    if (life === undefined) {
      this.accuse(`${name} ended and never was`)
      return
    }
    if (life.status !== undefined) this.accuse(`${name} ended twice`)
    if (bySignal && !life.killed) this.accuse(`nobody has killed ${name}`)
    life.status = status
  }

  /** A parent, or PID 1 for an orphan, was told of an end. */
  waited(parent: number, pid: number, status: number): void {
    this.counted.waited += 1
    const life = this.#lives.get(this.#names.get(pid) ?? '')
    if (life === undefined || life.told) {
      this.accuse(`${parent} was told of ${pid}, of which there is nothing to tell`)
      return
    }
    life.told = true
    if (life.parent !== parent && parent !== INIT) this.accuse(`${pid} is no child of ${parent}`)
    // One that was ended by force could not say so itself.
    const byForce = life.status === undefined && status === SIGKILL
    if (life.status !== status && !byForce) {
      this.accuse(`${pid} ended with ${life.status}, and ${parent} was told ${status}`)
    }
  }
}

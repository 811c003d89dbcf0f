import { BULKHEAD } from '../../../src/abi/bulkhead/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { SIGKILL } from '../../../src/contract/signals.ts'
import { type Calls, REPLACED } from './calls.ts'
import type { Schedule } from './schedule.ts'
import { statusOf, type World } from './world.ts'

/** Where in its memory. */
const AT = { PID: 16, WAITED: 32, REQUEST: 128 } as const
const NO_HANG = 1
const ANY = -1
const PROGRAM = '/bin/prog'
const CODES = 100
/** Words of a request: version, INHERIT, no group, one argument, and nothing more. */
const HEADER = [1, 1, 0, 1, 0, 0, 0, 0]

export interface GuestParts {
  readonly name: string
  readonly pid: () => number
  readonly calls: Calls
  readonly schedule: Schedule
  readonly world: World
  /** How much it does. */
  readonly acts: number
  /** PID 1, which becomes no other program, and ends when it has no children any more. */
  readonly isInit: boolean
  /** Numbers in use. */
  readonly pids: () => readonly number[]
}

/** A process that starts others, waits for them, kills some, becomes another, and ends. */
export class Guest {
  readonly #parts: GuestParts
  readonly #acts: readonly (() => void)[]
  #left: number
  #isAlone = false
  /** What becomes of the answer; undefined: no call is under way. */
  #then: ((errno: Errno | typeof REPLACED) => void) | undefined
  /** It goes on as another program. */
  replaced = false
  status: number | undefined

  constructor(parts: GuestParts) {
    this.#parts = parts
    this.#left = parts.acts
    const wait = (): void => this.#wait(0)
    const look = (): void => this.#wait(NO_HANG)
    const spawn = (): void => this.#spawn()
    const kill = (): void => this.#kill()
    this.#acts = [spawn, spawn, spawn, wait, look, kill, kill]
    if (!parts.isInit) this.#acts = [...this.#acts, () => this.#exec()]
  }

  get ready(): boolean {
    return this.#then === undefined || this.#parts.calls.ready
  }

  act(): void {
    if (this.#then === undefined) {
      this.#begin()
      return
    }
    const answer = this.#parts.calls.take()
    if (answer === undefined) return
    const then = this.#then
    this.#then = undefined
    then(answer)
  }

  #begin(): void {
    const { isInit, schedule } = this.#parts
    this.#left -= 1
    if (this.#left >= 0) schedule.pick(this.#acts)?.()
    else if (isInit && !this.#isAlone) this.#wait(0)
    else this.status = statusOf(schedule.random(CODES))
  }

  #request(name: string): number {
    const { calls } = this.#parts
    for (const [index, word] of HEADER.entries()) {
      calls.view.setUint32(AT.REQUEST + index * 4, word, true)
    }
    const texts = new TextEncoder().encode(`${PROGRAM}\0${name}\0`)
    calls.bytes.set(texts, AT.REQUEST + HEADER.length * 4)
    return HEADER.length * 4 + texts.length
  }

  #spawn(): void {
    const { calls, world } = this.#parts
    const name = world.nextName()
    calls.begin(BULKHEAD.proc_spawn, [AT.REQUEST, this.#request(name), AT.PID])
    this.#then = (errno) => {
      if (errno === Errno.AGAIN) world.counted.refused += 1
      else if (errno !== Errno.SUCCESS) world.accuse(`spawn answers ${errno}`)
      else world.spawned(name, calls.view.getUint32(AT.PID, true))
    }
  }

  #wait(options: number): void {
    const { calls, pid, world } = this.#parts
    calls.begin(BULKHEAD.proc_wait, [ANY, options, AT.WAITED])
    this.#then = (errno) => {
      this.#isAlone = errno === Errno.CHILD
      if (this.#isAlone) return
      if (errno !== Errno.SUCCESS) world.accuse(`wait answers ${errno}`)
      const child = calls.view.getInt32(AT.WAITED, true)
      if (child !== 0) world.waited(pid(), child, calls.view.getInt32(AT.WAITED + 4, true))
      else if (options === 0) world.accuse('a wait that tells of nobody')
    }
  }

  #kill(): void {
    const { calls, pids, schedule, world } = this.#parts
    const victim = schedule.pick(pids().filter((pid) => pid !== 1))
    if (victim === undefined) return
    // Now: it may be gone before its sender hears of it.
    world.kill(victim)
    calls.begin(BULKHEAD.proc_kill, [victim, SIGKILL])
    this.#then = (errno) => {
      if (errno !== Errno.SUCCESS && errno !== Errno.SRCH) world.accuse(`kill answers ${errno}`)
    }
  }

  #exec(): void {
    const { calls, name, world } = this.#parts
    calls.begin(BULKHEAD.proc_exec, [AT.REQUEST, this.#request(name)])
    this.#then = (answer) => {
      if (answer !== REPLACED) world.accuse(`exec answers ${answer}`)
      else {
        world.counted.replaced += 1
        this.replaced = true
      }
    }
  }
}

import { describe, expect, it } from 'vitest'
import { Errno } from '../../../src/contract/errno.ts'
import { fail, type Result } from '../../../src/contract/result.ts'
import type { Process } from '../../../src/kernel/process/process.ts'
import { type Spawning, type SpawnRequest, spawn } from '../../../src/kernel/process/spawn.ts'
import { Launches, type Seated } from '../../../src/thread/launches.ts'
import type { OrderAnswer, PlainOrder } from '../../../src/thread/order.ts'
import { must } from '../../support/errno.ts'
import { fileEntry } from '../../support/process.ts'
import { containerOf, ended, WASM } from '../../support/process-tree.ts'

const REQUEST: SpawnRequest = {
  program: '/bin/prog',
  search: undefined,
  args: ['prog'],
  environment: undefined,
  files: [],
  signals: [],
  group: undefined,
  session: false,
}
const ANY_ENDED = { noHang: true, stopped: false, continued: false }
const PIDS = 8
const STEPS = 2_000
const SEEDS = [1, 7, 42, 99, 1_234, 77_777]

/** Numbers below a bound, the same for the same seed. */
function randoms(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** What a process waits for in its kernel. */
interface Waiting {
  readonly parent: Process
  readonly spawning: Spawning
}

/**
 * A container whose processes spawn at once, and a cell that answers their orders late, in any order, and
 * asks for bytes in between, while any of them may be ended.
 */
class Stage {
  readonly #random: (below: number) => number
  readonly #all = containerOf({ files: [fileEntry('/bin/prog', WASM, 0o755)], pids: PIDS })
  readonly #open: PlainOrder[] = []
  readonly #launches: Launches
  readonly #waiting: Waiting[] = []
  readonly seated: Seated[] = []
  readonly counted = { spawned: 0, refused: 0, full: 0, late: 0, bytes: 0, begun: 0 }
  #member = 0
  readonly #before: unknown

  constructor(seed: number) {
    this.#random = randoms(seed)
    this.#launches = new Launches({
      send: (order) => void this.#open.push(order),
      numberOf: () => 0,
      pipes: undefined,
      look: () => {},
      frozen: true,
    })
    this.#all.namespace.launcher = this.#launches
    this.#all.init.native = true
    this.#before = this.#held()
  }

  #held(): unknown {
    return this.#all.ledger.held()
  }

  #one<T>(list: readonly T[]): T | undefined {
    return list[this.#random(Math.max(1, list.length))]
  }

  /** Those that run, and are not in a spawn. */
  #free(): readonly Process[] {
    const busy = new Set(this.#waiting.map(({ parent }) => parent))
    const begun = this.seated.filter(({ begins }) => begins).map(({ process }) => process)
    return [this.#all.init, ...begun].filter((one) => one.ended === undefined && !busy.has(one))
  }

  spawn(): void {
    const parent = this.#one(this.#free())
    if (parent === undefined) return
    const spawning: Result<Spawning> = spawn(parent, REQUEST)
    if (spawning.ok) this.#waiting.push({ parent, spawning: spawning.value })
    else {
      expect(spawning).toEqual(fail(Errno.AGAIN))
      this.counted.full += 1
    }
  }

  /** The cell answers one of its orders, whichever. */
  answer(): void {
    const order = this.#one(this.#open)
    if (order === undefined) return
    this.#open.splice(this.#open.indexOf(order), 1)
    const asks = order.program.bytes === undefined && this.#random(3) === 0
    const answer = asks ? ({ ok: false, errno: 'bytes' } as const) : this.#answer()
    if (asks) this.counted.bytes += 1
    const seated = this.#launches.ordered(order.order, answer)
    // It is over with that order, unless it sends the bytes.
    if (!asks) expect(this.#launches.ordered(order.order, answer)).toBeUndefined()
    if (seated === undefined) {
      expect(answer.ok).toBe(false)
      return
    }
    this.seated.push(seated)
    this.counted.begun += 1
    // It was ended while it was on its way, and is told so as soon as it has a thread.
    if (seated.process.ended !== undefined) this.counted.late += 1
  }

  #answer(): OrderAnswer {
    if (this.#random(6) === 0) return { ok: false, errno: Errno.AGAIN }
    this.#member += 1
    const mailbox = new SharedArrayBuffer(8)
    return { ok: true, native: true, child: { member: this.#member, slot: 1, mailbox } }
  }

  /** Whoever waited for its child is told, once it is known what became of it. */
  resume(): void {
    for (const one of this.#waiting.splice(0)) {
      if (one.parent.ended !== undefined) continue
      const step = one.spawning.step()
      if (step.ok === 'blocked') this.#waiting.push(one)
      else if (step.ok) this.counted.spawned += 1
      else {
        expect(step.errno).toBe(Errno.AGAIN)
        this.counted.refused += 1
      }
    }
  }

  /** Anybody but PID 1, also one that has no thread yet. */
  kill(): void {
    const living = [...this.#all.namespace.processes.values()].filter(
      (one) => one.pid !== 1 && one.ended === undefined,
    )
    const victim = this.#one(living)
    if (victim !== undefined) this.#all.namespace.ended(victim, ended(137, 9))
  }

  /** PID 1 asks for those that have ended. */
  reap(): void {
    const { namespace, init } = this.#all
    for (;;) {
      const waited = namespace.wait(init, 'any', ANY_ENDED)
      if (waited.ok !== true || waited.value === undefined) return
    }
  }

  run(): void {
    const moves = [
      () => this.spawn(),
      () => this.spawn(),
      () => this.answer(),
      () => this.answer(),
      () => this.resume(),
      () => this.kill(),
      () => this.reap(),
    ]
    for (let step = 0; step < STEPS; step += 1) this.#one(moves)?.()
    while (this.#open.length > 0) this.answer()
    this.resume()
    expect(this.#waiting).toEqual([])
  }

  /** Everybody but PID 1 ends: what is left. */
  left(): unknown {
    const { namespace } = this.#all
    // The youngest first: whoever is left without a parent is PID 1's.
    for (const one of [...namespace.processes.values()].reverse()) {
      if (one.pid !== 1) namespace.ended(one, ended(0))
    }
    this.reap()
    expect([...namespace.processes.keys()]).toEqual([1])
    return { same: JSON.stringify(this.#held()) === JSON.stringify(this.#before) }
  }
}

describe('orders that are answered late and in any order, while processes are ended', () => {
  it.each(SEEDS)('leave nothing behind and nobody waiting: seed %i', (seed) => {
    const stage = new Stage(seed)
    stage.run()
    // Each kind of thing has happened.
    for (const [what, count] of Object.entries(stage.counted)) {
      expect(count, what).toBeGreaterThan(0)
    }
    expect(stage.left()).toEqual({ same: true })
  })
})

it('a container without a cell refuses to start processes', () => {
  const { namespace, init } = containerOf({ files: [fileEntry('/bin/prog', WASM, 0o755)] })
  const launches = new Launches({
    send: undefined,
    numberOf: () => 0,
    pipes: undefined,
    look: () => {},
    frozen: false,
  })
  namespace.launcher = launches
  expect(must(spawn(init, REQUEST)).step()).toEqual(fail(Errno.NOSYS))
  expect([...namespace.processes.keys()]).toEqual([1])
})

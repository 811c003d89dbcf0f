import { DrainTurns } from '../../../src/cell/drain-turns.ts'
import { Programs } from '../../../src/cell/programs.ts'
import { Roster } from '../../../src/cell/roster.ts'
import type { SeatTask } from '../../../src/cell/worker-seat.ts'
import type { CellJob, CellProcess } from '../../../src/contract/cell.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { GUEST } from '../../support/cell-jobs.ts'
import { Schedule } from './schedule.ts'
import type { SimulatedKernel } from './simulated-kernel.ts'
import { type OrderMutant, SimulatedSeat } from './simulated-seat.ts'
import { SimulatedThread } from './simulated-thread.ts'
import { type Counters, World } from './world.ts'

const SLOTS = 7
const CORES = 2
const CONTAINERS = 5
const KILL_GRACE_MS = 25
/** Until what is done to a container is done. */
const LATE_MS = 400
const MOST_STEPS = 100_000

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const quiet = (): void => {}

interface Container {
  readonly world: World
  kernel: SimulatedKernel | undefined
}

export interface Ending {
  readonly outcome: 'through' | 'stalled' | 'endless'
  readonly wrong: readonly string[]
}

/** A cell without threads: containers one beside the other, on fewer seats than they would like. */
export class Stage {
  readonly #schedule: Schedule
  readonly #mutant: OrderMutant
  readonly #counted: Counters
  readonly #host = HostBlock.create(SLOTS)
  readonly #roster: Roster
  readonly #containers = new Map<string, Container>()
  readonly #running = new Set<CellProcess>()
  readonly #wrong: string[] = []
  #left = CONTAINERS

  constructor(seed: number, mutant: OrderMutant, counted: Counters) {
    this.#schedule = new Schedule(seed)
    this.#mutant = mutant
    this.#counted = counted
    const schedule = this.#schedule
    const module = { digest: 'd', manifest: { imports: [] } } as unknown as SeatTask['module'] // nobody runs it
    const known = new Set<string>()
    const builder = schedule.lane()
    this.#roster = new Roster({
      slots: SLOTS,
      cores: CORES,
      killGraceMs: KILL_GRACE_MS,
      host: this.#host,
      start: (slot, hears) => this.#startSeat(slot, hears),
      gone: quiet,
      emptied: quiet,
      moduleOf: () => module,
      programs: new Programs<SeatTask['module']>({
        has: (digest) => known.has(digest),
        get: async () => module,
        make: () =>
          new Promise((resolve) => {
            builder(() => {
              known.add('d')
              resolve(module)
            })
          }),
      }),
      turns: new DrainTurns({
        nextTurn: (then) => void schedule.after(0, then),
        later: (ms, then) => void schedule.after(ms, then),
      }),
      later: (ms, then) => void schedule.after(ms, then),
      now: () => schedule.now,
      after: (ms, then) => schedule.after(ms, then),
    })
    let marked: readonly number[] = []
    const take = this.#host.take.bind(this.#host)
    this.#host.take = () => marked
    schedule.add({
      ready: () => {
        marked = [...marked, ...take()]
        return marked.length > 0
      },
      act: () => {
        this.#roster.pump()
        marked = []
      },
    })
    schedule.add({ ready: () => this.#left > 0, act: () => this.#start() })
  }

  #startSeat(slot: number, hears: ConstructorParameters<typeof SimulatedSeat>[2]) {
    const parts = { host: this.#host, schedule: this.#schedule, mutant: this.#mutant }
    const seat = new SimulatedSeat(slot, parts, hears, () => thread.exit())
    const thread = new SimulatedThread({
      ...parts,
      seat,
      pids: 4 + this.#schedule.random(4),
      worldOf: (id, kernel) => this.#worldOf(id, kernel),
    })
    return seat.seat
  }

  #worldOf(id: string, kernel?: SimulatedKernel): Container {
    const found = this.#containers.get(id)
    if (found === undefined) throw new Error(`no container ${id}`)
    if (kernel !== undefined) found.kernel = kernel
    return found
  }

  #start(): void {
    const id = String(this.#left)
    const guest = { ...GUEST, hostname: id }
    const job = { guest, stdin: undefined, stdout: quiet, stderr: quiet } as unknown as CellJob
    let process: CellProcess
    try {
      process = this.#roster.start(job, { key: 'r' } as SeatTask['root'])
    } catch {
      // No slot is free: another time.
      return
    }
    this.#left -= 1
    this.#containers.set(id, { world: new World(id, this.#counted), kernel: undefined })
    this.#running.add(process)
    const over = (): void => void this.#running.delete(process)
    process.ended.then(over, over)
    this.#disturb(process)
  }

  /** Some are killed, and some paused for a while. */
  #disturb(process: CellProcess): void {
    const schedule = this.#schedule
    const soon = (then: () => void): void => {
      schedule.after(schedule.random(LATE_MS), then)
    }
    if (schedule.chance(3)) soon(() => process.kill('killed'))
    if (!schedule.chance(3)) return
    soon(() => {
      this.#counted.paused += 1
      void process.pause()
      soon(() => process.unpause())
    })
  }

  /** Until nothing happens any more. */
  async run(): Promise<Ending> {
    let steps = 0
    while (this.#schedule.step()) {
      steps += 1
      if (steps > MOST_STEPS) return { outcome: 'endless', wrong: this.#accused }
      // What is promised is kept before the next step.
      await turn()
    }
    const { members, runs, size, threads, wedged, workers } = this.#roster
    const isOver = this.#left === 0 && this.#running.size === 0 && size === 0
    if (!isOver) return { outcome: 'stalled', wrong: this.#accused }
    if (members.size + runs.size + wedged > 0) this.#wrong.push('somebody is kept')
    if (threads !== workers.size) this.#wrong.push(`${threads} threads, ${workers.size} seats`)
    for (const { control } of workers.values()) {
      if (control.state() !== 'free') this.#wrong.push(`a seat is ${control.state()}`)
    }
    return { outcome: 'through', wrong: this.#accused }
  }

  get #accused(): readonly string[] {
    return [...this.#wrong, ...[...this.#containers.values()].flatMap(({ world }) => world.wrong)]
  }
}

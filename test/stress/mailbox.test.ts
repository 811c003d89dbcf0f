import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import { ring } from '../../src/thread/doorbell.ts'
import { HostBlock } from '../../src/thread/host-block.ts'
import { createMailbox, markDead } from '../../src/thread/mailbox.ts'
import { bundled } from '../support/bundled.ts'
import { holdsFor, turn } from './holds-for.ts'
import {
  asleepAt,
  type MailMutant,
  type MailPart,
  SERVER,
  SHARED,
  threadAt,
  wordsFor,
} from './programs/mail-part.ts'
import { wouldRun } from './programs/thread-state.ts'

/** How long clients sleep, and a server has turns or sleeps too, before a request counts as lost. */
const STALL_MS = 2_000
/** And looks at them in that time: a machine that stood still has not given the threads their turn. */
const STALL = { ms: STALL_MS, looks: STALL_MS / 10 }
const LONG = Number(process.env['BULKHEAD_STRESS_FACTOR'] ?? 1)

const program = bundled('test/stress/programs/mail.ts')
afterAll(() => program.remove())

interface Attempt {
  readonly clients: number
  readonly computing: boolean
  readonly seed: number
  readonly delay: number
  readonly mutant: MailMutant
  /** Answers, then a client is ended and replaced in the middle of whatever it does. */
  readonly answersPerKill: number
  readonly kills: number
}

class Stage {
  readonly #attempt: Attempt
  readonly #host = HostBlock.create(64)
  readonly #mailboxes: readonly SharedArrayBuffer[]
  readonly #shared: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #living = new Map<number, Worker>()
  readonly #server: Worker
  #next = 0

  constructor(attempt: Attempt) {
    this.#attempt = attempt
    const count = attempt.clients + attempt.kills
    this.#mailboxes = Array.from({ length: count }, createMailbox)
    this.#shared = new SharedArrayBuffer(wordsFor(count) * 4)
    this.#words = new Int32Array(this.#shared)
    this.#server = new Worker(program.file, { workerData: this.#part('server', 0) })
    for (let client = 0; client < attempt.clients; client += 1) this.#start()
  }

  #part(role: MailPart['role'], index: number): MailPart {
    const { seed, delay, mutant, computing } = this.#attempt
    const host = this.#host.memory
    const shared = { host, mailboxes: this.#mailboxes, words: this.#shared }
    return { role, seed: seed + index * 7, delay, mutant, computing, index, ...shared }
  }

  #start(): void {
    const index = this.#next
    this.#next += 1
    this.#living.set(index, new Worker(program.file, { workerData: this.#part('client', index) }))
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word)
  }

  #ringServer(): void {
    const control = this.#host.control(0)
    control.serve()
    ring(control.bell)
  }

  /** One that is alive is ended, wherever it is, and another takes its place. */
  async #replace(choice: number): Promise<void> {
    const [index, worker] = [...this.#living][choice % this.#living.size] ?? []
    if (index === undefined || worker === undefined) return
    this.#living.delete(index)
    await worker.terminate()
    Atomics.store(this.#words, SHARED.ENDED + index, 1)
    this.#ringServer()
    this.#start()
  }

  #asleep(): boolean {
    // A server that computes runs all the time: its turns tell how much of that there was.
    const threads = [...(this.#attempt.computing ? [] : [SERVER]), ...this.#living.keys()]
    const shared = { mailboxes: this.#mailboxes }
    if (!threads.every((one) => this.#load(asleepAt(shared, one)) === 1)) return false
    return !wouldRun(threads.map((one) => this.#load(threadAt(shared, one))))
  }

  /** Until so many answers were given; false: everybody sleeps, and none will be. */
  async #answers(count: number): Promise<boolean> {
    for (;;) {
      const before = { answers: this.#load(SHARED.ANSWERED), turns: this.#load(SHARED.TURNS) }
      if (before.answers >= count) return true
      if (!this.#asleep()) {
        await turn()
        continue
      }
      const still = (): boolean => this.#asleep() && this.#load(SHARED.ANSWERED) === before.answers
      const turns = (): number => this.#load(SHARED.TURNS) - before.turns
      const long = { ...STALL, turns: this.#attempt.computing ? turns : undefined }
      const lost = await holdsFor(still, long)
      if (lost) return false
    }
  }

  async run(): Promise<{ outcome: 'answered' | 'stalled'; wrong: number; told: boolean }> {
    const { kills, answersPerKill, seed } = this.#attempt
    let outcome: 'answered' | 'stalled' = 'answered'
    for (let kill = 0; kill <= kills && outcome === 'answered'; kill += 1) {
      if (!(await this.#answers((kill + 1) * answersPerKill))) outcome = 'stalled'
      else if (kill < kills) await this.#replace(seed + kill * 3)
    }
    const told = outcome === 'answered' ? await this.#loseServer() : false
    await Promise.all([...this.#living.values()].map((worker) => worker.terminate()))
    await this.#server.terminate()
    return { outcome, wrong: this.#load(SHARED.WRONG), told }
  }

  /** The server's thread ends in the middle of calls: every client is told, and ends by itself. */
  async #loseServer(): Promise<boolean> {
    const exits = [...this.#living.values()].map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once('error', reject)
          worker.once('exit', () => resolve())
        }),
    )
    await this.#server.terminate()
    for (const memory of this.#mailboxes) markDead(memory)
    for (const index of this.#living.keys()) ring(this.#host.control(index + 1).bell)
    await Promise.all(exits)
    return this.#load(SHARED.GONE) === this.#attempt.clients
  }
}

const SHAPES = [
  { name: '1 client, a server that parks', clients: 1, computing: false },
  { name: '1 client, a server that computes', clients: 1, computing: true },
  { name: '4 clients, a server that parks', clients: 4, computing: false },
  { name: '4 clients, a server that computes', clients: 4, computing: true },
]

describe.each(SHAPES)('$name, with delays at every point', (shape) => {
  it.each([
    [1, 1],
    [42, 200],
    [7, 2_000],
  ])('answers rightly whoever is ended and replaced: seed %i, delay %i', async (seed, delay) => {
    const load = { answersPerKill: Math.round(1_500 * LONG), kills: 4 }
    const stage = new Stage({ ...shape, ...load, seed, delay, mutant: 'none' })
    expect(await stage.run()).toEqual({ outcome: 'answered', wrong: 0, told: true })
  })
})

describe('a shortcut is caught by the same test', () => {
  it.each(['clear-late', 'raise-early'] as const)(
    '%s loses a request',
    async (mutant) => {
      const outcomes: string[] = []
      for (let seed = 1; seed <= 20 && !outcomes.includes('stalled'); seed += 1) {
        // The narrow shapes first: in a wide one the next request hides a lost one.
        for (const { clients, computing } of SHAPES.slice(0, mutant === 'clear-late' ? 4 : 2)) {
          const load = { answersPerKill: 20_000, kills: 0 }
          const stage = new Stage({ clients, computing, ...load, seed, delay: 2_000, mutant })
          outcomes.push((await stage.run()).outcome)
          if (outcomes.includes('stalled')) break
        }
      }
      expect(outcomes).toContain('stalled')
    },
    300_000,
  )
})

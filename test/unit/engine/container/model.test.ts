import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CellExit } from '../../../../src/contract/cell.ts'
import { EngineError } from '../../../../src/contract/errors.ts'
import { ContainerId } from '../../../../src/contract/ids.ts'
import { AllContainers, type ContainerParts } from '../../../../src/engine/container/containers.ts'
import { ContainerLog } from '../../../../src/engine/container/log/container-log.ts'
import { BARE_CONFIG } from '../../../../src/engine/container/root-source.ts'
import { whenEnded } from '../../../../src/engine/container/when-ended.ts'
import { type Containers, containersOf } from '../../../../src/engine/engine.ts'
import { Events } from '../../../../src/engine/event/events.ts'
import { memoryContainerStore } from '../../../../src/engine/store/container-store.ts'
import { type Deferred, deferred } from '../../../../src/std/deferred.ts'
import { BARE_PARTS, QUIET_CELL, QUIET_PROCESS } from '../../../support/engine-parts.ts'

/**
 * Random sequences of Docker's verbs against a model that is nothing but Docker's documents: after each
 * verb the answer, the events in their order, the states and the exit codes must be the model's.
 */
type Status = 'created' | 'running' | 'paused' | 'restarting' | 'exited'

interface Modelled {
  name: string
  readonly always: boolean
  status: Status
  code: number | undefined
}
/** By the order in which they were made; what was removed is undefined. */
type Model = { readonly containers: (Modelled | undefined)[] }

/** What a verb is answered, and what is told of it. */
interface Told {
  readonly answer: string
  readonly events: readonly string[]
}
const told = (answer: string, ...events: readonly string[]): Told => ({ answer, events })
const refused = (code: string): Told => told(code)

/** The end of a run by a signal: its process has an init, so that TERM ends it. */
function ended(one: Modelled, signal: 9 | 15): readonly string[] {
  const thaw = one.status === 'paused' ? ['unpause'] : []
  one.status = 'exited'
  one.code = 128 + signal
  return [`kill ${signal}`, ...thaw, `die ${128 + signal}`]
}
const runs = ({ status }: Modelled): boolean => status === 'running' || status === 'paused'

function stopped(one: Modelled): Told {
  if (runs(one)) return told('stopped', ...ended(one, 15), 'stop')
  if (one.status !== 'restarting') return told('not-running')
  one.status = 'exited'
  return told('stopped', 'stop')
}
function started(one: Modelled): Told {
  if (one.status === 'paused') return refused('WRONG_STATE')
  if (one.status === 'running' || one.status === 'restarting') return told('already-running')
  one.status = 'running'
  return told('started', 'start')
}

type Verb = (model: Model, one: Modelled, at: number) => Told
const MODEL = {
  start: (_, one) => started(one),
  stop: (_, one) => stopped(one),
  kill: (_, one) => {
    if (runs(one)) return told('done', ...ended(one, 9))
    if (one.status !== 'restarting') return refused('WRONG_STATE')
    one.status = 'exited'
    return told('done')
  },
  pause: (_, one) => {
    if (one.status !== 'running') return refused('WRONG_STATE')
    one.status = 'paused'
    return told('done', 'pause')
  },
  unpause: (_, one) => {
    if (one.status !== 'paused') return refused('NOT_PAUSED')
    one.status = 'running'
    return told('done', 'unpause')
  },
  restart: (_, one) => {
    const stop = stopped(one)
    return told('done', ...stop.events, ...started(one).events, 'restart')
  },
  rename: ({ containers }, one) => {
    const name = one.name.endsWith('-2') ? one.name.slice(0, -2) : `${one.name}-2`
    if (containers.some((other) => other?.name === name)) return refused('NAME_IN_USE')
    one.name = name
    return told('done', 'rename')
  },
  remove: ({ containers }, one, at) => {
    if (runs(one) || one.status === 'restarting') return refused('WRONG_STATE')
    containers[at] = undefined
    return told('done', 'destroy')
  },
  removeByForce: ({ containers }, one, at) => {
    const end = runs(one) ? ended(one, 9) : []
    containers[at] = undefined
    return told('done', ...end, 'destroy')
  },
  /** Its guest returns 3. */
  guestEnds: (_, one) => {
    if (one.status !== 'running') return told('nobody')
    one.status = one.always ? 'restarting' : 'exited'
    one.code = 3
    return told('done', 'die 3')
  },
  /** Longer than any restart waits. */
  timePasses: ({ containers }) => {
    const waiting = containers.filter((other) => other?.status === 'restarting')
    for (const other of waiting) if (other !== undefined) other.status = 'running'
    return told('done', ...waiting.map(() => 'start'))
  },
} as const satisfies Record<string, Verb>
type VerbName = keyof typeof MODEL
const VERBS = Object.keys(MODEL) as VerbName[] // the keys of that very table

type Exit = Pick<CellExit, 'exitCode' | 'reason' | 'message' | 'oomKilled' | 'layerLoss'>

/** The engine over a cell that runs nothing. */
class Real {
  readonly verbs: Containers
  readonly events: string[] = []
  readonly faults: unknown[] = []
  readonly ids: ContainerId[] = []
  readonly #ends = new Map<string, Deferred<Exit>>()
  readonly #parts: ContainerParts

  constructor(directory: string) {
    const events = new Events(() => 0)
    events.subscribe(({ action, actor: { attributes } }) => {
      const detail = attributes[action === 'kill' ? 'signal' : action === 'die' ? 'exitCode' : '']
      this.events.push(detail === undefined ? action : `${action} ${detail}`)
    })
    const program = {
      path: '/bin/x',
      type: 'regular',
      mode: 0o755,
      size: 1,
      uid: 0,
      gid: 0,
    } as const
    const source = { kind: 'host-file', path: '/x', digest: 'd' } as const
    this.#parts = {
      ...BARE_PARTS,
      cell: { ...QUIET_CELL, start: (job) => this.#process(job.guest.hostname) },
      store: memoryContainerStore(),
      events,
      all: new AllContainers(),
      report: (error) => this.faults.push(error),
      image: async (id) => {
        const files = async () => [{ ...program, modified: 0n, source }]
        return { id, root: { key: 'k', config: BARE_CONFIG, files } }
      },
      logOf: ({ id, spec }) => new ContainerLog(join(directory, id), spec.log, () => 0n),
      discard: async () => {},
      started: (container, run) => void whenEnded(this.#parts, container, run),
      now: () => new Date(0),
      after: () => () => {},
      newId: () => ContainerId.fromRandom(new Uint8Array(32).fill(this.ids.length + 1)),
      random: () => 0,
    }
    this.verbs = containersOf(this.#parts)
  }

  #process(name: string) {
    const end = deferred<Exit>()
    this.#ends.set(name, end)
    const exit = { message: undefined, oomKilled: false, layerLoss: undefined }
    return {
      ...QUIET_PROCESS,
      pid: 9,
      ended: end.promise as Promise<CellExit>, // as much of an exit as the engine reads
      kill: (reason: 'killed' | 'timeout') => end.resolve({ ...exit, exitCode: 137, reason }),
      signal: (signal: number) =>
        end.resolve({ ...exit, exitCode: 128 + signal, reason: 'signal' as const }),
    }
  }

  async create(at: number, name: string, always: boolean): Promise<string> {
    const policy = { name: always ? 'always' : 'no', maximumRetryCount: 0 } as const
    const id = await this.verbs.create({
      ...{ name, image: 'x', cmd: ['/bin/x'], init: true, hostname: `host-${at}` },
      restartPolicy: policy,
    })
    this.ids[at] = id
    return 'done'
  }

  readonly do: Readonly<Record<VerbName, (at: number, one: Modelled) => Promise<string>>> = {
    start: async (at) => await this.verbs.start(this.#at(at)),
    stop: async (at) => await this.verbs.stop(this.#at(at), {}),
    kill: (at) => this.#done(this.verbs.kill(this.#at(at), undefined, 'it')),
    pause: (at) => this.#done(this.verbs.pause(this.#at(at))),
    unpause: (at) => this.#done(this.verbs.unpause(this.#at(at))),
    restart: (at) => this.#done(this.verbs.restart(this.#at(at), {})),
    rename: (at, { name }) => {
      const other = name.endsWith('-2') ? name.slice(0, -2) : `${name}-2`
      return this.#done(this.verbs.rename(this.#at(at), other))
    },
    remove: (at) => this.#done(this.verbs.remove(this.#at(at), {}, 'it')),
    removeByForce: (at) => this.#done(this.verbs.remove(this.#at(at), { force: true }, 'it')),
    guestEnds: async (at) => {
      const container = this.#at(at)
      if (container.record.state.status !== 'running') return 'nobody'
      const exit = { reason: 'exit', message: undefined, oomKilled: false } as const
      const over = container.run?.over.promise
      this.#ends.get(`host-${at}`)?.resolve({ ...exit, exitCode: 3, layerLoss: undefined })
      await over
      return 'done'
    },
    timePasses: async () => {
      await vi.advanceTimersByTimeAsync(60_000)
      return 'done'
    },
  }

  async #done(work: Promise<unknown>): Promise<string> {
    await work
    return 'done'
  }

  #at(at: number) {
    return this.verbs.resolve(this.ids[at] ?? '')
  }

  /** What the model has of it; undefined: there is none. */
  seen(at: number): Pick<Modelled, 'name' | 'status' | 'code'> | undefined {
    const one = this.verbs.list().find(({ id }) => id === this.ids[at])
    if (one === undefined) return undefined
    const { name, state } = one.record
    const code = 'last' in state ? state.last?.code : undefined
    return { name, status: state.status as Status, code }
  }
}

const answerOf = async (work: () => Promise<string>): Promise<string> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
}

async function check(model: Model, real: Real, before: number, expected: Told, answer: string) {
  // What follows from an end that nobody waits for.
  await vi.advanceTimersByTimeAsync(0)
  const events = real.events.slice(before)
  expect({ answer, events }).toEqual(expected)
  for (const [at, one] of model.containers.entries()) {
    const code = one !== undefined && !runs(one) ? one.code : undefined
    expect(real.seen(at)).toEqual(one && { name: one.name, status: one.status, code })
  }
  expect(real.faults).toEqual([])
}

class Create implements fc.AsyncCommand<Model, Real> {
  readonly name: string
  readonly always: boolean

  constructor(name: string, always: boolean) {
    this.name = name
    this.always = always
  }

  check = (model: Readonly<Model>): boolean => model.containers.length < 4
  async run(model: Model, real: Real): Promise<void> {
    const { containers } = model
    const taken = containers.some((other) => other?.name === this.name)
    const before = real.events.length
    const at = containers.length
    const answer = await answerOf(() => real.create(at, this.name, this.always))
    const { name, always } = this
    if (!taken) containers.push({ name, always, status: 'created', code: undefined })
    await check(
      model,
      real,
      before,
      taken ? refused('NAME_IN_USE') : told('done', 'create'),
      answer,
    )
  }
  toString = (): string => `create ${this.name}${this.always ? ' --restart always' : ''}`
}

class Act implements fc.AsyncCommand<Model, Real> {
  readonly verb: VerbName
  readonly at: number

  constructor(verb: VerbName, at: number) {
    this.verb = verb
    this.at = at
  }

  check = (model: Readonly<Model>): boolean => model.containers[this.at] !== undefined
  async run(model: Model, real: Real): Promise<void> {
    const one = model.containers[this.at]
    if (one === undefined) return
    const before = real.events.length
    const answer = await answerOf(() => real.do[this.verb](this.at, { ...one }))
    await check(model, real, before, MODEL[this.verb](model, one, this.at), answer)
  }
  toString = (): string => `${this.verb} ${this.at}`
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

it('any sequence of verbs does what it does to the model', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'model-'))
  const create = fc
    .tuple(fc.constantFrom('one', 'two'), fc.boolean())
    .map(([name, always]) => new Create(name, always))
  const act = fc
    .tuple(fc.constantFrom(...VERBS), fc.nat({ max: 3 }))
    .map(([verb, at]) => new Act(verb, at))
  const commands = fc.commands([create, act, act, act, act, act], { size: 'large' })
  let sequence = 0
  await fc.assert(
    fc.asyncProperty(commands, async (all) => {
      sequence += 1
      const own = join(directory, String(sequence))
      await fc.asyncModelRun(() => ({ model: { containers: [] }, real: new Real(own) }), all)
    }),
    { numRuns: 200 },
  )
  rmSync(directory, { recursive: true, force: true })
}, 120_000)

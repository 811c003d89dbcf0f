import type { Duplex } from 'node:stream'
import type { InUse } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import { type Deferred, deferred } from '../../std/deferred.ts'
import { Connection } from './connection.ts'
import { nextDelay, tooOften } from './restarts.ts'
import type { CellSettings } from './verbs.ts'

/** How a process ended. */
export interface Death {
  readonly code: number | null
  readonly signal: string | null
}

/** A cell's process, as it is started. */
export interface CellProcessHandle {
  readonly pid: number | undefined
  readonly channel: Duplex
  /** Settles when the process is gone and nothing more will come from it. */
  readonly gone: Promise<Death>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
}

/** Why a cell's process was ended; `itself`: nobody here knows. */
export type EndCause = 'itself' | 'closed' | 'silent' | 'protocol' | 'wedged'

/** What an operator wants to know of a cell. */
export type CellReport =
  | { readonly event: 'up'; readonly pid: number | undefined; readonly startMs: number }
  | {
      readonly event: 'down'
      readonly pid: number | undefined
      readonly cause: EndCause
      readonly death: Death
      /** Milliseconds until the next start; undefined: there is none. */
      readonly retryMs: number | undefined
    }
  | { readonly event: 'said'; readonly text: string }

export interface SupervisorParts {
  readonly settings: CellSettings
  spawn(): CellProcessHandle
  /** Calls `then` in `ms` milliseconds, unless the answer is called before. */
  later(ms: number, then: () => void): () => void
  /** Milliseconds of a clock that does not jump. */
  now(): number
  report(report: CellReport): void
}

export const HEARTBEAT_MS = 1_000
/** Heartbeats without an answer, at the start and later. A loaded machine starts slowly. */
export const START_BEATS = 30
export const SILENT_BEATS = 10
/** From SIGTERM to SIGKILL: a cell gives its own workers 2 s. */
export const GRACE_MS = 3_000

const NOTHING: InUse = { slots: 0, threads: 0, modules: 0, wedged: 0 }

const closedError = (): EngineError => new EngineError('HOST_CLOSED', 'this host was closed')
const diedTooOften = (): EngineError =>
  new EngineError('CELL_LOST', 'the process in which containers run has died too often: try later')

/** One process, from its start to its end. */
interface Life {
  readonly process: CellProcessHandle
  readonly connection: Connection
  readonly since: number
  cause: EndCause
  up: boolean
  /** Heartbeats since it last answered. */
  beats: number
  stopBeat: () => void
  stopGrace: () => void
}

/** Not one whose end has begun: its channel is closed before its process is known to be gone. */
const serves = ({ up, cause, connection }: Life): boolean =>
  up && cause === 'itself' && !connection.closed

/** Keeps one cell process running: starts it, listens to its heart, ends it, starts it again. */
export class Supervisor {
  readonly #parts: SupervisorParts
  #life: Life | undefined
  #waiting: Deferred<Connection> | undefined
  #cancelRetry: (() => void) | undefined
  /** Deaths in a row, each soon after its start. */
  #deaths = 0
  #closed = false
  #inUse = NOTHING

  constructor(parts: SupervisorParts) {
    this.#parts = parts
    this.#start()
  }

  /** As of the last heartbeat. */
  get inUse(): InUse {
    return this.#inUse
  }

  /** The cell that runs, or the one that will. EngineError `HOST_CLOSED` | `CELL_LOST`. */
  up(): Promise<Connection> {
    if (this.#closed) return Promise.reject(closedError())
    if (this.#life !== undefined && serves(this.#life)) {
      return Promise.resolve(this.#life.connection)
    }
    if (this.#life === undefined && tooOften(this.#deaths)) return Promise.reject(diedTooOften())
    this.#waiting ??= deferred()
    return this.#waiting.promise
  }

  #start(): void {
    const { spawn, settings, now } = this.#parts
    this.#cancelRetry = undefined
    const process = spawn()
    const connection: Connection = new Connection(process.channel, (error) => {
      this.#parts.report({ event: 'said', text: `cell ended: ${String(error)}` })
      this.#end(life, 'protocol')
    })
    const quiet = (): void => {}
    const life: Life = {
      process,
      connection,
      since: now(),
      cause: 'itself',
      up: false,
      beats: 0,
      stopBeat: quiet,
      stopGrace: quiet,
    }
    this.#life = life
    connection.call('open', settings).answer.then(
      () => this.#isUp(life),
      () => undefined, // `gone` follows
    )
    this.#beat(life)
    void process.gone.then((death) => this.#died(life, death))
  }

  #isUp(life: Life): void {
    if (this.#life !== life || life.cause !== 'itself') return
    life.up = true
    life.beats = 0
    const startMs = this.#parts.now() - life.since
    this.#parts.report({ event: 'up', pid: life.process.pid, startMs })
    this.#waiting?.resolve(life.connection)
    this.#waiting = undefined
  }

  /** Counted in beats and not in time: one late timer after a suspended machine is one beat. */
  #beat(life: Life): void {
    life.stopBeat = this.#parts.later(HEARTBEAT_MS, () => {
      life.beats += 1
      if (life.beats > (life.up ? SILENT_BEATS : START_BEATS)) {
        this.#terminate(life, 'silent')
        return
      }
      if (life.up && life.beats === 1) this.#listen(life)
      this.#beat(life)
    })
  }

  #listen(life: Life): void {
    life.connection.call('inUse', null).answer.then(
      (inUse) => {
        life.beats = 0
        this.#inUse = inUse
        // A thread that cannot be ended goes with its process, and with nothing less.
        if (inUse.wedged > 0) this.#end(life, 'wedged')
      },
      () => undefined, // it is silent, or gone
    )
  }

  /** SIGTERM, the grace, SIGKILL. */
  #terminate(life: Life, cause: EndCause): void {
    if (life.cause !== 'itself') return
    life.cause = cause
    life.stopBeat()
    life.process.signal('SIGTERM')
    life.stopGrace = this.#parts.later(GRACE_MS, () => life.process.signal('SIGKILL'))
  }

  /** At once: who breaks the rules is asked for nothing more. */
  #end(life: Life, cause: EndCause): void {
    if (life.cause === 'itself') life.cause = cause
    life.process.signal('SIGKILL')
    life.connection.destroy()
  }

  #died(life: Life, death: Death): void {
    const { now, report, later } = this.#parts
    life.stopBeat()
    life.stopGrace()
    this.#life = undefined
    this.#inUse = NOTHING
    const { deaths, delay } = nextDelay(this.#deaths, now() - life.since)
    this.#deaths = deaths
    const retryMs = this.#closed ? undefined : delay
    report({ event: 'down', pid: life.process.pid, cause: life.cause, death, retryMs })
    if (retryMs === undefined) return
    if (tooOften(deaths)) this.#giveUp(diedTooOften())
    this.#cancelRetry = later(retryMs, () => this.#start())
  }

  #giveUp(error: EngineError): void {
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }

  /** Settles when the process is gone. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelRetry?.()
    this.#giveUp(closedError())
    const life = this.#life
    if (life === undefined) return
    this.#terminate(life, 'closed')
    await life.process.gone
  }
}

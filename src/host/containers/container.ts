import { EngineError } from '../../contract/errors.ts'
import type { ContainerId } from '../../contract/ids.ts'
import type { LogEntry, OutputStream } from '../../engine/container/log/log-entry.ts'
import type { WaitResult } from '../../engine/container/waits.ts'
import type { Containers as Verbs } from '../../engine/engine.ts'
import { untilAborted } from '../../engine/until-aborted.ts'
import { type ExecResult, type ExecSpec, runExec } from './exec.ts'
import { ownWords } from './own-words.ts'

/** An abort ends the caller's waiting, with the signal's own reason; what was begun goes on. */
export interface Waiting {
  readonly signal?: AbortSignal
}

export interface StopOptions extends Waiting {
  /** Seconds before SIGKILL, 10 unless given; negative: never. */
  readonly graceSeconds?: number
  /** `SIGINT`, `INT` or its number; the image's, or SIGTERM, unless given. */
  readonly stopSignal?: string
}

export interface LogOptions extends Waiting {
  /** Goes on until the container's end. */
  readonly follow?: boolean
  /** Both unless given. */
  readonly streams?: readonly OutputStream[]
  /** Only the last so many entries. */
  readonly tail?: number
}

/**
 * A container of a host. Disposing of it removes it, also while it runs:
 * `await using c = await host.containers.create(…)`.
 *
 * Every call but its disposal throws EngineError `NO_SUCH_CONTAINER` once it was removed.
 *
 * @source the verbs of docker(1) of the same names
 */
export interface Container extends AsyncDisposable {
  /** 64 hex digits. */
  readonly id: string
  readonly name: string
  /**
   * Starts it, for the first time or again: what it had written is still there. Does nothing where it
   * runs.
   *
   * @throws EngineError `NO_SUCH_COMMAND` | `NOT_EXECUTABLE` | `INVALID_MODULE` | `NO_FREE_SLOT` |
   *   `WRONG_STATE`: it is paused | `HOST_CLOSED`.
   */
  start(options?: Waiting): Promise<void>
  /**
   * Runs one more process in it to its end. A process that fails is a result, not an exception; an
   * abort kills it.
   *
   * @param command - a name is looked for in the container's PATH.
   * @throws EngineError `WRONG_STATE`: the container does not run, or is paused. `NO_SUCH_COMMAND` |
   *   `NOT_EXECUTABLE` | `INVALID_MODULE` | `INVALID_ARGUMENT` | `INVALID_LIMIT` | `NO_FREE_SLOT`;
   *   the signal's own reason when `spec.signal` aborts.
   * @example
   * (await c.exec(['cat'], { stdin: 'hello' })).text() // 'hello'
   */
  exec(command: readonly string[], spec?: ExecSpec): Promise<ExecResult>
  /** Its output so far, PID 1's alone; an entry is a line with its newline, or a piece of one. */
  logs(options?: LogOptions): AsyncIterable<LogEntry>
  /**
   * Waits until it does not run; one that was never started does not.
   *
   * @returns `exitCode` of its last run, and `error`: why it did not end well.
   */
  wait(options?: Waiting): Promise<WaitResult>
  /**
   * Sends PID 1 a signal; SIGKILL unless given, which is waited for.
   *
   * @throws EngineError `WRONG_STATE`: it does not run. `INVALID_ARGUMENT`: no such signal.
   */
  kill(signal?: string, options?: Waiting): Promise<void>
  /** Asks PID 1 to end, and kills it after the grace. Does nothing where it does not run. */
  stop(options?: StopOptions): Promise<void>
  /** @throws EngineError `WRONG_STATE`: it does not run, or is paused already. */
  pause(options?: Waiting): Promise<void>
  /** @throws EngineError `WRONG_STATE`: it is not paused. */
  unpause(options?: Waiting): Promise<void>
  /**
   * Removes it with all it has written.
   *
   * @param options.force - kills it where it runs.
   * @throws EngineError `WRONG_STATE`: it runs, and `force` was not given.
   */
  remove(options?: Waiting & { readonly force?: boolean }): Promise<void>
}

const BOTH: readonly OutputStream[] = ['stdout', 'stderr']

async function* entriesOf(
  verbs: Verbs,
  id: ContainerId,
  { follow = false, streams = BOTH, tail, signal }: LogOptions,
): AsyncGenerator<LogEntry, void, undefined> {
  signal?.throwIfAborted()
  const read = verbs.logs(verbs.resolve(id), follow)
  for await (const batch of read({ streams: new Set(streams), tail, signal })) {
    for (const entry of batch) {
      yield entry
      signal?.throwIfAborted()
    }
  }
  signal?.throwIfAborted()
}

const ignoreGone = (error: unknown): void => {
  if (!(error instanceof EngineError) || error.code !== 'NO_SUCH_CONTAINER') throw error
}

/** A caller's hold of a container, over the verbs of the engine that has it. */
export function containerOf(verbs: Verbs, id: ContainerId): Container {
  const it = () => verbs.resolve(id)
  const remove: Container['remove'] = async ({ force = false, signal } = {}) =>
    await untilAborted(async () => await verbs.remove(it(), { force, volumes: true }, id), signal)
  return {
    id,
    name: it().record.name,
    start: async ({ signal } = {}) => {
      const begin = async () => await verbs.start(it())
      await untilAborted(begin, signal).catch((error: unknown) => {
        throw ownWords(error)
      })
    },
    exec: async (command, spec = {}) => await runExec(verbs, it(), command, spec),
    logs: (options = {}) => entriesOf(verbs, id, options),
    wait: async ({ signal } = {}) =>
      await untilAborted(async () => await verbs.wait(it(), 'not-running', signal), signal),
    kill: async (name, { signal } = {}) =>
      await untilAborted(async () => await verbs.kill(it(), name, id), signal),
    stop: async ({ graceSeconds, stopSignal, signal } = {}) => {
      const asked = { graceSeconds, signal: stopSignal }
      await untilAborted(async () => await verbs.stop(it(), asked), signal)
    },
    pause: async ({ signal } = {}) =>
      await untilAborted(async () => await verbs.pause(it()), signal),
    unpause: async ({ signal } = {}) =>
      await untilAborted(async () => await verbs.unpause(it()), signal),
    remove,
    [Symbol.asyncDispose]: async () => await remove({ force: true }).catch(ignoreGone),
  }
}

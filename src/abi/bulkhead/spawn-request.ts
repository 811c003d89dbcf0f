import { Errno } from '../../contract/errno.ts'
import { MAX_ARGUMENT_BYTES } from '../../contract/limits.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import { isSignal } from '../../contract/signals.ts'
import type { FileAction } from '../../kernel/process/file-actions.ts'
import type { SignalChange } from '../../kernel/process/signal-actions.ts'
import type { SpawnRequest } from '../../kernel/process/spawn.ts'
import { openHowOf } from './open.ts'

/**
 * A request to spawn or to exec, in one piece; all numbers are little-endian:
 *
 *   version@0 flags@4 group@8 arguments@12 environment@16 files@20 signals@24 zero@28, of 32 bits each
 *   files x 20 bytes     kind@0 fd@4 from@8 how@12 mode@16
 *   signals x 2 bytes    signal@0 change@1
 *   texts, each ended by a NUL: program, directories to search (SEARCH), arguments, environment, the
 *   paths of the files' actions OPEN and CHDIR, in their order
 */
const REQUEST_HEADER_BYTES = 32
const FILE_ACTION_BYTES = 20
const SIGNAL_CHANGE_BYTES = 2
const VERSION = 1
const FLAG = { INHERIT: 1, SEARCH: 2, GROUP: 4, SESSION: 8 } as const
const ALL_FLAGS = 15
/** Actions one child may take: more than it has descriptors. */
const MAX_FILE_ACTIONS = 4_096
const MAX_SIGNAL_CHANGES = 256
/** Of the texts of one request, those that are no arguments or variables: the paths. */
const MAX_PATHS_BYTES = 2 ** 18
export const MAX_REQUEST_BYTES =
  REQUEST_HEADER_BYTES +
  MAX_FILE_ACTIONS * FILE_ACTION_BYTES +
  MAX_SIGNAL_CHANGES * SIGNAL_CHANGE_BYTES +
  MAX_ARGUMENT_BYTES +
  MAX_PATHS_BYTES

const INVALID = fail(Errno.INVAL)
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The texts of a request, one after another. */
class Texts {
  readonly #texts: readonly string[]
  #next = 0

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  take(count: number): readonly string[] {
    this.#next += count
    return this.#texts.slice(this.#next - count, this.#next)
  }

  one(): string {
    return this.take(1)[0] ?? ''
  }
}

/** INVAL: not exactly `count`, each with its NUL. ILSEQ: not UTF-8. */
function textsOf(bytes: Uint8Array, count: number): Result<Texts> {
  if (bytes.at(-1) !== 0) return INVALID
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return fail(Errno.ILSEQ)
  }
  const texts = text.split('\0')
  // Behind the last NUL is nothing more.
  texts.pop()
  return texts.length === count ? ok(new Texts(texts)) : INVALID
}

interface Header {
  readonly flags: number
  readonly group: number
  readonly args: number
  readonly environment: number
  readonly files: number
  readonly signals: number
}

function headerOf(view: DataView): Header | undefined {
  if (view.byteLength < REQUEST_HEADER_BYTES) return undefined
  const [version, flags, , args, environment, files, signals, zero] = Array.from(
    { length: REQUEST_HEADER_BYTES / 4 },
    (_, index) => view.getUint32(index * 4, true),
  )
  if (version !== VERSION || zero !== 0) return undefined
  const header = {
    flags: flags ?? 0,
    group: view.getInt32(8, true),
    args: args ?? 0,
    environment: environment ?? 0,
    files: files ?? 0,
    signals: signals ?? 0,
  }
  return isSound(header) ? header : undefined
}

function isSound({ flags, group, environment, files, signals }: Header): boolean {
  if ((flags & ~ALL_FLAGS) !== 0 || group < 0) return false
  if ((flags & FLAG.INHERIT) !== 0 && environment > 0) return false
  return files <= MAX_FILE_ACTIONS && signals <= MAX_SIGNAL_CHANGES
}

/** Reads one action; undefined: none there is. */
type ReadAction = (
  view: DataView,
  at: number,
  texts: Texts,
  umask: number,
) => FileAction | undefined

const fdAt = (view: DataView, at: number): number => view.getInt32(at + 4, true)

const ACTIONS: readonly ReadAction[] = [
  (view, at) => ({ do: 'close', fd: fdAt(view, at) }),
  (view, at) => ({ do: 'dup', from: view.getInt32(at + 8, true), to: fdAt(view, at) }),
  (view, at, texts, umask) => {
    const how = openHowOf(view.getUint32(at + 12, true), view.getUint32(at + 16, true) & ~umask)
    return how && { do: 'open', fd: fdAt(view, at), path: texts.one(), how }
  },
  (_view, _at, texts) => ({ do: 'chdir', path: texts.one() }),
  (view, at) => ({ do: 'fchdir', fd: fdAt(view, at) }),
]
/** Those that have a path. */
const WITH_PATH: ReadonlySet<number> = new Set([2, 3])

function actionsOf(
  view: DataView,
  count: number,
  texts: Texts,
  umask: number,
): readonly FileAction[] | undefined {
  const actions: FileAction[] = []
  for (let index = 0; index < count; index += 1) {
    const at = REQUEST_HEADER_BYTES + index * FILE_ACTION_BYTES
    const action = ACTIONS[view.getUint32(at, true)]?.(view, at, texts, umask)
    if (action === undefined) return undefined
    actions.push(action)
  }
  return actions
}

function pathsIn(view: DataView, count: number): number {
  let paths = 0
  for (let index = 0; index < count; index += 1) {
    const kind = view.getUint32(REQUEST_HEADER_BYTES + index * FILE_ACTION_BYTES, true)
    if (WITH_PATH.has(kind)) paths += 1
  }
  return paths
}

/** By their numbers. */
const CHANGES: readonly SignalChange['change'][] = ['default', 'ignore', 'block', 'unblock']

/** Undefined: one is of no signal, or no change there is. */
function changesOf(
  view: DataView,
  from: number,
  count: number,
): readonly SignalChange[] | undefined {
  const changes: SignalChange[] = []
  for (let index = 0; index < count; index += 1) {
    const at = from + index * SIGNAL_CHANGE_BYTES
    const signal = view.getUint8(at)
    const change = CHANGES[view.getUint8(at + 1)]
    if (!isSignal(signal) || change === undefined) return undefined
    changes.push({ signal, change })
  }
  return changes
}

/**
 * What a request says; nothing of it is done yet.
 *
 * @param umask - what new files of the child's actions are made without.
 * @returns INVAL: it is not as above. ILSEQ: a text is not UTF-8.
 */
export function spawnRequestOf(bytes: Uint8Array, umask: number): Result<SpawnRequest> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = headerOf(view)
  if (header === undefined) return INVALID
  const { flags, args, environment, files, signals } = header
  const behindFiles = REQUEST_HEADER_BYTES + files * FILE_ACTION_BYTES
  const behindSignals = behindFiles + signals * SIGNAL_CHANGE_BYTES
  if (behindSignals > bytes.length) return INVALID
  const searches = (flags & FLAG.SEARCH) !== 0
  const count = 1 + Number(searches) + args + environment + pathsIn(view, files)
  const texts = textsOf(bytes.subarray(behindSignals), count)
  if (!texts.ok) return texts
  const program = texts.value.one()
  const search = searches ? texts.value.one() : undefined
  const argv = texts.value.take(args)
  const inherits = (flags & FLAG.INHERIT) !== 0
  const variables = inherits ? undefined : texts.value.take(environment)
  const actions = actionsOf(view, files, texts.value, umask)
  const changes = changesOf(view, behindFiles, signals)
  if (actions === undefined || changes === undefined) return INVALID
  return ok({
    program,
    search,
    args: argv,
    environment: variables,
    files: actions,
    signals: changes,
    group: (flags & FLAG.GROUP) !== 0 ? header.group : undefined,
    session: (flags & FLAG.SESSION) !== 0,
  })
}

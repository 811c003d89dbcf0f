import type {
  ContainerStats,
  InUse,
  ModuleSource,
  PreparedModule,
  ProcessRow,
} from '../../contract/cell.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { EndReason, ExitReport } from '../../contract/exit.ts'
import type { ExecSpec, GuestSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'
import type { Limits } from '../../contract/limits.ts'
import type { TerminalSize } from '../../contract/terminal.ts'
import type { Tree, TreeRequest } from '../../contract/tree.ts'

/** What a cell is told first: all it knows of its host. */
export interface CellSettings {
  readonly dataDirectory: string
  readonly slots: number
  readonly entry?: string | undefined
  readonly killGraceMs?: number | undefined
}

/** What may be dropped: a module by its digest, a root by its key. */
export type Held = 'module' | 'root'

export interface StartArguments {
  /** Digest of a module that was prepared, and key of a root that was. */
  readonly module: string
  readonly root: string
  readonly guest: GuestSpec
  readonly program: string | null
  readonly hasInput: boolean
  /** Null: what the container writes is gone with it. */
  readonly writableLayer: string | null
}

/** One more process in a container that runs. */
export interface ExecArguments extends OfRun {
  /** Digest of a module that was prepared. */
  readonly module: string
  readonly exec: ExecSpec
  readonly program: string | null
  readonly hasInput: boolean
}

/** A question on a container's files. */
export interface TreeArguments extends Omit<Tree, 'root' | 'pid'> {
  /** Key of a root that was prepared. */
  readonly root: string
  /** The call that started the process that runs there. */
  readonly run: number | null
  readonly request: TreeRequest
  readonly hasInput: boolean
}

/** A process by the number of the call that started it. */
interface OfRun {
  readonly run: number
}

/** How a process ended, as data. */
export type ReportAnswer = Omit<ExitReport, 'message'> & { readonly message: string | null }

/** An exit as data: a Map is none. */
export type ExitAnswer = ReportAnswer & {
  readonly filesLoss: string | null
  readonly layerLoss: string | null
  readonly files: readonly (readonly [path: string, bytes: Uint8Array])[]
}

/** One process of a container, by the numbers of the cell. */
export interface ProcessAnswer extends ProcessRow {
  /** The call that started it; null: a process of the container did. */
  readonly call: number | null
}

interface Row<Arguments, Answer> {
  readonly arguments: Arguments
  readonly answer: Answer
}

/**
 * Everything a host asks of a cell: a row per verb of the Cell port. A verb more is a row here, the
 * shape of its answer (answers.ts) and its handler in the cell (handlers.ts). Nothing of one cell is
 * known to another: digests, keys and numbers of runs mean something on their own channel only.
 */
export interface Verbs {
  readonly open: Row<CellSettings, null>
  readonly prepareModule: Row<ModuleSource, PreparedModule>
  readonly prepareRoot: Row<{ readonly key: string; readonly files: readonly LayerFile[] }, null>
  /** Never used again before it is prepared anew. */
  readonly drop: Row<{ readonly what: Held; readonly key: string }, null>
  /** Answered when the process has ended; its standard streams belong to this call. */
  readonly start: Row<StartArguments, ExitAnswer>
  /** The same for one more process of the container of `run`. */
  readonly exec: Row<ExecArguments, ReportAnswer>
  /** Of either kind. */
  readonly kill: Row<OfRun & { readonly reason: Extract<EndReason, 'killed' | 'timeout'> }, null>
  /** Of either kind, as is the next. */
  readonly signal: Row<OfRun & { readonly signal: number }, null>
  readonly resize: Row<OfRun & { readonly size: TerminalSize }, null>
  /** Answered when the process stands still, or has ended. */
  readonly pause: Row<OfRun, null>
  readonly unpause: Row<OfRun, null>
  readonly update: Row<OfRun & { readonly limits: Partial<Limits> }, null>
  /** Its streams have what there is to say, and the archive; answered when all of it was sent. */
  readonly tree: Row<TreeArguments, null>
  /** Nobody reads the archive of that call any more. */
  readonly leave: Row<OfRun, null>
  /** Of either kind. */
  readonly stats: Row<OfRun, ContainerStats | null>
  readonly processes: Row<OfRun, readonly ProcessAnswer[] | null>
  /** Also the heartbeat. */
  readonly inUse: Row<null, InUse>
}

export type Verb = keyof Verbs
export type Arguments<V extends Verb> = Verbs[V]['arguments']
export type Answer<V extends Verb> = Verbs[V]['answer']

/** Streams of `start` and of `exec`. */
export const STDIN = 0
export const STDOUT = 1
export const STDERR = 2
/** Streams of `tree`. */
export const TREE_INPUT = 0
export const TREE_VALUE = 1
export const TREE_BYTES = 2

/** A body towards the cell. */
export interface CallBody {
  readonly verb: Verb
  readonly arguments: unknown
}

/** A body from the cell. */
export type AnswerBody =
  | { readonly value: unknown }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } }

/** Bytes of an answer to `processes`: 2,048 of them, each with a command line of 4,096 characters. */
export const MOST_LISTED = 2 ** 25

/** Characters of any message from a cell. */
export const MAX_MESSAGE = 4_096

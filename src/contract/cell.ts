import type { EndReason, ExitReport } from './exit.ts'
import type { ExecSpec, GuestSpec } from './guest-spec.ts'
import type { LayerFile } from './layer.ts'
import type { Limits } from './limits.ts'
import type { TerminalSize } from './terminal.ts'
import type { Tree, TreeAnswer, TreeRequest } from './tree.ts'

/** Where a module's bytes are. A digest (sha256, hex) that is known saves hashing them. */
export type ModuleSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'host-file'; readonly path: string; readonly digest?: string }

/** A module that was admitted, metered and compiled in this cell. */
export interface PreparedModule {
  /** sha256 of the original, hex. */
  readonly digest: string
}

/** An image's files, indexed and readable in place by every worker of this cell. */
export interface PreparedRoot {
  readonly key: string
}

/** Bytes for a guest's standard input. */
export type Input = Uint8Array | AsyncIterable<Uint8Array>

/** Takes output as it comes. A promise holds the guest back until it settles. */
export type OutputConsumer = (bytes: Uint8Array) => void | Promise<void>

/** For output that nobody wants: a cell may save the call, and the bytes. */
export const DISCARD: OutputConsumer = () => {}

export interface CellJob {
  readonly module: PreparedModule
  readonly root: PreparedRoot
  readonly guest: GuestSpec
  /** Absolute path of the program in the container; absent: it is no file of it. */
  readonly program?: string | undefined
  readonly stdin: Input | undefined
  readonly stdout: OutputConsumer
  readonly stderr: OutputConsumer
  /**
   * The file of the host that keeps the container's upper layer between two runs, absolute. Taken up
   * when it is there; at the end written anew, on disk before `ended` settles. Absent: what the
   * container writes is gone with the process.
   */
  readonly writableLayer?: string | undefined
}

export interface CellExit extends ExitReport {
  /** The files of `GuestSpec.collect` that were there, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** They are larger than `limits.collect`, and none is in `files`: in one line, which. */
  readonly filesLoss: string | undefined
  /**
   * Why the file of `writableLayer` is as it was before this run, in one line for the operator;
   * undefined: it was written, or none was asked for.
   */
  readonly layerLoss: string | undefined
}

/** Where a slot is: `free` and `dead` have no process. */
export type SlotState = 'free' | 'starting' | 'running' | 'blocked' | 'paused' | 'zombie' | 'dead'

/** What a running process has used, as it said at its last safepoint or sleep. */
export interface ProcessStats {
  readonly state: SlotState
  /** Weighted instructions. */
  readonly fuel: bigint
  /** Milliseconds of CPU, as `Usage` counts them. */
  readonly cpuMs: number
  /** Bytes of memory its container holds, in whole pages of 64 KiB, and may hold (or Infinity). */
  readonly memory: number
  readonly memoryLimit: number
  readonly syscalls: number
  /** As `Usage` counts them; of PID 1 those of its container. */
  readonly readBytes: number
  readonly writtenBytes: number
  /** How often it has said this, and microseconds between the last two times. */
  readonly safepoints: number
  readonly safepointUs: number
}

/**
 * What all processes of a container have used together: time and fuel of those that have ended too, so
 * both never fall. State and safepoints are PID 1's.
 */
export interface ContainerStats extends ProcessStats {
  /** Those that run, and those that have ended and nobody has asked for. */
  readonly processes: number
}

/** One process of a container, as `ps` on its host tells of it. */
export interface ProcessRow {
  /** Numbers among all processes of the host's cells. */
  readonly pid: number
  /** 0: outside of the container. */
  readonly parentPid: number
  readonly uid: number
  /** Its arguments, with a blank between two, in printable characters and cut; empty: it has none. */
  readonly commandLine: string
  /** What it was called by, without directories, as printable. */
  readonly command: string
  readonly state: 'running' | 'sleeping' | 'stopped' | 'zombie'
  readonly hasTerminal: boolean
  /** Milliseconds since it started. */
  readonly ageMs: number
  /** Milliseconds of CPU. */
  readonly cpuMs: number
  /** Bytes of linear memory. */
  readonly memory: number
}

/** One more process for a container that runs. */
export interface ExecJob {
  readonly module: PreparedModule
  readonly exec: ExecSpec
  /** As `CellJob` has it. */
  readonly program?: string | undefined
  readonly stdin: Input | undefined
  readonly stdout: OutputConsumer
  readonly stderr: OutputConsumer
}

/** A process beside PID 1. Its limits, files and namespaces are the container's; it ends with it. */
export interface ExecProcess {
  /** A number for it among all processes of the host's cells. */
  readonly pid: number
  /**
   * Settles after the last byte of output was consumed and its slot is free. One whose container ended
   * is `killed`. Rejects with an EngineError when it never started: `PROCESS_GONE` (the container has
   * ended), `NO_FREE_SLOT`, `INVALID_ARGUMENT` (no such user, or working directory), `INVALID_LIMIT`
   * (its memory does not fit beside what the container holds, or its pids do not).
   */
  readonly ended: Promise<ExitReport>
  /** Asks for the end; `ended` tells when it came. Repeated calls change nothing. */
  kill(reason: Extract<EndReason, 'killed' | 'timeout'>): void
  /** Sends it a signal, as if from outside of its container: what it does then is the process's own. */
  signal(signal: number): void
  /** Its terminal has another size. Without one nothing happens. */
  resize(size: TerminalSize): void
  /** Read without asking the process. Undefined before it has a thread, and after its end. */
  stats(): Promise<ProcessStats | undefined>
}

/** A process that runs. */
export interface CellProcess {
  /** A number for it among all processes of the host's cells, from 1: Docker's `State.Pid`. */
  readonly pid: number
  /**
   * Settles after the last byte of output was consumed and the slot is free. Rejects with an
   * EngineError when the guest never started.
   */
  readonly ended: Promise<CellExit>
  /** Asks for the end; `ended` tells when it came. Repeated calls change nothing. */
  kill(reason: Extract<EndReason, 'killed' | 'timeout'>): void
  /** Sends it a signal, as if from outside of its container: what it does then is the process's own. */
  signal(signal: number): void
  /** Its terminal has another size. Without one nothing happens. */
  resize(size: TerminalSize): void
  /**
   * Asks the process to stand still. Settles when it does: it uses no CPU, and no guest code runs
   * until `unpause`. What it waits for may come meanwhile, timers go on counting, and a kill ends it
   * at once. Settles too when it has ended or was let go on. Never rejects.
   */
  pause(): Promise<void>
  /** Lets it go on. Repeated calls change nothing. */
  unpause(): void
  /** Gives its container other limits, from its next safepoint on: memory, CPU, pids and rates. */
  update(limits: Partial<Limits>): void
  /**
   * Starts one more process in its container. In a paused container it is admitted, and begins when
   * the container goes on.
   */
  exec(job: ExecJob): ExecProcess
  /** Read without asking any process. Undefined before it has a thread, and after its end. */
  stats(): Promise<ContainerStats | undefined>
  /** All processes of its container, PID 1 first, as their kernel knows them. Undefined after its end. */
  processes(): Promise<readonly ProcessRow[] | undefined>
}

/**
 * The port between the engine and the place where guests run. Whatever stands behind it, a cell owns
 * threads, memory and trees; the engine owns names, records and policy.
 */
export interface Cell extends AsyncDisposable {
  /** EngineError INVALID_MODULE says why a module is refused. */
  prepareModule(source: ModuleSource): Promise<PreparedModule>
  /** `key` names the content: the same key is built once. */
  prepareRoot(key: string, files: () => Promise<readonly LayerFile[]>): Promise<PreparedRoot>
  /** EngineError NO_FREE_SLOT at once when every slot is taken. */
  start(job: CellJob): CellProcess
  /**
   * Asks for, or changes, a container's files, whether a process runs in it or not: a verb and its
   * answer, see `TreeRequest`. While nothing runs, the caller sees to it that nothing is started.
   *
   * @param input - the archive of a `put`.
   * @throws EngineError `NO_SUCH_PATH` | `INVALID_ARCHIVE` | `LAYER_DAMAGED` | `INVALID_LIMIT` |
   *   `PROCESS_GONE`: the process of `tree.pid` has ended.
   */
  tree<R extends TreeRequest>(
    tree: Tree,
    request: R,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<TreeAnswer<R['verb']>>
  /**
   * For tests and `doctor`: what is in use right now. Threads and modules of a cell in a process of its
   * own are as of its last heartbeat.
   */
  inUse(): InUse
}

/** What a cell holds right now. */
export interface InUse {
  readonly slots: number
  readonly threads: number
  readonly modules: number
  /** Of the slots: those whose thread could not be ended. */
  readonly wedged: number
}

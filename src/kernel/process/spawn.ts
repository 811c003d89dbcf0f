import { Errno, type Failure } from '../../contract/errno.ts'
import { MAX_ARGUMENT_BYTES } from '../../contract/limits.ts'
import { type Blocked, blocked, DONE, fail, ok, type Result } from '../../contract/result.ts'
import { utf8Length } from '../../std/utf8.ts'
import { escapeOf } from '../mount/path-walk.ts'
import type { Place, Walker } from '../mount/place.ts'
import { pathOf, plainWalker } from './directory.ts'
import type { FdTable } from './fd-table.ts'
import { type FileAction, runFileActions } from './file-actions.ts'
import { openForProgram } from './first-descriptors.ts'
import { Launch, type LaunchAnswer } from './launcher.ts'
import { commandOf, Process } from './process.ts'
import { joinable } from './process-groups.ts'
import { chargeOf } from './process-thread.ts'
import { type Resolved, resolveProgram } from './resolve-program.ts'
import type { SignalChange } from './signal-actions.ts'

/** What both calls that run a program say of it. */
export interface ProgramCall {
  readonly program: string
  /** The directories to search when the name has no slash; undefined: no search. */
  readonly search: string | undefined
  readonly args: readonly string[]
  /** Undefined: the caller's. */
  readonly environment: readonly string[] | undefined
}

export interface SpawnRequest extends ProgramCall {
  readonly files: readonly FileAction[]
  readonly signals: readonly SignalChange[]
  /** 0: one of its own; undefined: the caller's. */
  readonly group: number | undefined
  /** A session of its own, and so a group. */
  readonly session: boolean
}

/** 2BIG: arguments and environment are more than the guest will hold. */
export function argumentRefusal(
  args: readonly string[],
  environment: readonly string[],
): Failure | undefined {
  let bytes = 0
  for (const texts of [args, environment]) {
    for (const text of texts) {
      bytes += 1 + utf8Length(text)
      if (bytes > MAX_ARGUMENT_BYTES) return Errno['2BIG']
    }
  }
  return undefined
}

/** A wait that no signal cuts short: what has begun is seen through. */
export const untilTold = (launch: Launch): Blocked => ({
  ...blocked(() => launch.answer !== undefined),
  firm: true,
})

/** A child whose program is on its way. */
export class Spawning {
  readonly #pid: number
  readonly #launch: Launch

  constructor(pid: number, launch: Launch) {
    this.#pid = pid
    this.#launch = launch
  }

  /** The pid, or what went wrong outside; nothing of the child is left then. */
  step(): Result<number> | Blocked {
    const { answer } = this.#launch
    if (answer === undefined) return untilTold(this.#launch)
    return answer.ok ? ok(this.#pid) : fail(answer.errno)
  }
}

/** What is there of a child before it has a number. */
interface Prepared extends Resolved {
  readonly fds: FdTable
  readonly directory: Place
  readonly workingDirectory: string
  readonly walker: Walker
}

/**
 * A child of `caller`. Everything that can fail here fails here, with no child.
 *
 * @returns NOENT, NOEXEC, ACCES, LOOP, 2BIG and those of `resolveProgram`; those of the file actions;
 *   AGAIN: no place for a process; NFILE; PERM: no such group in the session, or its session has
 *   another; what an escape answers in `strict`, where there is no path to a program.
 * @source posix_spawn(3)
 */
export function spawn(caller: Process, request: SpawnRequest): Result<Spawning> {
  const refused = refusal(caller, request)
  if (refused !== undefined) return fail(refused)
  const group = groupRefusal(caller, request)
  if (!group.ok) return group
  const fds = caller.fds.inherit()
  if (!fds.ok) return fds
  const prepared = prepare(caller, request, fds.value)
  const born = prepared.ok ? bear(caller, request, prepared.value) : prepared
  if (!born.ok) fds.value.closeAll()
  return born
}

/** What speaks against a program call before anything is looked up. */
export function refusal(caller: Process, call: ProgramCall): Failure | undefined {
  if (caller.walker.personality === 'strict') return escapeOf(caller.walker)
  return argumentRefusal(call.args, call.environment ?? caller.environment)
}

function groupRefusal(caller: Process, { group, session }: SpawnRequest): Result<undefined> {
  if (group === undefined || group === 0) return DONE
  if (!Number.isInteger(group) || group < 0) return fail(Errno.INVAL)
  return session ? fail(Errno.PERM) : joinable(caller.namespace, group, caller.sessionId)
}

function prepare(caller: Process, request: SpawnRequest, fds: FdTable): Result<Prepared> {
  const walker = plainWalker(caller)
  const child = { walker, fds, ledger: caller.ledger, directory: caller.directory }
  const done = runFileActions(child, request.files)
  if (!done.ok) return done
  const resolved = resolveProgram(walker, child.directory, request)
  if (!resolved.ok) return resolved
  const environment = request.environment ?? caller.environment
  const refused = argumentRefusal(resolved.value.args, environment)
  if (refused !== undefined) return fail(refused)
  fds.closeOnExec()
  const { directory } = child
  const path = pathOf(walker, directory)
  const workingDirectory = path.ok ? path.value : caller.workingDirectory
  return ok({ ...resolved.value, fds, directory, workingDirectory, walker })
}

/** RLIMIT_NPROC counts those of the user; root has as many as fit. @source getrlimit(2) */
function isFull(caller: Process): boolean {
  const { credentials, limits, namespace } = caller
  if (credentials.uid === 0) return false
  const own = [...namespace.processes.values()].filter(
    (one) => one.credentials.uid === credentials.uid,
  )
  return own.length >= limits.get('processes').soft
}

function bear(caller: Process, request: SpawnRequest, prepared: Prepared): Result<Spawning> {
  const { namespace } = caller
  const pid = isFull(caller) ? fail(Errno.AGAIN) : namespace.allocate()
  if (!pid.ok) return pid
  const child = childOf(caller, request, prepared, pid.value)
  namespace.add(child)
  const launch = new Launch((answer) => settle(child, answer))
  namespace.launcher.launch(child, prepared.program, launch)
  return ok(new Spawning(pid.value, launch))
}

function childOf(
  caller: Process,
  request: SpawnRequest,
  { fds, directory, workingDirectory, walker, program, args }: Prepared,
  pid: number,
): Process {
  const thread = caller.namespace.launcher.thread()
  const { session, group } = request
  const ownGroup = session || group === 0
  return new Process({
    pid,
    parentPid: caller.pid,
    groupId: ownGroup ? pid : (group ?? caller.groupId),
    sessionId: session ? pid : caller.sessionId,
    credentials: caller.credentials,
    args,
    environment: request.environment ?? caller.environment,
    workingDirectory,
    walker: { ...walker, charge: chargeOf(thread) },
    fds,
    clock: caller.clock,
    random: caller.random,
    ledger: caller.ledger,
    umask: caller.umask,
    thread,
    namespace: caller.namespace,
    directory,
    program: program.path,
    command: commandOf(request.program),
    signals: caller.signals.forChild(request.signals),
    mask: caller.mask.forChild(request.signals),
    limits: caller.limits.inherit(),
    terminal: session ? undefined : caller.terminal,
  })
}

/** One that cannot begin leaves nothing behind; one that was ended meanwhile keeps its end. */
function settle(child: Process, answer: LaunchAnswer): LaunchAnswer {
  const { namespace, pid } = child
  const isThere = namespace.processes.get(pid) === child
  if (!isThere || child.ended !== undefined) return answer.ok ? answer : { ok: true, native: false }
  const ready = answer.ok ? openForProgram(child, answer.native) : answer
  if (ready.ok) return answer
  namespace.discard(pid)
  return ready
}

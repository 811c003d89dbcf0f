import type { RandomFill } from '../contract/clock.ts'
import type { ExecSpec } from '../contract/guest-spec.ts'
import type { StandardStreams } from '../contract/streams.ts'
import { FdTable } from '../kernel/process/fd-table.ts'
import { Process } from '../kernel/process/process.ts'
import { chargeOf, type ProcessThread } from '../kernel/process/process-thread.ts'
import type { Terminal } from '../kernel/process/terminal.ts'
import type { directoryAt } from './container-files.ts'
import {
  enterFirst,
  type Ground,
  type Identity,
  mustOpen,
  openFirst,
  UMASK,
  walkerOf,
  withHome,
} from './container-ground.ts'

/** What a process is made of that is started from outside of its container: PID 1, or an exec. */
export interface OutsideParts {
  readonly pid: number
  readonly spec: Pick<ExecSpec, 'args' | 'environment' | 'workingDirectory' | 'user'>
  /** Where its program lies in the container; undefined: it is no file of it. */
  readonly program: string | undefined
  /** Its program knows its descriptors and its directory. */
  readonly native: boolean
  readonly identityOf: (user: string) => Identity
  /** What the working directory is found by. */
  readonly find: typeof directoryAt
  /** Takes it into the table, as who makes a call: its working directory may be in its own /proc. */
  readonly add: (process: Process) => void
  readonly streams: StandardStreams | Terminal
  readonly random: RandomFill
  readonly thread: ProcessThread
}

/**
 * One that has not begun: it leads a session and a group of its own.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT`, with nothing of it left but its number.
 */
export function outsideProcess(ground: Ground, parts: OutsideParts): Process {
  const { pid, spec, program, native, identityOf, find, add, streams, random, thread } = parts
  const { guest, ledger, clock, namespace } = ground
  const { args, workingDirectory } = spec
  const { credentials, home } = identityOf(spec.user)
  const environment = withHome(spec.environment, home)
  const process = new Process({
    pid,
    parentPid: 0,
    groupId: pid,
    sessionId: pid,
    namespace,
    credentials,
    args,
    program,
    environment,
    workingDirectory,
    walker: walkerOf(ground, credentials, chargeOf(thread)),
    fds: new FdTable(guest.limits.openFiles, ledger),
    clock,
    random,
    ledger,
    umask: UMASK,
    thread,
  })
  try {
    add(process)
    enterFirst(ground, process, find)
    openFirst(ground, process, streams)
    if (native) mustOpen(process)
    return process
  } catch (error) {
    process.fds.closeAll()
    throw error
  }
}

import type { RandomFill } from '../contract/clock.ts'
import type { ExecSpec } from '../contract/guest-spec.ts'
import type { StandardStreams } from '../contract/streams.ts'
import { FdTable } from '../kernel/process/fd-table.ts'
import { Process } from '../kernel/process/process.ts'
import { chargeOf, type ProcessThread } from '../kernel/process/process-thread.ts'
import type { Terminal } from '../kernel/process/terminal.ts'
import {
  type Ground,
  type Identity,
  mustOpen,
  openFirst,
  UMASK,
  type Walking,
  walkerOf,
  withHome,
} from './container-ground.ts'

/** What a process is made of that is started from outside of its container: PID 1, or an exec. */
export interface OutsideParts extends Pick<Walking, 'find'> {
  readonly pid: number
  readonly spec: Pick<ExecSpec, 'args' | 'environment' | 'workingDirectory' | 'user'>
  /** Where its program lies in the container; undefined: it is no file of it. */
  readonly program: string | undefined
  /** Its program knows its descriptors and its directory. */
  readonly native: boolean
  readonly identityOf: (user: string) => Identity
  readonly streams: StandardStreams | Terminal
  readonly random: RandomFill
  readonly thread: ProcessThread
}

/**
 * One that has not begun, and is not in the table yet: it leads a session and a group of its own.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT`, with nothing of it left.
 */
export function outsideProcess(
  ground: Ground,
  { pid, spec, program, native, identityOf, find, streams, random, thread }: OutsideParts,
): Process {
  const { guest, ledger, clock, namespace } = ground
  const { args, workingDirectory } = spec
  const { credentials, home } = identityOf(spec.user)
  const environment = withHome(spec.environment, home)
  const walker = walkerOf(ground, {
    credentials,
    workingDirectory,
    find,
    charge: chargeOf(thread),
  })
  const fds = new FdTable(guest.limits.openFiles, ledger)
  try {
    openFirst(ground, walker, fds, streams)
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
      walker,
      fds,
      clock,
      random,
      ledger,
      umask: UMASK,
      thread,
    })
    if (native) mustOpen(process)
    return process
  } catch (error) {
    fds.closeAll()
    throw error
  }
}

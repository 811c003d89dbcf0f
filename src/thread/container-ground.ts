import type { Clock } from '../contract/clock.ts'
import { EngineError } from '../contract/errors.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import { type Credentials, ROOT } from '../contract/identity.ts'
import type { StandardStreams } from '../contract/streams.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import { homeOf, resolveUser } from '../kernel/identity/user-namespace.ts'
import type { UtsNamespace } from '../kernel/identity/uts-namespace.ts'
import type { MountNamespace } from '../kernel/mount/mount-namespace.ts'
import { OpenFile } from '../kernel/mount/open-file.ts'
import type { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import type { Walker } from '../kernel/mount/place.ts'
import type { Access, FileHandle } from '../kernel/mount/vnode.ts'
import type { FdTable } from '../kernel/process/fd-table.ts'
import { openForProgram } from '../kernel/process/first-descriptors.ts'
import type { PidNamespace } from '../kernel/process/pid-namespace.ts'
import type { Process } from '../kernel/process/process.ts'
import { inputHandle, outputHandle } from '../kernel/process/stream-handle.ts'
import { Terminal } from '../kernel/process/terminal.ts'
import type { ContainerCgroup } from './container-cgroup.ts'
import { directoryAt } from './container-files.ts'
import { NAMES, namesAt } from './name-files.ts'

/** Everything of a container that is made before its processes. */
export interface Ground {
  readonly guest: GuestSpec
  readonly group: ContainerCgroup
  readonly ledger: Ledger
  /** Counts what the host itself reads and writes here: the guest does not pay for it. */
  readonly hostTransfers: Ledger
  readonly clock: Clock
  readonly now: () => bigint
  readonly overlay: OverlayFileSystem
  readonly mounts: MountNamespace
  readonly uts: UtsNamespace
  readonly namespace: PidNamespace
}

const READABLE = { read: true, write: false }
const WRITABLE = { read: false, write: true }

/** File mode creation mask of every process. */
export const UMASK = 0o022

/** Who a user is in a container. */
export interface Identity {
  readonly credentials: Credentials
  readonly home: string
}

/**
 * @param textAt - of a file in the container; empty where there is none.
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function identityIn(textAt: (path: string) => string, user: string): Identity {
  const passwd = textAt(NAMES.passwd)
  const credentials = user === '' ? ROOT : resolveUser(user, passwd, textAt(NAMES.group))
  return { credentials, home: homeOf(credentials.uid, passwd) }
}

/** As the container's files say now. @throws EngineError `INVALID_ARGUMENT`. */
export function identityOf({ mounts, hostTransfers }: Ground, user: string): Identity {
  const walker = mounts.walker()
  return identityIn((path) => namesAt(walker, path, hostTransfers), user)
}

/** An environment with HOME where nobody has set it. */
export function withHome(environment: readonly string[], home: string): readonly string[] {
  const isSet = environment.some((entry) => entry.startsWith('HOME='))
  return isSet ? environment : [...environment, `HOME=${home}`]
}

function openStreams(ledger: Ledger, fds: FdTable, streams: StandardStreams): void {
  const open = (access: Access, handle: FileHandle): void => {
    fds.add(new OpenFile({ type: 'unknown', place: undefined, ledger, access, handle }))
  }
  open(READABLE, inputHandle(streams.stdin))
  open(WRITABLE, outputHandle(streams.stdout))
  open(WRITABLE, outputHandle(streams.stderr))
}

/** All three are one open terminal. */
function openTerminal(ledger: Ledger, fds: FdTable, terminal: Terminal): void {
  const file = new OpenFile({
    type: 'character-device',
    place: undefined,
    ledger,
    access: { read: true, write: true },
    handle: terminal.handle(),
  })
  for (const shared of [file, file.retain(), file.retain()]) fds.add(shared)
}

/** Descriptors 0, 1 and 2, and the preopened directories behind them. */
export function openFirst(
  ground: Ground,
  { walker, fds }: Process,
  streams: StandardStreams | Terminal,
): void {
  const { ledger, guest } = ground
  if (streams instanceof Terminal) openTerminal(ledger, fds, streams)
  else openStreams(ledger, fds, streams)
  // Some libcs send relative names only to a preopen of this name, others know no difference.
  const relative = walker.workingDirectory === undefined ? [] : [['.', '/'] as const]
  const { personality } = walker
  const finder: Walker =
    personality === 'container' ? walker : { ...walker, personality: 'container' }
  for (const [name, path] of [...guest.preopens, ...relative]) {
    const opened = directoryAt(finder, path)
    if (opened === undefined) {
      throw new EngineError('INVALID_ARGUMENT', `preopen ${path}: no such directory`)
    }
    fds.add(
      new OpenFile({
        type: 'directory',
        place: opened,
        ledger,
        access: READABLE,
        handle: undefined,
        preopen: name,
      }),
    )
  }
}

/**
 * Puts what a native program expects in the place of preopens.
 *
 * @throws EngineError `INVALID_LIMIT`.
 */
export function mustOpen(process: Process): void {
  if (process.walker.personality === 'strict') return
  const opened = openForProgram(process, true)
  if (!opened.ok)
    throw new EngineError('INVALID_LIMIT', 'the container may not have a single descriptor')
}

/**
 * Goes from the root to where the process is to begin. The root itself needs no second look.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function enterFirst(
  { guest, mounts }: Ground,
  process: Process,
  find: typeof directoryAt,
): void {
  const path = process.workingDirectory
  if (path === '/' || guest.personality === 'strict') return
  const place = find(mounts.walker(), path)
  if (place === undefined) {
    throw new EngineError('INVALID_ARGUMENT', `working directory ${path}: not a directory`)
  }
  process.directory = place
  process.walker = { ...process.walker, workingDirectory: place }
}

/**
 * How a process of the container walks.
 *
 * @param charge - takes what it costs.
 */
export function walkerOf(
  { guest, mounts }: Ground,
  credentials: Credentials,
  charge: (units: number) => void,
): Walker {
  const { personality, escapeErrno } = guest
  return {
    mounts,
    personality,
    escapeErrno,
    credentials,
    root: mounts.root,
    workingDirectory: undefined,
    charge,
  }
}

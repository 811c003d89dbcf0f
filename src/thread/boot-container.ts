import { webcrypto } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Clock, RandomFill } from '../contract/clock.ts'
import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import type { GuestSpec, MountSpec } from '../contract/guest-spec.ts'
import { type Credentials, ROOT } from '../contract/identity.ts'
import { OWN_FILES } from '../contract/own-files.ts'
import type { Result } from '../contract/result.ts'
import type { CpuBandwidth } from '../kernel/cgroup/cpu.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import { homeOf, resolveUser } from '../kernel/identity/user-namespace.ts'
import { type UtsNamespace, utsNamespace } from '../kernel/identity/uts-namespace.ts'
import { BindFileSystem } from '../kernel/mount/fs/bind.ts'
import { cgroup } from '../kernel/mount/fs/cgroup.ts'
import { devices } from '../kernel/mount/fs/dev.ts'
import { MemoryFileSystem } from '../kernel/mount/fs/memory.ts'
import { proc } from '../kernel/mount/fs/proc.ts'
import { SyntheticFileSystem } from '../kernel/mount/fs/synthetic.ts'
import { type LayerParts, LayerView } from '../kernel/mount/layer-view.ts'
import { MountNamespace } from '../kernel/mount/mount-namespace.ts'
import { OpenFile } from '../kernel/mount/open-file.ts'
import { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import type { Walker } from '../kernel/mount/place.ts'
import type { FileSystem } from '../kernel/mount/vnode.ts'
import { FdTable } from '../kernel/process/fd-table.ts'
import type { Process } from '../kernel/process/process.ts'
import { inputHandle, outputHandle } from '../kernel/process/stream-handle.ts'
import { seededRandom } from '../std/seeded-random.ts'
import { frozenClock, hostClock } from './clock.ts'
import { type ContainerCgroup, containerCgroup } from './container-cgroup.ts'
import { directoryAt, makeDirectory, readWhole, writeWhole } from './container-files.ts'
import type { GuestPorts } from './guest-ports.ts'
import { NodeHostDirectory } from './host-directory.ts'
import { createInodeStore } from './inode-store.ts'
import { RunningProcess } from './running-process.ts'
import { adoptUpper, keepUpper } from './upper-file.ts'

/** PID 1 of a container and what must be given back after it. */
export interface Container {
  readonly process: RunningProcess
  readonly ledger: Ledger
  /** The bytes of those paths that are regular files. */
  collect(paths: readonly string[]): ReadonlyMap<string, Uint8Array>
  /** As `GuestEnd` has it. */
  readonly keep?: () => string | undefined
  shutDown(): void
}

const INIT = 1
const UMASK = 0o022
const DEVICE = { root: 1, proc: 2, dev: 3, cgroup: 4, firstMount: 5 } as const

/** Everything of a container that is made before its process. */
interface Ground {
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
  readonly processes: Map<number, Process>
}

const refused = (path: string, result: Result<unknown>): EngineError => {
  const errno = result.ok ? 0 : result.errno
  const name = Object.entries(Errno).find(([, value]) => value === errno)?.[0]
  return new EngineError('INVALID_MOUNT', `cannot prepare ${path} in the container: ${name}`)
}

/** What stands in each of `OWN_FILES`. */
function ownFiles({ hostname, domainname }: UtsNamespace): readonly (readonly [string, string])[] {
  const full = domainname === '' ? hostname : `${hostname}.${domainname} ${hostname}`
  const [hostnameFile, hosts, resolver] = OWN_FILES
  return [
    [hostnameFile, `${hostname}\n`],
    [hosts, `127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.1.1\t${full}\n`],
    [resolver, ''],
  ]
}

/** Files are put in through the root before it may become read-only, as root. */
function putFiles(ground: Ground): void {
  const walker = ground.mounts.walker()
  for (const [path, text] of ownFiles(ground.uts)) {
    writeWhole(walker, path, new TextEncoder().encode(text), 0o644, ground.hostTransfers)
  }
  for (const { path, bytes, mode } of ground.guest.files) {
    const written = writeWhole(walker, path, bytes, mode, ground.hostTransfers)
    if (!written.ok) throw refused(path, written)
  }
}

function fileSystemOf(ground: Ground, mount: MountSpec, device: number): FileSystem {
  if (mount.type === 'bind') return new BindFileSystem(new NodeHostDirectory(mount.source), device)
  const { ledger, now } = ground
  const store = createInodeStore()
  return new MemoryFileSystem({
    store,
    ledger,
    now,
    device,
    mode: mount.mode,
    limitBytes: mount.size,
  })
}

function mountAll(ground: Ground, random: RandomFill, started: number): void {
  const { guest, ledger, mounts, now, processes, uts } = ground
  const self = (): Process => {
    const init = processes.get(INIT)
    if (init === undefined) throw new TypeError('no process yet')
    return init
  }
  const uptime = (): number => Number(ground.clock.now('monotonic') - BigInt(started)) / 1e9
  const { cpuUsage, shares, memory, pids: controller } = ground.group
  const cpu = (): CpuBandwidth => ground.group.cpu.bandwidth
  const { quotaUs, periodUs } = cpu()
  const cpus = quotaUs === undefined ? availableParallelism() : Math.ceil(quotaUs / periodUs)
  const pids = (): readonly number[] => [...processes.keys()]
  const parts = { ledger, memory, processes: controller, pids, cpu, shares, cpuUsage }
  const kernelFiles = [
    ['/proc', 'proc', DEVICE.proc, proc({ processes, self, mounts, uts, cpus, uptime })],
    ['/dev', 'devtmpfs', DEVICE.dev, devices(random)],
    ['/sys/fs/cgroup', 'cgroup2', DEVICE.cgroup, cgroup(parts)],
  ] as const
  for (const [path, name, device, tree] of kernelFiles) {
    const done = mounts.mount(path, new SyntheticFileSystem(name, device, tree, now), {
      readOnly: false,
    })
    if (!done.ok) throw refused(path, done)
  }
  for (const [index, mount] of guest.mounts.entries()) {
    const fs = fileSystemOf(ground, mount, DEVICE.firstMount + index)
    const done = mounts.mount(mount.target, fs, { readOnly: mount.readOnly })
    if (!done.ok) throw refused(mount.target, done)
  }
}

function textAt(walker: Walker, path: string, ledger: Ledger): string {
  const bytes = readWhole(walker, path, ledger)
  return bytes.ok ? new TextDecoder().decode(bytes.value) : ''
}

/** Who the guest is, and its environment with HOME where nobody has set it. */
function userOf(ground: Ground): {
  readonly credentials: Credentials
  readonly environment: readonly string[]
} {
  const walker = ground.mounts.walker()
  const { hostTransfers, guest } = ground
  const passwd = textAt(walker, '/etc/passwd', hostTransfers)
  const group = guest.user === '' ? '' : textAt(walker, '/etc/group', hostTransfers)
  const credentials = guest.user === '' ? ROOT : resolveUser(guest.user, passwd, group)
  const isSet = guest.environment.some((entry) => entry.startsWith('HOME='))
  const home = isSet ? [] : [`HOME=${homeOf(credentials.uid, passwd)}`]
  return { credentials, environment: [...guest.environment, ...home] }
}

/** Descriptors 0, 1 and 2, and the preopened directories behind them. */
function openFirst(ground: Ground, walker: Walker, fds: FdTable, ports: GuestPorts): void {
  const { ledger, guest } = ground
  const type = 'unknown'
  const place = undefined
  const readable = { read: true, write: false }
  const writable = { read: false, write: true }
  fds.add(new OpenFile({ type, place, ledger, access: readable, handle: inputHandle(ports.stdin) }))
  for (const sink of [ports.stdout, ports.stderr]) {
    fds.add(new OpenFile({ type, place, ledger, access: writable, handle: outputHandle(sink) }))
  }
  // Some libcs send relative names only to a preopen of this name, others know no difference.
  const relative = walker.workingDirectory === undefined ? [] : [['.', '/'] as const]
  for (const [name, path] of [...guest.preopens, ...relative]) {
    const opened = directoryAt({ ...walker, personality: 'container' }, path)
    if (opened === undefined) {
      throw new EngineError('INVALID_ARGUMENT', `preopen ${path}: no such directory`)
    }
    fds.add(
      new OpenFile({
        type: 'directory',
        place: opened,
        ledger,
        access: readable,
        handle: undefined,
        preopen: name,
      }),
    )
  }
}

function groundOf(
  { guest, root, writableLayer }: Boot,
  clock: Clock,
  group: ContainerCgroup,
): Ground {
  const { ledger } = group
  const now = (): bigint => clock.now('realtime')
  const parts = { store: createInodeStore(), ledger, now, device: DEVICE.root }
  const overlay = new OverlayFileSystem(new LayerView(root), parts)
  if (writableLayer !== undefined) adoptUpper(overlay, writableLayer)
  const uts = utsNamespace(guest.hostname, guest.domainname)
  const mounts = new MountNamespace(overlay, { readOnly: false })
  const hostTransfers = new Ledger()
  const processes = new Map<number, Process>()
  return { guest, group, ledger, hostTransfers, clock, now, overlay, mounts, uts, processes }
}

/** Node's words name a path of the host, which is not for everybody: only its code is told. */
function kept(overlay: OverlayFileSystem, path: string): string | undefined {
  try {
    keepUpper(overlay, path)
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return `what the container had written since its start is lost: its files cannot be kept (${code})`
  }
}

/** Time and randomness: the host's, or those of a run that can be repeated. */
function sourcesOf(
  { deterministic }: GuestSpec,
  cpuMs: () => number,
): { readonly clock: Clock; readonly random: RandomFill } {
  if (deterministic !== undefined) {
    return {
      clock: frozenClock(deterministic.epoch),
      random: seededRandom(deterministic.seed),
    }
  }
  return { clock: hostClock(cpuMs), random: (into) => void webcrypto.getRandomValues(into) }
}

/** Made when it is missing, as docker does. The root itself needs no second look. */
function workingDirectoryOf({ guest, mounts }: Ground): Pick<Walker, 'workingDirectory'> {
  const path = guest.workingDirectory
  if (path === '/' || guest.personality === 'strict') return {}
  const place = makeDirectory(mounts.walker(), path)
  if (place === undefined) {
    throw new EngineError('INVALID_ARGUMENT', `working directory ${path}: not a directory`)
  }
  return { workingDirectory: place }
}

/** How PID 1 walks, and who pays for it. */
function walkerOf(
  ground: Ground,
  credentials: Credentials,
  charge: (units: number) => void,
): Walker {
  const { guest, mounts } = ground
  const { personality, escapeErrno } = guest
  const walker = { ...mounts.walker(), ...workingDirectoryOf(ground) }
  return { ...walker, personality, escapeErrno, credentials, charge }
}

/** What a container is made of. */
interface Boot {
  readonly guest: GuestSpec
  readonly root: LayerParts
  readonly writableLayer?: string | undefined
}

/**
 * Makes a container around one guest: root, mounts, namespaces, and PID 1, which has not begun.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_MOUNT` | `INVALID_LIMIT` | `LAYER_DAMAGED`.
 */
export function bootContainer(boot: Boot, ports: GuestPorts): Container {
  const { guest, writableLayer } = boot
  const began = performance.now()
  let init: RunningProcess | undefined
  const cpuMs = (): number => performance.now() - began - (init?.parkedMs ?? 0)
  const { clock, random } = sourcesOf(guest, cpuMs)
  const group = containerCgroup(guest, ports, began * 1_000)
  const ground = groundOf(boot, clock, group)
  const { ledger, mounts, processes } = ground
  putFiles(ground)
  mountAll(ground, random, Number(clock.now('monotonic')))
  const { credentials, environment } = userOf(ground)
  const walker = walkerOf(ground, credentials, (units) => init?.charge(units))
  if (guest.readOnlyRoot) mounts.protectRoot()
  const fds = new FdTable(guest.limits.openFiles, ledger)
  openFirst(ground, walker, fds, ports)
  group.pids.join()
  init = new RunningProcess({
    pid: INIT,
    parentPid: 0,
    credentials,
    args: guest.args,
    environment,
    workingDirectory: guest.workingDirectory,
    walker,
    fds,
    clock,
    random,
    ledger,
    umask: UMASK,
    waiter: ports.waiter,
    control: ports.control,
    fuelLimit: guest.limits.fuel,
    memory: group.memory,
    cpu: group.cpuOfInit,
    setLimits: (limits) => group.setLimits(limits, performance.now()),
    sliceClock: guest.deterministic === undefined ? () => performance.now() : undefined,
  })
  processes.set(INIT, init)
  const { overlay } = ground
  ports.serves?.({ overlay, user: guest.user, walker: () => mounts.walker() })
  group.cpuOfInit.enter(performance.now())
  return {
    process: init,
    ledger,
    collect: (paths) => collect(mounts.walker(), paths, ground.hostTransfers),
    ...(writableLayer !== undefined && { keep: () => kept(ground.overlay, writableLayer) }),
    shutDown: () => {
      group.cpuOfInit.leave(performance.now())
      fds.closeAll()
      processes.clear()
      group.pids.leave()
    },
  }
}

function collect(
  walker: Walker,
  paths: readonly string[],
  ledger: Ledger,
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  for (const path of paths) {
    const bytes = readWhole(walker, path, ledger)
    if (bytes.ok) files.set(path, bytes.value)
  }
  return files
}

import { availableParallelism } from 'node:os'
import type { Clock, RandomFill } from '../contract/clock.ts'
import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import type { GuestSpec, MountSpec } from '../contract/guest-spec.ts'
import { OWN_FILES } from '../contract/own-files.ts'
import type { Result } from '../contract/result.ts'
import type { CpuBandwidth } from '../kernel/cgroup/cpu.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import { type UtsNamespace, utsNamespace } from '../kernel/identity/uts-namespace.ts'
import { BindFileSystem } from '../kernel/mount/fs/bind.ts'
import { cgroup } from '../kernel/mount/fs/cgroup.ts'
import { devices } from '../kernel/mount/fs/dev.ts'
import { MemoryFileSystem } from '../kernel/mount/fs/memory.ts'
import { proc } from '../kernel/mount/fs/proc.ts'
import { SyntheticFileSystem } from '../kernel/mount/fs/synthetic.ts'
import { type LayerParts, LayerView } from '../kernel/mount/layer-view.ts'
import { MountNamespace } from '../kernel/mount/mount-namespace.ts'
import { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import type { Walker } from '../kernel/mount/place.ts'
import type { FileSystem } from '../kernel/mount/vnode.ts'
import { PidNamespace } from '../kernel/process/pid-namespace.ts'
import type { Process } from '../kernel/process/process.ts'
import { type ContainerCgroup, containerCgroup } from './container-cgroup.ts'
import { makeDirectory, readWhole, writeWhole } from './container-files.ts'
import type { Ground } from './container-ground.ts'
import { FuelPool } from './fuel-pool.ts'
import type { GuestPorts } from './guest-ports.ts'
import { NodeHostDirectory } from './host-directory.ts'
import { InitThread } from './init-thread.ts'
import { createInodeStore } from './inode-store.ts'
import { Launches } from './launches.ts'
import { LeaderThread } from './leader-thread.ts'
import { Members } from './members.ts'
import { outsideProcess } from './outside-process.ts'
import { PipeArena } from './pipe-arena.ts'
import { sourcesOf } from './sources.ts'
import { adoptUpper, keepUpper } from './upper-file.ts'

/** PID 1 of a container and what must be given back after it. */
export interface Container {
  readonly process: Process
  readonly thread: InitThread
  readonly ledger: Ledger
  /** The bytes of those paths that are regular files. */
  collect(paths: readonly string[]): ReadonlyMap<string, Uint8Array>
  /** As `GuestEnd` has it. */
  readonly keep?: () => string | undefined
  shutDown(): void
}

const DEVICE = { root: 1, proc: 2, dev: 3, cgroup: 4, firstMount: 5 } as const

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

function mountAll(
  ground: Ground,
  { random, members, started }: { random: RandomFill; members: Members; started: number },
): void {
  const { guest, ledger, mounts, now, uts } = ground
  const { namespace } = ground
  const { processes } = namespace
  const born = (): number => namespace.born
  const self = (): Process => members.caller
  const uptime = (): number => Number(ground.clock.now('monotonic') - BigInt(started)) / 1e9
  const { cpuUsage, shares, memory, pids: controller } = ground.group
  const cpu = (): CpuBandwidth => ground.group.cpu.bandwidth
  const { quotaUs, periodUs } = cpu()
  const cpus = quotaUs === undefined ? availableParallelism() : Math.ceil(quotaUs / periodUs)
  const pids = (): readonly number[] => [...processes.keys()]
  const parts = { ledger, memory, processes: controller, pids, cpu, shares, cpuUsage }
  const kernelFiles = [
    [
      '/proc',
      'proc',
      DEVICE.proc,
      proc({ processes, self, mounts, uts, cpus, uptime, cpuUsage, born }),
    ],
    [
      '/dev',
      'devtmpfs',
      DEVICE.dev,
      devices(
        random,
        () => self().terminal,
        () => members.terminals.all(),
      ),
    ],
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
  const namespace = new PidNamespace({ pids: group.pids, initDefaults: guest.init, clock })
  return { guest, group, ledger, hostTransfers, clock, now, overlay, mounts, uts, namespace }
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

/** What a container is made of. */
interface Boot {
  readonly guest: GuestSpec
  readonly root: LayerParts
  readonly writableLayer?: string | undefined
  /** PID 1's program knows its descriptors and its directory. */
  readonly native: boolean
  readonly program?: string | undefined
}

function firstPid(namespace: PidNamespace): number {
  const pid = namespace.allocate()
  if (!pid.ok) throw new EngineError('INVALID_LIMIT', 'the container may not have a single process')
  return pid.value
}

interface Init {
  readonly process: Process
  readonly thread: InitThread
}

interface InitParts extends Pick<Boot, 'native' | 'program'> {
  readonly random: RandomFill
  readonly members: Members
}

/** PID 1, which has not begun. */
function initOf(
  ground: Ground,
  { native, program, random, members }: InitParts,
  ports: GuestPorts,
): Init {
  const { guest, group, ledger } = ground
  const { fuel } = guest.limits
  const thread = new InitThread({
    ledger,
    waiter: ports.waiter,
    control: ports.control,
    fuelPool: ports.fuelPool ?? (fuel === undefined ? undefined : FuelPool.of(fuel)),
    memory: group.memory,
    cpu: group.cpuOfInit,
    setLimits: (limits) => group.setLimits(limits, performance.now()),
    sliceClock: guest.deterministic === undefined ? () => performance.now() : undefined,
  })
  const terminal = guest.terminal && members.terminals.make(guest.terminal, ports)
  const process = outsideProcess(ground, {
    pid: firstPid(ground.namespace),
    spec: guest,
    program,
    native,
    // Made when it is missing, as docker does.
    find: makeDirectory,
    streams: terminal ?? ports,
    random,
    thread: new LeaderThread(thread, ports.signals, guest.deterministic !== undefined),
  })
  // Its working directory may have been made in it.
  if (guest.readOnlyRoot) ground.mounts.protectRoot()
  if (terminal !== undefined) members.terminals.control(undefined, terminal, process)
  return { process, thread }
}

/**
 * Makes a container around one guest: root, mounts, namespaces, and PID 1, which has not begun.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_MOUNT` | `INVALID_LIMIT` | `LAYER_DAMAGED`.
 */
export function bootContainer(boot: Boot, ports: GuestPorts): Container {
  const { guest, writableLayer } = boot
  const began = performance.now()
  let init: Init | undefined
  const cpuMs = (): number => performance.now() - began - (init?.thread.parkedMs ?? 0)
  const wakes = (): bigint | undefined => init?.process.namespace.timers.next
  const { clock, random } = sourcesOf(guest.deterministic, cpuMs, wakes)
  const group = containerCgroup(guest, ports, began * 1_000, () => members.cpuMs)
  const ground = groundOf(boot, clock, group)
  const { ledger, mounts, overlay, namespace } = ground
  const arena = ports.place && new PipeArena(ports.place)
  namespace.pipes = arena
  const launches = new Launches({
    pipes: arena && (() => arena.memory),
    send: ports.order,
    look: () => members.look(),
    numberOf: (process) => members.numberOf(process),
    frozen: guest.deterministic !== undefined,
  })
  namespace.launcher = launches
  const members: Members = new Members({ ground, random, launches, arena })
  putFiles(ground)
  mountAll(ground, { random, members, started: Number(clock.now('monotonic')) })
  const { process, thread } = initOf(ground, { ...boot, random, members }, ports)
  init = { process, thread }
  members.lead(process, thread)
  ports.serves?.({ overlay, user: guest.user, walker: () => mounts.walker(), members })
  group.cpuOfInit.begin(performance.now())
  return {
    process,
    thread,
    ledger,
    collect: (paths) => collect(mounts.walker(), paths, ground.hostTransfers),
    ...(writableLayer !== undefined && { keep: () => kept(ground.overlay, writableLayer) }),
    shutDown: () => {
      members.close()
      group.cpuOfInit.end(performance.now())
      namespace.discard(process.pid)
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

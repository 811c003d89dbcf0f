import type { Clock, RandomFill } from '../contract/clock.ts'
import { EngineError } from '../contract/errors.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import { Ledger } from '../kernel/cgroup/ledger.ts'
import { utsNamespace } from '../kernel/identity/uts-namespace.ts'
import type { LayerParts, LayerView } from '../kernel/mount/layer-view.ts'
import { MountNamespace } from '../kernel/mount/mount-namespace.ts'
import { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import { PidNamespace } from '../kernel/process/pid-namespace.ts'
import type { Process } from '../kernel/process/process.ts'
import { type Collected, collectFiles } from './collect-files.ts'
import { type ContainerCgroup, containerCgroup } from './container-cgroup.ts'
import { makeDirectory } from './container-files.ts'
import { type Ground, type Identity, identityOf } from './container-ground.ts'
import { FuelPool } from './fuel-pool.ts'
import { DEVICE, furnish, furnishLater } from './furnish.ts'
import type { GuestPorts } from './guest-ports.ts'
import { InitThread } from './init-thread.ts'
import { createInodeStore } from './inode-store.ts'
import type { KeptRoot, KeptRoots } from './kept-roots.ts'
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
  /** The files of `GuestSpec.collect` that are there. */
  collect(): Collected
  /** As `GuestEnd` has it. */
  readonly keep: (() => string | undefined) | undefined
  shutDown(): void
}

function groundOf(
  { guest, writableLayer }: Boot,
  view: LayerView,
  clock: Clock,
  group: ContainerCgroup,
): Ground {
  const { ledger } = group
  const now = (): bigint => clock.now('realtime')
  const parts = { store: createInodeStore(), ledger, now, device: DEVICE.root }
  const overlay = new OverlayFileSystem(view, parts)
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
  readonly identityOf: (user: string) => Identity
  readonly random: RandomFill
  readonly members: Members
}

/** PID 1, which has not begun. */
function initOf(
  ground: Ground,
  { native, program, identityOf, random, members }: InitParts,
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
    identityOf,
    // Made when it is missing, as docker does.
    find: makeDirectory,
    add: (process) => members.lead(process, thread),
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
 * Whether nobody can tell when a root is furnished: nothing is in the way, nothing is put in or mounted but
 * what every root has, and nothing outlives the run. Most short runs never look.
 */
const mayBeFurnishedLater = ({ guest, writableLayer }: Boot, { isPlain }: KeptRoot): boolean =>
  isPlain &&
  writableLayer === undefined &&
  !guest.readOnlyRoot &&
  guest.files.length === 0 &&
  guest.mounts.length === 0

/**
 * Makes a container around one guest: root, mounts, namespaces, and PID 1, which has not begun.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_MOUNT` | `INVALID_LIMIT` | `LAYER_DAMAGED`.
 */
export function bootContainer(boot: Boot, ports: GuestPorts, roots: KeptRoots): Container {
  const { guest, writableLayer } = boot
  const began = performance.now()
  let init: Init | undefined
  const cpuMs = (): number => performance.now() - began - (init?.thread.parkedMs ?? 0)
  const wakes = (): bigint | undefined => init?.process.namespace.timers.next
  const { clock, random } = sourcesOf(guest.deterministic, cpuMs, wakes)
  const group = containerCgroup(guest, ports, began * 1_000, () => members.cpuMs)
  const root = roots.of(boot.root)
  const ground = groundOf(boot, root.view, clock, group)
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
  const parts = { random, members, started: clock.now('monotonic') }
  const canWait = mayBeFurnishedLater(boot, root) && furnishLater(ground, parts)
  if (!canWait) furnish(ground, parts)
  const who = (user: string): Identity =>
    canWait ? root.identityOf(user) : identityOf(ground, user)
  const { native, program } = boot
  init = initOf(ground, { native, program, identityOf: who, random, members }, ports)
  const { process, thread } = init
  ports.serves?.({ overlay, user: guest.user, walker: () => mounts.walker(), members })
  group.cpuOfInit.begin(performance.now())
  return {
    process,
    thread,
    ledger,
    collect: () => collectFiles(mounts.walker(), guest, ground.hostTransfers),
    keep: writableLayer === undefined ? undefined : () => kept(ground.overlay, writableLayer),
    shutDown: () => {
      members.close()
      group.cpuOfInit.end(performance.now())
      namespace.discard(process.pid)
    },
  }
}

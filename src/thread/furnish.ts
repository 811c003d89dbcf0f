import { availableParallelism } from 'node:os'
import type { RandomFill } from '../contract/clock.ts'
import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import type { MountSpec } from '../contract/guest-spec.ts'
import { OWN_FILES } from '../contract/own-files.ts'
import type { Result } from '../contract/result.ts'
import type { CpuBandwidth } from '../kernel/cgroup/cpu.ts'
import type { UtsNamespace } from '../kernel/identity/uts-namespace.ts'
import { BindFileSystem } from '../kernel/mount/fs/bind.ts'
import { cgroup } from '../kernel/mount/fs/cgroup.ts'
import { devices } from '../kernel/mount/fs/dev.ts'
import { MemoryFileSystem } from '../kernel/mount/fs/memory.ts'
import { proc } from '../kernel/mount/fs/proc.ts'
import { SyntheticFileSystem } from '../kernel/mount/fs/synthetic.ts'
import { roomOf } from '../kernel/mount/quota.ts'
import type { FileSystem } from '../kernel/mount/vnode.ts'
import type { Process } from '../kernel/process/process.ts'
import { writeWhole } from './container-files.ts'
import type { Ground } from './container-ground.ts'
import { NodeHostDirectory } from './host-directory.ts'
import { createInodeStore } from './inode-store.ts'
import type { Members } from './members.ts'

/** Numbers of a container's file systems. */
export const DEVICE = { root: 1, proc: 2, dev: 3, cgroup: 4, firstMount: 5 } as const

/** Where the kernel's own file systems are mounted. */
export const KERNEL_MOUNTS = ['/proc', '/dev', '/sys/fs/cgroup'] as const

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

/** Bytes of memory that a container's own files take, and their directory in the writable layer. */
const roomOfOwnFiles = ({ uts }: Ground): number =>
  ownFiles(uts).reduce((sum, [, text]) => sum + roomOf(text.length), roomOf(0))

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

export interface FurnishParts {
  readonly random: RandomFill
  readonly members: Members
  /** Nanoseconds of the monotonic clock at which the container began. */
  readonly started: bigint
}

function mountAll(ground: Ground, { random, members, started }: FurnishParts): void {
  const { guest, ledger, clock, mounts, now, uts } = ground
  const { namespace } = ground
  const { processes } = namespace
  const born = (): number => namespace.born
  const self = (): Process | undefined => members.caller
  const uptime = (): number => Number(ground.clock.now('monotonic') - started) / 1e9
  const { cpuUsage, shares, memory, pids: controller } = ground.group
  const cpu = (): CpuBandwidth => ground.group.cpu.bandwidth
  const { quotaUs, periodUs } = cpu()
  const cpus = quotaUs === undefined ? availableParallelism() : Math.ceil(quotaUs / periodUs)
  const pids = (): readonly number[] => [...processes.keys()]
  const parts = { ledger, memory, processes: controller, pids, cpu, shares, cpuUsage }
  const [procPath, devPath, cgroupPath] = KERNEL_MOUNTS
  const kernelFiles = [
    [
      procPath,
      'proc',
      DEVICE.proc,
      proc({ processes, self, mounts, uts, ledger, clock, cpus, uptime, cpuUsage, born }),
    ],
    [
      devPath,
      'devtmpfs',
      DEVICE.dev,
      devices(
        random,
        () => self()?.terminal,
        () => members.terminals.all(),
      ),
    ],
    [cgroupPath, 'cgroup2', DEVICE.cgroup, cgroup(parts)],
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

/**
 * Puts into a container's root what is none of its image: files of its own and those it was given, the
 * kernel's file systems, and its mounts.
 *
 * @throws EngineError `INVALID_MOUNT`.
 */
export function furnish(ground: Ground, parts: FurnishParts): void {
  putFiles(ground)
  mountAll(ground, parts)
}

/**
 * The same as soon as somebody looks at the root. What it takes is kept for it. False: there is not so much
 * memory.
 */
export function furnishLater(ground: Ground, parts: FurnishParts): boolean {
  const { ledger, overlay } = ground
  const kept = roomOfOwnFiles(ground)
  if (!ledger.charge('memory', kept)) return false
  overlay.furnishLater(() => {
    ledger.release('memory', kept)
    furnish(ground, parts)
  })
  return true
}

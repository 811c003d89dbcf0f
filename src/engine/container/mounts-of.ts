import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { MountSpec } from '../../contract/guest-spec.ts'
import { sizeOf } from './limits-of.ts'
import type { Mount } from './run-spec.ts'

/** What every container has anyway; mounting over it would hide the kernel's own files. */
const RESERVED = new Set(['/', '/proc', '/dev', '/sys', '/sys/fs/cgroup'])
const DEFAULT_TMPFS_MODE = 0o1777

const invalid = (reason: string): EngineError => new EngineError('INVALID_MOUNT', reason)

function targetOf(target: string): string {
  if (!target.startsWith('/') || target.includes('\0')) {
    throw invalid(`invalid mount target ${JSON.stringify(target)}: mount path must be absolute`)
  }
  const parts = target.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) {
    throw invalid(`invalid mount target ${JSON.stringify(target)}: '..' is not accepted`)
  }
  const path = `/${parts.join('/')}`
  if (RESERVED.has(path)) throw invalid(`invalid mount target ${path}: it is the container's own`)
  return path
}

function mountOf(mount: Mount): MountSpec {
  const target = targetOf(mount.target)
  const readOnly = mount.readOnly ?? false
  if (mount.type === 'tmpfs') {
    const size = mount.size === undefined ? undefined : sizeOf('tmpfs size', mount.size)
    return { type: 'tmpfs', target, size, mode: mount.mode ?? DEFAULT_TMPFS_MODE, readOnly }
  }
  if (!isAbsolute(mount.source)) {
    throw invalid(`invalid bind source ${JSON.stringify(mount.source)}: it must be absolute`)
  }
  if (!existsSync(mount.source)) {
    throw invalid(
      `invalid mount config for type "bind": bind source path does not exist: ${mount.source}`,
    )
  }
  const volume = 'volume' in mount && typeof mount.volume === 'string' ? mount.volume : undefined
  const ofVolume = volume === undefined ? {} : { volume }
  return { type: 'bind', source: mount.source, target, readOnly, ...ofVolume }
}

/**
 * The mounts of one container in mounting order: a mount below another comes after it.
 *
 * @throws EngineError `INVALID_MOUNT`. The message names the caller's own source path.
 */
export function mountsOf(mounts: readonly Mount[] = []): readonly MountSpec[] {
  const specs = mounts.map(mountOf)
  const targets = new Set<string>()
  for (const { target } of specs) {
    if (targets.has(target)) throw invalid(`Duplicate mount point: ${target}`)
    targets.add(target)
  }
  return specs.sort((a, b) => a.target.split('/').length - b.target.split('/').length)
}

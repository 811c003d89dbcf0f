import { Errno } from '../../contract/errno.ts'
import { MAX_NAME_BYTES, walkTo } from '../../kernel/mount/path-walk.ts'
import type { Place } from '../../kernel/mount/place.ts'
import type { CallContext } from '../preview1/call.ts'
import { locate } from '../preview1/locate.ts'

export const STATFS_BYTES = 56
const BLOCK = 4_096
const READ_ONLY = 1
/** Blocks of what has no bound of its own: 1 TiB. */
const UNBOUNDED = 2 ** 28

/** By the words of /proc/mounts. @source statfs(2) */
const MAGIC: Readonly<Record<string, number>> = {
  overlay: 0x794c7630,
  tmpfs: 0x01021994,
  devtmpfs: 0x01021994,
  proc: 0x9fa0,
  cgroup2: 0x63677270,
  // what Docker's volumes most often lie on: ext4
  bind: 0xef53,
}

/** Blocks in all, and free. What is made up by the kernel has none. */
function blocksOf({ fs }: Place['mount']): readonly [total: number, free: number] {
  if (fs.synthetic === true) return [0, 0]
  const usage = fs.usage?.()
  if (usage === undefined) return [UNBOUNDED, UNBOUNDED]
  const used = Math.ceil(usage.bytes / BLOCK)
  const { limit } = usage
  const isBounded = limit !== undefined && Number.isFinite(limit)
  const total = isBounded ? Math.ceil(limit / BLOCK) : Math.max(UNBOUNDED, used)
  return [total, Math.max(0, total - used)]
}

/**
 * blocks@0 free@8 available@16 files@24 free files@32, of 64 bits each; block size@40 flags@44 name
 * length@48 type@52. Files are not counted: 0, as btrfs has it.
 */
function writeStatfs({ memory }: CallContext, pointer: number, { mount }: Place): Errno {
  const view = memory.zeroed(pointer, STATFS_BYTES)
  if (!view.ok) return view.errno
  const [total, free] = blocksOf(mount)
  for (const [index, word] of [total, free, free].entries()) {
    view.value.setBigUint64(index * 8, BigInt(word), true)
  }
  const flags = mount.readOnly ? READ_ONLY : 0
  const words = [BLOCK, flags, MAX_NAME_BYTES, MAGIC[mount.fs.name] ?? 0]
  for (const [index, word] of words.entries()) view.value.setUint32(40 + index * 4, word, true)
  return Errno.SUCCESS
}

/** NOSYS: of a pipe or a stream. @source fstatfs(2) */
export function fdStatfs(call: CallContext, fd: number, out: number): Errno {
  const file = call.process.fds.get(fd >>> 0)
  if (!file.ok) return file.errno
  const { place } = file.value
  return place === undefined ? Errno.NOSYS : writeStatfs(call, out, place)
}

/** @source statfs(2) */
export function pathStatfs(
  call: CallContext,
  fd: number,
  pointer: number,
  length: number,
  out: number,
): Errno {
  const at = locate(call, fd, pointer, length)
  if (!at.ok) return at.errno
  const place = walkTo(call.process.walker, at.value.base, at.value.path, true)
  return place.ok ? writeStatfs(call, out, place.value) : place.errno
}

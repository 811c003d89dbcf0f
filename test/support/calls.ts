import type { PREVIEW1 } from '../../src/abi/preview1/table.ts'
import { OpenFile } from '../../src/kernel/mount/open-file.ts'
import type { Personality } from '../../src/kernel/mount/place.ts'
import type { Vnode } from '../../src/kernel/mount/vnode.ts'
import { inputHandle, outputHandle } from '../../src/kernel/process/stream-handle.ts'
import { must } from './errno.ts'
import { directoryEntry, fileEntry, linkEntry, processOf } from './process.ts'

export type CallName = keyof typeof PREVIEW1

/** A pointer to `bytes` bytes; `reads` when the guest must have put something there. */
export interface Pointer {
  readonly at: number
  readonly bytes: number
  readonly reads: boolean
}
/** A length that belongs to the pointer before it. */
export interface Length {
  readonly length: number
}
export type Argument = number | bigint | Pointer | Length

const out = (at: number, bytes: number): Pointer => ({ at, bytes, reads: false })
const given = (at: number, bytes: number): Pointer => ({ at, bytes, reads: true })
const length = (count: number): Length => ({ length: count })

/** Where the guest has put its texts and lists; outputs go from 1,000 on. */
const TEXT = {
  'dir/file': 0,
  new: 16,
  link: 32,
  empty: 48,
  other: 64,
  '../../outside/secret': 80,
  'bind/out': 112,
  'bind/file': 128,
} as const
export const TEXT_ADDRESSES: readonly number[] = Object.values(TEXT)
const text = (word: keyof typeof TEXT) =>
  [given(TEXT[word], word.length), length(word.length)] as const
const IOVEC = 200
const SUBSCRIPTION = 304
const BUFFER = 2_000
const ROOT_FD = 3
/** A file that is open for reading and writing. */
const FILE_FD = 4
/** How a file is opened for both. */
const BOTH = 66n

/**
 * Every call, with arguments with which it succeeds, or would: their types are the import's. The
 * names and orders are those of the witx file.
 */
export const CALLS: Readonly<Record<CallName, readonly Argument[]>> = {
  args_get: [out(1_000, 12), out(1_100, 13)],
  args_sizes_get: [out(1_000, 4), out(1_100, 4)],
  environ_get: [out(1_000, 8), out(1_100, 7)],
  environ_sizes_get: [out(1_000, 4), out(1_100, 4)],
  clock_res_get: [1, out(1_000, 8)],
  clock_time_get: [1, 1n, out(1_000, 8)],
  fd_advise: [FILE_FD, 0n, 0n, 1],
  fd_allocate: [FILE_FD, 0n, 1n],
  fd_close: [FILE_FD],
  fd_datasync: [FILE_FD],
  fd_fdstat_get: [FILE_FD, out(1_000, 24)],
  fd_fdstat_set_flags: [FILE_FD, 1],
  fd_fdstat_set_rights: [FILE_FD, 0n, 0n],
  fd_filestat_get: [FILE_FD, out(1_000, 64)],
  fd_filestat_set_size: [FILE_FD, 3n],
  fd_filestat_set_times: [FILE_FD, 1n, 1n, 5],
  fd_pread: [FILE_FD, given(IOVEC, 8), length(1), 0n, out(1_000, 4)],
  fd_prestat_get: [ROOT_FD, out(1_000, 8)],
  fd_prestat_dir_name: [ROOT_FD, out(1_000, 1), length(1)],
  fd_pwrite: [FILE_FD, given(IOVEC, 8), length(1), 0n, out(1_000, 4)],
  fd_read: [FILE_FD, given(IOVEC, 8), length(1), out(1_000, 4)],
  fd_readdir: [ROOT_FD, out(1_100, 100), length(100), 0n, out(1_000, 4)],
  fd_renumber: [FILE_FD, 0],
  fd_seek: [FILE_FD, 1n, 0, out(1_000, 8)],
  fd_sync: [FILE_FD],
  fd_tell: [FILE_FD, out(1_000, 8)],
  fd_write: [FILE_FD, given(IOVEC, 8), length(1), out(1_000, 4)],
  path_create_directory: [ROOT_FD, ...text('new')],
  path_filestat_get: [ROOT_FD, 1, ...text('dir/file'), out(1_000, 64)],
  path_filestat_set_times: [ROOT_FD, 1, ...text('dir/file'), 1n, 1n, 5],
  path_link: [ROOT_FD, 0, ...text('dir/file'), ROOT_FD, ...text('new')],
  path_open: [ROOT_FD, 1, ...text('dir/file'), 0, BOTH, 0n, 0, out(1_000, 4)],
  path_readlink: [ROOT_FD, ...text('link'), out(1_100, 8), 20, out(1_000, 4)],
  path_remove_directory: [ROOT_FD, ...text('empty')],
  path_rename: [ROOT_FD, ...text('other'), ROOT_FD, ...text('new')],
  path_symlink: [...text('dir/file'), ROOT_FD, ...text('new')],
  path_unlink_file: [ROOT_FD, ...text('other')],
  poll_oneoff: [given(SUBSCRIPTION, 48), out(1_000, 32), length(1), out(1_100, 4)],
  proc_exit: [3],
  proc_raise: [9],
  sched_yield: [],
  random_get: [out(1_000, 64), length(64)],
  sock_accept: [FILE_FD, 0, 1_000],
  sock_recv: [FILE_FD, IOVEC, 1, 0, 1_000, 1_100],
  sock_send: [FILE_FD, IOVEC, 1, 0, 1_000],
  sock_shutdown: [FILE_FD, 1],
}

export const plainOf = (argument: Argument): number | bigint => {
  if (typeof argument !== 'object') return argument
  return 'at' in argument ? argument.at : argument.length
}

/** A process with standard streams, an open file, and everything `CALLS` names in its memory. */
export function callable(personality: Personality = 'container') {
  const process = processOf(
    [
      directoryEntry('/dir'),
      fileEntry('/dir/file', 'hello'),
      linkEntry('/link', 'dir/file'),
      directoryEntry('/empty'),
      fileEntry('/other', 'other'),
    ],
    personality,
  )
  const { fds, walker, ledger } = process.call.process
  const never = inputHandle({ read: () => undefined, available: () => 0 })
  const sink = outputHandle({ write: (from) => from.length, room: () => 100 })
  for (const [fd, handle] of [never, sink, sink].entries()) {
    fds.close(fd)
    const access = { read: fd === 0, write: fd > 0 }
    must(fds.add(new OpenFile({ type: 'unknown', access, handle, place: undefined, ledger })))
  }
  const vnode = must(must(walker.root.vnode.lookup('dir')).lookup('file'))
  const access = { read: true, write: true }
  const place = { mount: walker.root.mount, vnode }
  const type = 'regular'
  must(fds.add(new OpenFile({ type, access, handle: must(vnode.open(access)), place, ledger })))
  for (const [word, at] of Object.entries(TEXT)) process.put(at, word)
  process.view.setUint32(IOVEC, BUFFER, true)
  process.view.setUint32(IOVEC + 4, 10, true)
  // A clock that fires at once, in both layouts: zeros.
  process.bytes.fill(0, SUBSCRIPTION, SUBSCRIPTION + 56)
  return process
}

/** Everything a call may have changed, but for memory: the tree, the descriptors, the account. */
export function stateOf({ call }: ReturnType<typeof callable>) {
  const { fds, ledger, walker } = call.process
  const files: unknown[] = []
  const visit = (node: Vnode, path: string): void => {
    const { accessed, changed, ...stat } = must(node.stat())
    files.push([path, stat, accessed, changed])
    if (node.type !== 'directory') return
    for (const { name } of must(node.list())) visit(must(node.lookup(name)), `${path}/${name}`)
  }
  visit(walker.root.vnode, '')
  const open = [...fds.entries()].map(([fd, file]) => [fd, file.position, file.append])
  return { files, open, held: ledger.held() }
}

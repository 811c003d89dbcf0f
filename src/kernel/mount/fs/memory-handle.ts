import { Errno } from '../../../contract/errno.ts'
import type { StoredNode } from '../../../contract/inode-store.ts'
import { fail, ok, type Result } from '../../../contract/result.ts'
import { readBytes, writeBytes } from '../file-bytes.ts'
import { MAX_FILE_BYTES, type Quota } from '../quota.ts'
import type { FileHandle, Readiness } from '../vnode.ts'

/** What an open file needs of its file system. */
export interface FileKeeper {
  readonly quota: Quota
  now(): bigint
  /** Called when a pin of `node` has gone. */
  settle(node: StoredNode): void
}

/** An open regular file in memory. The node stays until it closes, also without a name. */
export class MemoryHandle implements FileHandle {
  readonly seekable = true
  readonly #fs: FileKeeper
  readonly #node: StoredNode

  constructor(fs: FileKeeper, node: StoredNode) {
    this.#fs = fs
    this.#node = node
    node.pins += 1
  }

  read(into: Uint8Array, at: number): Result<number> {
    return ok(readBytes(this.#node, into, at))
  }

  write(from: Uint8Array, at: number): Result<number> {
    const node = this.#node
    if (at + from.length > MAX_FILE_BYTES) return fail(Errno.FBIG)
    const count = this.#fs.quota.fitting(node, at, from.length)
    if (count === 0) return from.length === 0 ? ok(0) : fail(Errno.NOSPC)
    writeBytes(node, count === from.length ? from : from.subarray(0, count), at)
    if (at + count > node.length) node.length = at + count
    node.modified = this.#fs.now()
    node.changed = node.modified
    return ok(count)
  }

  readable(): Readiness {
    return { bytes: this.#node.length, hangup: false }
  }

  writable(): Readiness {
    return { bytes: 1, hangup: false }
  }

  close(): void {
    this.#node.pins -= 1
    this.#fs.settle(this.#node)
  }
}

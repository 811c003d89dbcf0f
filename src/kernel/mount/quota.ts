import { Errno, type Failure } from '../../contract/errno.ts'
import type { StoredNode } from '../../contract/inode-store.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import { cutBytes, fitBytes, SMALLEST_EXTENT } from './file-bytes.ts'

/** Largest file: one buffer of Node 20 ends at 4 GiB; a quarter of it leaves room to grow. */
export const MAX_FILE_BYTES = 2 ** 30
/** What an inode of any type takes of the heap besides its bytes, measured: 1,340 to 1,480 bytes with a short name. */
const INODE_BYTES = 1_536

/** Bytes of memory that a new file of so many bytes takes; a directory is one of none. */
export const roomOf = (bytes: number): number =>
  INODE_BYTES + (bytes === 0 ? 0 : Math.max(SMALLEST_EXTENT, bytes))

/**
 * Charges what a writable file system holds, before it is held: file bytes by capacity to `disk` and
 * `memory`, inodes to `inodes`. A file system with a size of its own has that bound as well.
 */
export class Quota {
  readonly #ledger: Ledger
  readonly #limit: number
  bytes = 0

  constructor(ledger: Ledger, limitBytes = Number.POSITIVE_INFINITY) {
    this.#ledger = ledger
    this.#limit = limitBytes
  }

  get limit(): number {
    return this.#limit
  }

  #take(bytes: number): boolean {
    if (this.bytes + bytes > this.#limit) return false
    if (!this.#ledger.charge('disk', bytes)) return false
    if (!this.#ledger.charge('memory', bytes)) {
      this.#ledger.release('disk', bytes)
      return false
    }
    this.bytes += bytes
    return true
  }

  #give(bytes: number): void {
    this.#ledger.release('disk', bytes)
    this.#ledger.release('memory', bytes)
    this.bytes -= bytes
  }

  /** DQUOT: no inode left. NOSPC: no memory for one. */
  takeInode(): Failure | undefined {
    if (!this.#ledger.charge('inodes', 1)) return Errno.DQUOT
    if (this.#ledger.charge('memory', INODE_BYTES)) return undefined
    this.#ledger.release('inodes', 1)
    return Errno.NOSPC
  }

  /** What `takeInode` would answer. */
  roomForInode(): Failure | undefined {
    const refused = this.takeInode()
    if (refused === undefined) this.giveInode()
    return refused
  }

  giveInode(): void {
    this.#ledger.release('inodes', 1)
    this.#ledger.release('memory', INODE_BYTES)
  }

  /**
   * Charges a node for `needed` bytes: doubled, so that appending stays cheap, or exactly where
   * doubling would cross the limit. False when even that does not fit; nothing has changed then.
   */
  reserve(node: StoredNode, needed: number): boolean {
    const held = node.charged
    if (needed <= held) return true
    const doubled = Math.min(MAX_FILE_BYTES, Math.max(2 * held, SMALLEST_EXTENT, needed))
    // Asked first: what was never needed is no refusal that the container should hear of.
    return this.charge(node, doubled - held <= this.#left() ? doubled : needed)
  }

  /** Charges a node for just so many bytes. False when they do not fit; nothing has changed then. */
  charge(node: StoredNode, bytes: number): boolean {
    if (!this.#take(bytes - node.charged)) return false
    node.charged = bytes
    return true
  }

  #left(): number {
    const own = this.#limit - this.bytes
    return Math.min(own, this.#ledger.left('disk'), this.#ledger.left('memory'))
  }

  /** How many of `count` bytes from `at` fit. */
  fitting(node: StoredNode, at: number, count: number): number {
    if (this.reserve(node, at + count)) return count
    const most = Math.max(0, Math.floor(node.charged + this.#left() - at))
    const part = Math.min(count, most)
    return part > 0 && this.reserve(node, at + part) ? part : 0
  }

  /** Gives back what a file no longer uses: everything, or what is worth moving bytes for. */
  shrink(node: StoredNode): void {
    const held = node.charged
    if (node.length > 0 && held < 4 * node.length + 4_096) return
    node.charged = node.length
    fitBytes(node)
    this.#give(held - node.length)
  }

  /** The inode is gone. */
  free(node: StoredNode): void {
    this.#give(node.charged)
    node.charged = 0
    cutBytes(node, 0)
    this.giveInode()
  }
}

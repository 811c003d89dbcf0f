import { createHash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from './sync.ts'
import { temporaryName } from './temporary-name.ts'

const TEMPORARY = '.tmp-'

/** What a blob is known by. */
export interface Stored {
  /** sha256, hex. */
  readonly digest: string
  readonly size: number
}

/** Files by the sha256 of their bytes, in one directory. */
export class Blobs {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Where the bytes of `digest` (hex) are. */
  path(digest: string): string {
    return join(this.#directory, digest)
  }

  has(digest: string): boolean {
    return statSync(this.path(digest), { throwIfNoEntry: false }) !== undefined
  }

  /** Stores what `pieces` yields; nobody sees it before it is whole and on disk. */
  async put(pieces: AsyncIterable<Uint8Array>): Promise<Stored> {
    mkdirSync(this.#directory, { recursive: true })
    const temporary = join(this.#directory, temporaryName(TEMPORARY))
    const file = openSync(temporary, 'wx')
    const hash = createHash('sha256')
    let size = 0
    try {
      for await (const piece of pieces) {
        hash.update(piece)
        size += piece.length
        for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at)
      }
      fsyncSync(file)
    } catch (error) {
      closeSync(file)
      rmSync(temporary, { force: true })
      throw error
    }
    closeSync(file)
    const digest = hash.digest('hex')
    renameSync(temporary, this.path(digest))
    return { digest, size }
  }

  /** Whatever was put before stays. Each `put` has synced its bytes, not its name. */
  sync(): void {
    mkdirSync(this.#directory, { recursive: true })
    syncDirectory(this.#directory)
  }

  remove(digest: string): void {
    rmSync(this.path(digest), { force: true })
  }

  /** Every blob there is. */
  list(): readonly string[] {
    try {
      return readdirSync(this.#directory).filter((name) => !name.startsWith(TEMPORARY))
    } catch {
      return []
    }
  }
}

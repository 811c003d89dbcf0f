import { createHash, type Hash } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hexOf, type Integrity } from './integrity.ts'
import { lives } from './lives.ts'
import { PartialDownload } from './partial-download.ts'

const PARTIAL = '.part'

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? -1

async function hashOf(path: string): Promise<Hash> {
  const hash = createHash('sha512')
  // A file stream yields buffers.
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash
}

/**
 * What came from the network, by the integrity it was promised to have.
 *
 *   HEX              a whole file
 *   HEX.part         the beginning of one that nobody is downloading
 *   HEX.PID-ID.part  the beginning of one that process PID is downloading, or was when it died
 *
 * Who wants to go on with a beginning renames it to a name of its own. A rename succeeds for one
 * process only, so that there are no locks, and none are left behind by a process that is killed.
 */
export class Downloads {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  #path(integrity: Integrity): string {
    return join(this.#directory, hexOf(integrity))
  }

  /** Path of the whole file if it is here and its bytes are still those that were promised. */
  async find(integrity: Integrity): Promise<string | undefined> {
    const path = this.#path(integrity)
    if (sizeOf(path) < 0) return undefined
    const hash = await hashOf(path)
    if (hash.digest('hex') === hexOf(integrity)) return path
    rmSync(path, { force: true })
    return undefined
  }

  /** Goes on with the longest beginning that nobody else holds, or begins anew. */
  async open(integrity: Integrity, id: string): Promise<PartialDownload> {
    mkdirSync(this.#directory, { recursive: true })
    const path = this.#path(integrity)
    const own = `${path}.${process.pid}-${id}${PARTIAL}`
    for (const left of this.#leftBehind(integrity)) {
      try {
        renameSync(left, own)
        break
      } catch {
        // Another process was quicker.
      }
    }
    const known = sizeOf(own)
    const hash = known > 0 ? await hashOf(own) : createHash('sha512')
    return new PartialDownload({ own, released: `${path}${PARTIAL}`, whole: path }, hash)
  }

  /** Beginnings without a living owner, the longest first. */
  #leftBehind(integrity: Integrity): readonly string[] {
    const hex = hexOf(integrity)
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith(`${hex}.`) && name.endsWith(PARTIAL))
      .filter((name) => {
        const pid = /\.(\d+)-/.exec(name)?.[1]
        return pid === undefined || !lives(Number(pid))
      })
      .map((name) => join(this.#directory, name))
      .sort((a, b) => sizeOf(b) - sizeOf(a))
  }

  remove(integrity: Integrity): void {
    rmSync(this.#path(integrity), { force: true })
  }
}

import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { METER_VERSION, type Metered, type MeterManifest } from '../wasm/meter.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Header {
  readonly manifest: MeterManifest
  readonly sha256: string
}

/** One file: the manifest as a line of JSON, with the digest of what follows it, then the module. */
const NEWLINE = 0x0a

/**
 * Rewritten modules on disk, by the digest of the original and the version of the pass. What was
 * damaged or cut short does not match its own digest and counts as absent.
 */
export class ModuleCache {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  #file(digest: string): string {
    return join(this.#directory, `${digest}-m${METER_VERSION}.metered`)
  }

  get(digest: string): Metered | undefined {
    let file: Uint8Array
    try {
      file = readFileSync(this.#file(digest))
    } catch {
      return undefined
    }
    const end = file.indexOf(NEWLINE)
    if (end === -1) return undefined
    const bytes = file.slice(end + 1)
    try {
      // Written by `put`; a damaged one does not have the promised digest.
      const header = JSON.parse(new TextDecoder().decode(file.subarray(0, end))) as Header
      return header.sha256 === sha256(bytes) ? { bytes, manifest: header.manifest } : undefined
    } catch {
      return undefined
    }
  }

  /** A reader sees the whole file or none: it is written beside its name and renamed. */
  put(digest: string, { bytes, manifest }: Metered): void {
    mkdirSync(this.#directory, { recursive: true })
    const header = `${JSON.stringify({ manifest, sha256: sha256(bytes) })}\n`
    const temporary = join(this.#directory, `.${randomBytes(8).toString('hex')}.tmp`)
    try {
      writeFileSync(temporary, Buffer.concat([Buffer.from(header), bytes]))
      renameSync(temporary, this.#file(digest))
    } catch {
      // A cache that cannot be written costs time on the next run, nothing else.
      rmSync(temporary, { force: true })
    }
  }
}

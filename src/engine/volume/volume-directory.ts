import { existsSync } from 'node:fs'
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile, syncDirectory } from '../content/sync.ts'
import type { VolumeStore } from '../store/volume-store.ts'
import type { VolumeRecord } from './volume-record.ts'

const RECORD = 'volume.json'
const DATA = '_data'
const OWNER_ONLY = 0o700

/** Undefined for a file that `put` has not written. */
function recordFrom(text: string, expected: string): VolumeRecord | undefined {
  const { name, created, labels } = JSON.parse(text) as Partial<VolumeRecord>
  if (name !== expected || created === undefined || labels === undefined) return undefined
  return { name, created: new Date(created), labels }
}

/** The directories of volumes: each holds its record beside its data. */
export class VolumeDirectory implements VolumeStore {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** The directory that containers see. */
  mountpoint(name: string): string {
    return join(this.#root, name, DATA)
  }

  #record(name: string): string {
    return join(this.#root, name, RECORD)
  }

  /** What has no record was never acknowledged, or its removal was begun. */
  async all(): Promise<readonly VolumeRecord[]> {
    const names = await readdir(this.#root).catch(() => [])
    const records = await Promise.all(
      names.map(async (name) => {
        try {
          return recordFrom(await readFile(this.#record(name), 'utf8'), name)
        } catch {
          return undefined
        }
      }),
    )
    return records.filter((record) => record !== undefined)
  }

  /** False: a volume lies there whose name this file system takes for the same. */
  async isFree(name: string): Promise<boolean> {
    return await access(this.#record(name)).then(
      () => false,
      () => true,
    )
  }

  async put(record: VolumeRecord): Promise<void> {
    const directory = join(this.#root, record.name)
    await rm(directory, { recursive: true, force: true })
    // What containers keep there is for the daemon's user alone.
    await mkdir(this.#root, { recursive: true, mode: OWNER_ONLY })
    await mkdir(this.mountpoint(record.name), { recursive: true })
    syncDirectory(this.#root)
    const path = this.#record(record.name)
    replaceFile(directory, path, `${path}.new`, `${JSON.stringify(record)}\n`)
  }

  /** The record goes first: half a volume is none. */
  async delete(name: string): Promise<void> {
    const directory = join(this.#root, name)
    await rm(this.#record(name), { force: true })
    // Somebody may have removed all of it by hand.
    if (existsSync(directory)) syncDirectory(directory)
    await rm(directory, { recursive: true, force: true })
  }
}

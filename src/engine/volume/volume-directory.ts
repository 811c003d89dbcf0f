import { constants } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { VolumeStore } from '../store/volume-store.ts'
import type { VolumeRecord } from './volume-record.ts'

const RECORD = 'volume.json'
const DATA = '_data'

/** A file that is whole or not there, also after a loss of power. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beginning = `${path}.new`
  const file = await open(beginning, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beginning, path)
  await syncDirectory(dirname(path))
}

/** Windows has no such thing, and needs none. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY).catch(() => undefined)
  await directory?.sync().catch(() => undefined)
  await directory?.close()
}

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
    await mkdir(this.mountpoint(record.name), { recursive: true })
    await syncDirectory(this.#root)
    await writeWhole(this.#record(record.name), `${JSON.stringify(record)}\n`)
  }

  /** The record goes first: half a volume is none. */
  async delete(name: string): Promise<void> {
    await rm(this.#record(name), { force: true })
    await syncDirectory(join(this.#root, name))
    await rm(join(this.#root, name), { recursive: true, force: true })
  }
}

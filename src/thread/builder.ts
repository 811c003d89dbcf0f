import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { ModuleSource } from '../contract/cell.ts'
import { EngineError, type ErrorCode } from '../contract/errors.ts'
import type { LayerFile } from '../contract/layer.ts'
import { buildLayerView, type LayerEntry, type LayerParts } from '../kernel/mount/layer-index.ts'
import { type MeterManifest, meter } from '../wasm/meter.ts'
import { ModuleCache } from './module-cache.ts'
import { withTrapMap } from './trap-map.ts'

/**
 * Work on modules and trees that must not run on the host's main thread: hashing, admission,
 * rewriting, reading and indexing files. One task per call; an EngineError comes back as data,
 * because a thrown one would lose its code between threads.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }

export interface MeterTask {
  readonly source: ModuleSource
  readonly cacheDirectory: string
}
export interface MeteredModule {
  readonly digest: string
  readonly bytes: Uint8Array
  readonly manifest: MeterManifest
}

function outcomeOf<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { ok: false, code: error.code, message: error.message }
  }
}

/** @throws EngineError `NO_SUCH_FILE` | `INVALID_MODULE`: the file is not there or cannot be read. */
export function moduleBytes(source: ModuleSource): Uint8Array {
  if (source.kind === 'bytes') return source.bytes
  try {
    return readFileSync(source.path)
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const name = basename(source.path)
    throw new EngineError(
      missing ? 'NO_SUCH_FILE' : 'INVALID_MODULE',
      missing ? `${name}: no such file` : `${name}: cannot be read`,
    )
  }
}

function metered(task: MeterTask): MeteredModule {
  const cache = new ModuleCache(task.cacheDirectory)
  const known = task.source.kind === 'host-file' ? task.source.digest : undefined
  const early = known === undefined ? undefined : cache.get(known)
  if (known !== undefined && early !== undefined) return { digest: known, ...early }
  const bytes = moduleBytes(task.source)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const cached = cache.get(digest)
  if (cached !== undefined) return { digest, ...cached }
  const result = meter(bytes)
  const fresh = { bytes: withTrapMap(result), manifest: result.manifest }
  cache.put(digest, fresh)
  return { digest, ...fresh }
}

export function meterModule(task: MeterTask): Outcome<MeteredModule> {
  const outcome = outcomeOf(() => metered(task))
  return outcome
}

function entryOf(file: LayerFile): LayerEntry {
  const data =
    file.source === undefined
      ? undefined
      : file.source.kind === 'bytes'
        ? file.source.bytes
        : readFileSync(file.source.path)
  return { ...file, data }
}

export function buildRoot(files: readonly LayerFile[]): Outcome<LayerParts> {
  return outcomeOf(() => buildLayerView([files.map(entryOf)]).parts)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { CatalogueEntry } from './catalogue.ts'
import { type ImagePart, sourceNameOf } from './catalogue-part.ts'

/** Where the package has what it ships for images. */
export interface Shipped {
  /** Directory of our own guests' modules. */
  readonly guests: string
  /** Directory of files as they are. */
  readonly images: string
}

/** Where a part's file is, if the package ships it; undefined: it is from elsewhere, or is no file. */
export function shippedPath(
  { guests, images }: Shipped,
  { source }: Pick<CatalogueEntry, 'source'>,
  part: ImagePart,
): string | undefined {
  if ('own' in part) return join(images, part.own)
  const name = sourceNameOf(part)
  return name !== undefined && 'guest' in source ? join(guests, name) : undefined
}

/** @throws EngineError `PULL_FAILED`: it is not there; guests are built, not stored. */
export function readShipped(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) throw error
    const name = path.split(/[\\/]/).at(-1)
    throw new EngineError(
      'PULL_FAILED',
      `${name} is not in this package; npm run build:guests makes guests`,
    )
  }
}

import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import { printable } from '../std/printable.ts'
import { PREVIEW1, type Row } from './preview1/table.ts'
import { SNAPSHOT0 } from './snapshot0/table.ts'

/** An import of a guest, and what stands behind it. */
export interface LinkedImport {
  readonly module: string
  readonly name: string
  readonly row: Row
}

/** The import modules that are known, each with its own table. */
const TABLES: ReadonlyMap<string, ReadonlyMap<string, Row>> = new Map([
  ['wasi_snapshot_preview1', new Map<string, Row>(Object.entries(PREVIEW1))],
  ['wasi_unstable', new Map(Object.entries(SNAPSHOT0))],
])

/** A name that a known module does not have: the guest links, and is told when it calls. */
const NOT_THERE: Row = {
  handler: () => Errno.NOSYS,
  cost: 50,
  support: 'none',
  why: 'not a call of this module',
}

/**
 * What each import leads to.
 *
 * @throws EngineError `INVALID_MODULE`: `unknown import MODULE.NAME`, for a module nobody knows and
 *   for anything that is not a function.
 */
export function linkImports(
  imports: readonly { readonly module: string; readonly name: string; readonly kind: string }[],
): readonly LinkedImport[] {
  return imports.map(({ module, name, kind }) => {
    const table = TABLES.get(module)
    if (table === undefined || kind !== 'function') {
      throw new EngineError(
        'INVALID_MODULE',
        `unknown import ${printable(module)}.${printable(name)}`,
      )
    }
    return { module, name, row: table.get(name) ?? NOT_THERE }
  })
}

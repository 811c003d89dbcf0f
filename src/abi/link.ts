import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import { printable } from '../std/printable.ts'
import { byCaller, none, type Row } from './preview1/row.ts'
import { PREVIEW1 } from './preview1/table.ts'
import { SNAPSHOT0 } from './snapshot0/table.ts'
import { WASMEDGE } from './wasmedge/table.ts'

/** An import of a guest, and what stands behind it. */
export interface LinkedImport {
  readonly module: string
  readonly name: string
  readonly row: Row
}

type Table = ReadonlyMap<string, Row>
const tableOf = (rows: Readonly<Record<string, Row>>): Table => new Map(Object.entries(rows))

const NEWEST = 'wasi_snapshot_preview1'
const WASMEDGE_TABLE = tableOf(WASMEDGE)
/** The import modules that are known, each with its own table. */
const TABLES: ReadonlyMap<string, Table> = new Map([
  [NEWEST, tableOf(PREVIEW1)],
  ['wasi_unstable', tableOf(SNAPSHOT0)],
])

interface Import {
  readonly module: string
  readonly name: string
  readonly kind: string
}

/**
 * WasmEdge's calls have the module's name in common with preview1's, and one of them has another
 * form. Only WasmEdge opens sockets, so whoever imports that means WasmEdge's.
 */
const isForWasmEdge = (imports: readonly Import[]): boolean =>
  imports.some(({ module, name }) => module === NEWEST && name === 'sock_open')

/** A name that a known module does not have: the guest links, and is told when it calls. */
const NOT_THERE: Row = none(
  byCaller(() => Errno.NOSYS),
  'not a call of this module',
)

/**
 * What each import leads to.
 *
 * @throws EngineError `INVALID_MODULE`: `unknown import MODULE.NAME`, for a module nobody knows and
 *   for anything that is not a function.
 */
export function linkImports(imports: readonly Import[]): readonly LinkedImport[] {
  const wasmEdge = isForWasmEdge(imports)
  return imports.map(({ module, name, kind }) => {
    const table = wasmEdge && module === NEWEST ? WASMEDGE_TABLE : TABLES.get(module)
    if (table === undefined || kind !== 'function') {
      throw new EngineError(
        'INVALID_MODULE',
        `unknown import ${printable(module)}.${printable(name)}`,
      )
    }
    return { module, name, row: table.get(name) ?? NOT_THERE }
  })
}

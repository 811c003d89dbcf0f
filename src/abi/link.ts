import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import { printable } from '../std/printable.ts'
import { BULKHEAD } from './bulkhead/table.ts'
import { byCaller, none, type Row } from './preview1/row.ts'
import { PREVIEW1, PREVIEW1_COPYING } from './preview1/table.ts'
import { SNAPSHOT0 } from './snapshot0/table.ts'
import { WASIX } from './wasix/table.ts'
import { unsupportedIn } from './wasix/unsupported.ts'
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
const OWN_TABLES: ReadonlyMap<string, Table> = new Map([
  ['wasix_32v1', tableOf(WASIX)],
  ['bulkhead_v1', tableOf(BULKHEAD)],
])
/** Modules of which a program gets all it names, or does not begin. */
const EXACT: ReadonlySet<string> = new Set(OWN_TABLES.keys())
const PREVIEW1_TABLE = tableOf(PREVIEW1)
const COPYING_TABLE = tableOf(PREVIEW1_COPYING)
const WASMEDGE_TABLE = tableOf(WASMEDGE)
const SNAPSHOT0_TABLE = tableOf(SNAPSHOT0)

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

/** The import modules that are known, each with its own table. */
function tablesFor(imports: readonly Import[]): ReadonlyMap<string, Table> {
  const copies = imports.some(({ module }) => EXACT.has(module))
  const preview1 = copies ? COPYING_TABLE : PREVIEW1_TABLE
  return new Map([
    ...OWN_TABLES,
    [NEWEST, isForWasmEdge(imports) ? WASMEDGE_TABLE : preview1],
    ['wasi_unstable', SNAPSHOT0_TABLE],
  ])
}

/** Names that a refusal says at most. */
const MAX_NAMED = 20

/** One message that says all that is missing. */
function refuseMissing(imports: readonly Import[]): void {
  const missing = imports.filter(
    ({ module, name, kind }) =>
      kind === 'function' && EXACT.has(module) && OWN_TABLES.get(module)?.has(name) === false,
  )
  if (missing.length === 0) return
  const said = [...EXACT].flatMap((module) => {
    const names = missing.filter((one) => one.module === module).map(({ name }) => printable(name))
    if (names.length === 0) return []
    const more = names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} more` : ''
    return [`${module}: ${names.slice(0, MAX_NAMED).join(', ')}${more}`]
  })
  const families = unsupportedIn(missing.map(({ name }) => name))
  const why = families.length > 0 ? ` (not supported: ${families.join(', ')})` : ''
  throw new EngineError('INVALID_MODULE', `exec format error: needs ${said.join('; ')}${why}`)
}

/** A name that a known module does not have: the guest links, and is told when it calls. */
const NOT_THERE: Row = none(
  byCaller(() => Errno.NOSYS),
  'not a call of this module',
)

/**
 * What each import leads to.
 *
 * @throws EngineError `INVALID_MODULE`: `exec format error: needs MODULE: NAMES`, for what is missing
 *   of WASIX and of our own module; `unknown import MODULE.NAME`, for a module nobody knows and for
 *   anything that is not a function.
 */
export function linkImports(imports: readonly Import[]): readonly LinkedImport[] {
  refuseMissing(imports)
  const tables = tablesFor(imports)
  return imports.map(({ module, name, kind }) => {
    const table = tables.get(module)
    if (table === undefined || kind !== 'function') {
      throw new EngineError(
        'INVALID_MODULE',
        `unknown import ${printable(module)}.${printable(name)}`,
      )
    }
    return { module, name, row: table.get(name) ?? NOT_THERE }
  })
}

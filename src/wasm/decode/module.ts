import type { ModuleLimits } from '../limits.ts'
import { elementSection } from './elements.ts'
import { humanSize } from './human-size.ts'
import { invalidModule, Reader } from './reader.ts'
import {
  constantExpression,
  type FunctionType,
  functionType,
  globalType,
  kindOf,
  type MemoryType,
  type ModuleExport,
  type ModuleImport,
  memoryType,
  type TableType,
  tableType,
  tagType,
} from './sections.ts'

/** Section ids. @source WebAssembly core specification, binary format, "Sections" */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const

export interface Section {
  readonly id: number
  /** Of the payload, behind id and size. */
  readonly from: number
  readonly to: number
}

export interface Body {
  readonly from: number
  readonly to: number
}

/** A module's structure: what is where, and every count. Instructions are not looked at yet. */
export interface DecodedModule {
  readonly bytes: Uint8Array
  readonly sections: readonly Section[]
  readonly types: readonly FunctionType[]
  readonly imports: readonly ModuleImport[]
  /** Type index of each defined function. */
  readonly functions: readonly number[]
  readonly tables: readonly TableType[]
  readonly memories: readonly MemoryType[]
  /** Type of each global's value; imported ones first. */
  readonly globals: readonly number[]
  /** Type index of each tag. */
  readonly tags: readonly number[]
  readonly exports: readonly ModuleExport[]
  readonly start: number | undefined
  readonly bodies: readonly Body[]
  readonly dataSegments: number
}

type Mutable = { -readonly [K in keyof DecodedModule]: DecodedModule[K] } & {
  imports: ModuleImport[]
  tables: TableType[]
  memories: MemoryType[]
  globals: number[]
  tags: number[]
  limits: ModuleLimits
}

const PREAMBLE = 8
const MAGIC = [0x00, 0x61, 0x73, 0x6d]
const ELF = [0x7f, 0x45, 0x4c, 0x46]
const SCRIPT = [0x23, 0x21]

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean =>
  prefix.every((byte, index) => bytes[index] === byte)

function checkPreamble(bytes: Uint8Array): void {
  const wanted = 'bulkhead runs WebAssembly modules'
  if (startsWith(bytes, ELF)) {
    throw invalidModule(`exec format error: this is a Linux (ELF) binary; ${wanted}`)
  }
  if (startsWith(bytes, SCRIPT)) {
    throw invalidModule(`exec format error: this is a script (#!); ${wanted}`)
  }
  if (!startsWith(bytes, MAGIC)) throw invalidModule('exec format error: not a WebAssembly module')
  if (bytes.length < PREAMBLE) {
    throw invalidModule(`exec format error: unexpected end of module at byte ${bytes.length}`)
  }
  const version = (bytes[4] ?? 0) + (bytes[5] ?? 0) * 256
  const layer = (bytes[6] ?? 0) + (bytes[7] ?? 0) * 256
  if (layer === 1) {
    throw invalidModule(
      'exec format error: this is a WebAssembly component; bulkhead runs core modules',
    )
  }
  if (version !== 1 || layer !== 0) {
    throw invalidModule(`exec format error: unknown WebAssembly version ${version}`)
  }
}

/** Where each section stands in a module. They come once each and in this order. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

/** Repeats `read` for each item of a vector. */
function each(reader: Reader, what: string, limit: number, read: (index: number) => void): number {
  const count = reader.count(what, limit)
  for (let index = 0; index < count; index += 1) read(index)
  return count
}

function readImport(reader: Reader, into: Mutable): void {
  const module = reader.name()
  const name = reader.name()
  const kind = kindOf(reader.byte())
  let type: number | undefined
  if (kind === 'function') type = reader.u32()
  else if (kind === 'table') into.tables.push(tableType(reader))
  else if (kind === 'memory') into.memories.push(memoryType(reader))
  else if (kind === 'global') into.globals.push(globalType(reader))
  else into.tags.push(tagType(reader))
  into.imports.push({ module, name, kind, type })
}

function readBodies(reader: Reader, into: Mutable): void {
  const bodies: Body[] = []
  each(reader, 'functions', into.limits.functions, (index) => {
    const size = reader.u32()
    if (size > into.limits.bodyBytes) {
      const least = humanSize(into.limits.bodyBytes)
      throw invalidModule(
        `function body of ${humanSize(size)} exceeds ${least} (function ${index} of the module)`,
      )
    }
    const from = reader.at
    reader.skip(size)
    bodies.push({ from, to: from + size })
  })
  into.bodies = bodies
}

/** What each section adds. A section without a row (custom) adds nothing. */
const READ: ReadonlyMap<number, (reader: Reader, into: Mutable) => void> = new Map([
  [
    SECTION.type,
    (reader, into) => {
      const types: FunctionType[] = []
      const { types: limit, params, results } = into.limits
      each(reader, 'types', limit, () => types.push(functionType(reader, params, results)))
      into.types = types
    },
  ],
  [
    SECTION.import,
    (reader, into) => {
      each(reader, 'imports', into.limits.imports, () => readImport(reader, into))
    },
  ],
  [
    SECTION.function,
    (reader, into) => {
      const functions: number[] = []
      each(reader, 'functions', into.limits.functions, () => functions.push(reader.u32()))
      into.functions = functions
    },
  ],
  [
    SECTION.table,
    (reader, into) => {
      each(reader, 'tables', into.limits.tables, () => into.tables.push(tableType(reader)))
    },
  ],
  [
    SECTION.memory,
    (reader, into) => {
      each(reader, 'memories', 1, () => into.memories.push(memoryType(reader)))
    },
  ],
  [
    SECTION.tag,
    (reader, into) => {
      each(reader, 'tags', into.limits.tags, () => into.tags.push(tagType(reader)))
    },
  ],
  [
    SECTION.global,
    (reader, into) => {
      each(reader, 'globals', into.limits.globals, () => {
        into.globals.push(globalType(reader))
        constantExpression(reader)
      })
    },
  ],
  [
    SECTION.export,
    (reader, into) => {
      const exports: ModuleExport[] = []
      each(reader, 'exports', into.limits.exports, () => {
        const name = reader.name()
        exports.push({ name, kind: kindOf(reader.byte()), index: reader.u32() })
      })
      into.exports = exports
    },
  ],
  [
    SECTION.start,
    (reader, into) => {
      into.start = reader.u32()
    },
  ],
  [SECTION.element, (reader, into) => elementSection(reader, into.limits)],
  [SECTION.code, readBodies],
  [
    SECTION.data,
    (reader, into) => {
      into.dataSegments = reader.count('data segments', into.limits.dataSegments)
      reader.skip(reader.end - reader.at)
    },
  ],
  [SECTION.dataCount, (reader) => void reader.u32()],
])

function readSection(section: Section, into: Mutable): void {
  const reader = new Reader(into.bytes, section.from, section.to)
  READ.get(section.id)?.(reader, into)
  if (section.id !== SECTION.custom && !reader.done) {
    throw invalidModule(`exec format error: section ${section.id} is longer than its content`)
  }
}

function checkTotals(module: Mutable): void {
  const { limits, tables, memories } = module
  const entries = tables.reduce((sum, table) => sum + table.min, 0)
  if (entries > limits.tableEntries) {
    throw invalidModule(`tables of ${entries} entries exceed ${limits.tableEntries}`)
  }
  if (memories.length > 1) throw invalidModule('unsupported: more than one memory (multi-memory)')
  if (module.functions.length !== module.bodies.length) {
    throw invalidModule('exec format error: functions and bodies differ in number')
  }
}

function splitSections(bytes: Uint8Array, limits: ModuleLimits): readonly Section[] {
  const reader = new Reader(bytes, PREAMBLE)
  const sections: Section[] = []
  let last = -1
  let custom = 0
  let customBytes = 0
  while (!reader.done) {
    const id = reader.byte()
    const part = reader.part(reader.u32())
    sections.push({ id, from: part.at, to: part.end })
    if (id === SECTION.custom) {
      custom += 1
      customBytes += part.end - part.at
      continue
    }
    const place = ORDER.indexOf(id)
    if (place === -1) throw invalidModule(`exec format error: unknown section ${id}`)
    if (place <= last) throw invalidModule(`exec format error: section ${id} is out of order`)
    last = place
  }
  if (custom > limits.customSections || customBytes > limits.customBytes) {
    throw invalidModule(
      `${custom} custom sections of ${humanSize(customBytes)} exceed ` +
        `${limits.customSections} of ${humanSize(limits.customBytes)}`,
    )
  }
  return sections
}

/**
 * Reads a module's structure and holds it to `limits`. Safe on any bytes.
 *
 * @throws EngineError `INVALID_MODULE`: one line that says what is wrong.
 */
export function decodeModule(bytes: Uint8Array, limits: ModuleLimits): DecodedModule {
  checkPreamble(bytes)
  if (bytes.length > limits.moduleBytes) {
    throw invalidModule(
      `module of ${humanSize(bytes.length)} exceeds ${humanSize(limits.moduleBytes)}`,
    )
  }
  const module: Mutable = {
    bytes,
    limits,
    sections: splitSections(bytes, limits),
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    exports: [],
    start: undefined,
    bodies: [],
    dataSegments: 0,
  }
  for (const section of module.sections) readSection(section, module)
  checkTotals(module)
  return module
}

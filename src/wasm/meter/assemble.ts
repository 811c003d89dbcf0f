import { type DecodedModule, SECTION, type Section } from '../decode/module.ts'
import { Reader } from '../decode/reader.ts'
import type { ImportKind } from '../decode/sections.ts'
import { type FunctionHints, hintSection } from './hints.ts'
import type { Layout } from './layout.ts'
import type { MemoryLimits, MeterManifest } from './manifest.ts'
import type { OffsetMap } from './offset-map.ts'
import { elementSection, globalSection } from './references.ts'
import { FUNCREF, I64, type Signature, twinOf } from './signature.ts'
import { HOOKS, type SupportFunction, supportFunction } from './support.ts'
import { Writer } from './writer.ts'

const FUNCTION_FORM = 0x60
const MUTABLE = 1
const I64_CONST = 0x42
const END = 0x0b
const HAS_MAX = 1
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const

/** The import by which a metered module takes its memory. No guest may import from this module. */
export const MEMORY_IMPORT = { module: 'bulkhead', name: 'memory' } as const

export interface Assembly {
  readonly module: DecodedModule
  readonly layout: Layout
  /** The rewritten bodies, each with its size, in order. */
  readonly bodies: Writer
  readonly offsets: OffsetMap
  /** The memory that the guest defines, its maximum lowered to what the host allows. */
  readonly definedMemory: MemoryLimits | undefined
  readonly manifest: MeterManifest
  /** Of the guest's own functions. */
  readonly hints: readonly FunctionHints[]
  /** Names of the guest's exports that are left out. */
  readonly dropped: ReadonlySet<string>
}

export interface Assembled {
  readonly bytes: Uint8Array
  readonly map: Uint8Array
}

/** The support functions, in the order of their indices. They may ask for others while written. */
function supportFunctions({ module, layout }: Assembly): readonly SupportFunction[] {
  const functions: SupportFunction[] = []
  for (;;) {
    const name = layout.supportNames()[functions.length]
    if (name === undefined) return functions
    functions.push(supportFunction(name, module, layout))
  }
}

/** Bytes of a vector section in front of its first item. */
function sizeOfCount(section: Writer | undefined): number {
  if (section === undefined) return 0
  const reader = new Reader(section.view())
  reader.u32()
  return reader.at
}

/** A vector section with more items at its end. */
function extended(
  assembly: Assembly,
  id: number,
  added: number,
  write: (out: Writer) => void,
): Writer {
  const out = new Writer()
  const section = assembly.module.sections.find((one) => one.id === id)
  if (section === undefined) out.u32(added)
  else {
    const { bytes } = assembly.module
    const reader = new Reader(bytes, section.from, section.to)
    out.u32(reader.u32() + added).range(bytes, reader.at, section.to)
  }
  write(out)
  return out
}

function writeSignature(out: Writer, { params, results }: Signature): void {
  out.byte(FUNCTION_FORM).u32(params.length).all(params).u32(results.length).all(results)
}

/** A memory's limits as a type: flag, least pages, most pages. */
const writeLimits = (out: Writer, { min, max }: MemoryLimits): Writer =>
  out.byte(HAS_MAX).u32(min).u32(max)

/** The memory that the guest defines, where it is still the module that defines it. */
function memorySection({ definedMemory, manifest }: Assembly): Writer | undefined {
  if (definedMemory === undefined || manifest.hostMemory !== undefined) return undefined
  return writeLimits(new Writer(16).u32(1), definedMemory)
}

/** The guest's imports and, behind them, the memory that the host gives. */
function importSection(assembly: Assembly): Writer {
  const { hostMemory } = assembly.manifest
  return extended(assembly, SECTION.import, hostMemory === undefined ? 0 : 1, (out) => {
    if (hostMemory === undefined) return
    writeLimits(
      out.name(MEMORY_IMPORT.module).name(MEMORY_IMPORT.name).byte(KIND.memory),
      hostMemory,
    )
  })
}

type Exported = readonly [name: string, kind: ImportKind, index: number]

/** What the guest exports and may, then what the host needs. */
function exportSection({ manifest, layout, module, dropped }: Assembly): Writer {
  const exports: Exported[] = module.exports.flatMap(({ name, kind, index }) =>
    dropped.has(name) ? [] : [[name, kind, index]],
  )
  const known = module.exports.some(({ name }) => name === manifest.memory)
  exports.push([manifest.fuel, 'global', layout.fuelGlobal])
  exports.push([manifest.hooks, 'table', layout.hookTable])
  if (manifest.memory !== undefined && !known) exports.push([manifest.memory, 'memory', 0])
  if (manifest.start !== undefined && module.start !== undefined) {
    exports.push([manifest.start, 'function', module.start])
  }
  const out = new Writer().u32(exports.length)
  for (const [name, kind, index] of exports) {
    out.name(name).byte(KIND[kind])
    out.u32(kind === 'function' ? layout.exported(index) : index)
  }
  return out
}

function typeSection(assembly: Assembly): Writer {
  const { module, layout } = assembly
  const twins = layout.form === 'global' ? [] : module.types.map(twinOf)
  const added = [...twins, ...layout.addedTypes()]
  return extended(assembly, SECTION.type, added.length, (out) => {
    for (const type of added) writeSignature(out, type)
  })
}

function functionSection(
  { module, layout }: Assembly,
  support: readonly SupportFunction[],
): Writer {
  const out = new Writer().u32(module.functions.length + support.length)
  for (const [index, type] of module.functions.entries()) {
    out.u32(layout.carriesFuel(layout.importedFunctions + index) ? layout.twin(type) : type)
  }
  for (const { signature } of support) out.u32(layout.type(signature))
  return out
}

function codeSection({ module, bodies }: Assembly, support: readonly SupportFunction[]): Writer {
  const out = new Writer(bodies.length + 4096)
  out.u32(module.bodies.length + support.length).all(bodies.view())
  for (const { body } of support) out.sized(body)
  return out
}

/** The unlikely branches of all functions, in the order of their indices. */
function hintsOf(assembly: Assembly, support: readonly SupportFunction[]): Writer | undefined {
  const first = assembly.layout.typeOf.length
  const added = support.map(({ body }, place) => ({ index: first + place, places: body.unlikely }))
  return hintSection([...assembly.hints, ...added])
}

interface Rewritten {
  /** By id; a section that is not here is copied, or is not there. */
  readonly sections: ReadonlyMap<number, Writer | undefined>
  /** Stands in front of the code. */
  readonly hints: Writer | undefined
}

/** What becomes of each section. */
function rewritten(assembly: Assembly): Rewritten {
  const { module, layout } = assembly
  // These three ask for wrappers, and support functions for types: hence the order.
  const elements = elementSection(module, layout.referenced, [...layout.references()])
  const globals = globalSection(module, layout.referenced, 1)
  const exports = exportSection(assembly)
  const support = supportFunctions(assembly)
  const functions = functionSection(assembly, support)
  const sections = new Map([
    [SECTION.type, typeSection(assembly)],
    [SECTION.import, importSection(assembly)],
    [SECTION.function, functions],
    [
      SECTION.table,
      extended(assembly, SECTION.table, 1, (out) => {
        out.byte(FUNCREF).byte(HAS_MAX).u32(HOOKS).u32(HOOKS)
      }),
    ],
    [SECTION.memory, memorySection(assembly)],
    [SECTION.global, globals.byte(I64).byte(MUTABLE).byte(I64_CONST).signed(0).byte(END)],
    [SECTION.export, exports],
    // Called by the host once the hooks are in place and the guest has a pid.
    [SECTION.start, undefined],
    [SECTION.element, elements],
    [SECTION.code, codeSection(assembly, support)],
  ])
  return { sections, hints: hintsOf(assembly, support) }
}

const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

/** The guest's function names still hold: no function has another index. */
function nameSection({ bytes, sections }: DecodedModule): Section | undefined {
  return sections.find(
    ({ id, from, to }) => id === SECTION.custom && new Reader(bytes, from, to).name() === 'name',
  )
}

/**
 * The rewritten module. Of the custom sections only the names of functions are kept; offsets in the
 * others no longer hold.
 */
export function assemble(assembly: Assembly): Assembled {
  const { module, layout, offsets } = assembly
  const { sections, hints } = rewritten(assembly)
  const starts = new Map<number, number>()
  const out = new Writer(module.bytes.length + assembly.bodies.length).all(PREAMBLE)
  const copy = ({ id, from, to }: Section): void => {
    out
      .byte(id)
      .u32(to - from)
      .range(module.bytes, from, to)
  }
  for (const id of ORDER) {
    if (id === SECTION.code && hints !== undefined) out.byte(SECTION.custom).sized(hints)
    if (sections.has(id)) {
      const payload = sections.get(id)
      if (payload !== undefined) {
        starts.set(id, out.byte(id).sized(payload).length - payload.length)
      }
      continue
    }
    const section = module.sections.find((one) => one.id === id)
    if (section !== undefined) copy(section)
  }
  const first = (starts.get(SECTION.code) ?? 0) + sizeOfCount(sections.get(SECTION.code))
  const original = module.sections.find(({ id }) => id === SECTION.code)?.from ?? 0
  const names = nameSection(module)
  if (names !== undefined) copy(names)
  const map = offsets.map(first, original, layout.importedFunctions)
  return { bytes: out.view().slice(), map }
}

import { type DecodedModule, SECTION } from '../decode/module.ts'
import { invalidModule, Reader } from '../decode/reader.ts'
import type { Layout } from './layout.ts'
import type { MeterManifest } from './manifest.ts'
import { HOOKS, type Signature, signatureOf, supportBody } from './support.ts'
import { Writer } from './writer.ts'

const I32 = 0x7f
const I64 = 0x7e
const FUNCREF = 0x70
const FUNCTION_FORM = 0x60
const MUTABLE = 1
const I64_CONST = 0x42
const END = 0x0b
const HAS_MAX = 1
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const

const REFILL: Signature = { params: [], results: [] }
const HOOK: Signature = { params: [I32, I32], results: [I32] }

export interface Assembly {
  readonly module: DecodedModule
  readonly layout: Layout
  /** The rewritten bodies, each with its size, in order. */
  readonly bodies: Writer
  readonly memoryMaxPages: number
  readonly manifest: MeterManifest
}

interface Additions {
  /** The types added, in the order of their indices. */
  readonly types: readonly Signature[]
  /** Type index of each support function. */
  readonly functions: readonly number[]
  readonly bodies: readonly Writer[]
}

/** Support functions may ask for others while they are written: until no new one comes. */
function additionsOf({ module, layout }: Assembly): Additions {
  const types: Signature[] = [REFILL, HOOK]
  const functions: number[] = []
  const bodies: Writer[] = []
  for (let index = 0; index < layout.supportNames().length; index += 1) {
    const name = layout.supportNames()[index]
    if (name === undefined) break
    const signature = signatureOf(name, module)
    const text = JSON.stringify(signature)
    let type = types.findIndex((known) => JSON.stringify(known) === text)
    if (type === -1) type = types.push(signature) - 1
    functions.push(layout.firstType + type)
    bodies.push(supportBody(name, layout))
  }
  return { types, functions, bodies }
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

/** The memory's maximum is lowered to what the host allows at most. */
function memorySection({ module, memoryMaxPages }: Assembly): Writer | undefined {
  const imported = module.imports.some(({ kind }) => kind === 'memory')
  const memory = module.memories[0]
  if (memory === undefined || imported) return undefined
  const max = Math.min(memory.max ?? memoryMaxPages, memoryMaxPages)
  if (memory.min > max) {
    throw invalidModule(`memory of ${memory.min} pages exceeds ${memoryMaxPages}`)
  }
  return new Writer(16).u32(1).byte(HAS_MAX).u32(memory.min).u32(max)
}

function exportSection(assembly: Assembly): Writer {
  const { manifest, layout, module } = assembly
  const added: (readonly [name: string, kind: number, index: number])[] = [
    [manifest.fuel, KIND.global, layout.fuelGlobal],
    [manifest.hooks, KIND.table, layout.hookTable],
  ]
  const known = module.exports.some(({ name }) => name === manifest.memory)
  if (manifest.memory !== undefined && !known) added.push([manifest.memory, KIND.memory, 0])
  if (manifest.start !== undefined && module.start !== undefined) {
    added.push([manifest.start, KIND.function, module.start])
  }
  return extended(assembly, SECTION.export, added.length, (out) => {
    for (const [name, kind, index] of added) out.name(name).byte(kind).u32(index)
  })
}

/** What becomes of each section; one that is not here is copied, or is not there. */
function rewritten(assembly: Assembly, added: Additions): ReadonlyMap<number, Writer | undefined> {
  const { functions, bodies } = added
  return new Map([
    [
      SECTION.type,
      extended(assembly, SECTION.type, added.types.length, (out) => {
        for (const type of added.types) writeSignature(out, type)
      }),
    ],
    [
      SECTION.function,
      extended(assembly, SECTION.function, functions.length, (out) => {
        for (const type of functions) out.u32(type)
      }),
    ],
    [
      SECTION.table,
      extended(assembly, SECTION.table, 1, (out) => {
        out.byte(FUNCREF).byte(HAS_MAX).u32(HOOKS).u32(HOOKS)
      }),
    ],
    [SECTION.memory, memorySection(assembly)],
    [
      SECTION.global,
      extended(assembly, SECTION.global, 1, (out) => {
        out.byte(I64).byte(MUTABLE).byte(I64_CONST).signed(0).byte(END)
      }),
    ],
    [SECTION.export, exportSection(assembly)],
    // Called by the host once the hooks are in place and the guest has a pid.
    [SECTION.start, undefined],
    [SECTION.code, codeSection(assembly, bodies)],
  ])
}

function codeSection({ module, bodies }: Assembly, support: readonly Writer[]): Writer {
  const out = new Writer(bodies.length + 4096)
  out.u32(module.bodies.length + support.length).all(bodies.view())
  for (const body of support) out.sized(body)
  return out
}

const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

/** The rewritten module. Custom sections are dropped: names and offsets in them no longer hold. */
export function assemble(assembly: Assembly): Uint8Array {
  const { module } = assembly
  const replaced = rewritten(assembly, additionsOf(assembly))
  const out = new Writer(module.bytes.length + assembly.bodies.length).all(PREAMBLE)
  for (const id of ORDER) {
    if (replaced.has(id)) {
      const payload = replaced.get(id)
      if (payload !== undefined) out.byte(id).sized(payload)
      continue
    }
    const section = module.sections.find((one) => one.id === id)
    if (section === undefined) continue
    out
      .byte(id)
      .u32(section.to - section.from)
      .range(module.bytes, section.from, section.to)
  }
  return out.view().slice()
}

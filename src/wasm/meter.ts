import { holdToLimits, visitFunctions } from './admit.ts'
import { calleesOf } from './callees.ts'
import { type DecodedModule, decodeModule } from './decode/module.ts'
import { invalidModule } from './decode/reader.ts'
import { debugLines } from './dwarf/debug-lines.ts'
import { DEFAULT_MODULE_LIMITS, type ModuleLimits, outputLimits } from './limits.ts'
import { assemble } from './meter/assemble.ts'
import { rewriteBody } from './meter/body.ts'
import { Code } from './meter/code.ts'
import { chooseForm, type FormChoice, referenceExports } from './meter/form.ts'
import type { FunctionHints } from './meter/hints.ts'
import { Layout } from './meter/layout.ts'
import type { MemoryLimits, MeterManifest } from './meter/manifest.ts'
import { OffsetMap } from './meter/offset-map.ts'
import { type MeterReport, ReportSum } from './meter/report.ts'
import { isShim } from './meter/shim.ts'
import { Writer } from './meter/writer.ts'

export { FUEL_TABLE_VERSION } from './decode/weights.ts'
export type { MemoryLimits, MeterManifest } from './meter/manifest.ts'
export type { MeterReport } from './meter/report.ts'

/** Version of the pass: part of every cache key. Any change of its output needs a new one. */
export const METER_VERSION = 20

export interface MeterOptions {
  /** Greatest maximum a memory may have, in pages; what a container may really use is asked later. */
  readonly memoryMaxPages: number
  readonly limits: ModuleLimits
  /**
   * Other instances share what the module exports, and it defines its memory itself. Otherwise the
   * host gives it one, and exported tables, and what else could carry a reference to a function out of
   * it, are left out: a cell never touches them.
   */
  readonly linked: boolean
}

export interface Metered {
  readonly bytes: Uint8Array
  readonly manifest: MeterManifest
}

/** What `meter` returns; only what `Metered` has of it is kept beside the module. */
export interface MeterResult extends Metered {
  readonly report: MeterReport
  /** Where the original's code is in the rewritten module: `trapPlace` reads it. */
  readonly offsets: Uint8Array
  /** The original's source lines as they stand in it, for `trapPlace`; empty where it has none. */
  readonly lines: Uint8Array
}

/** 4 GiB: all that 32-bit addresses reach. */
const ALL_PAGES = 65_536
const DEFAULT_OPTIONS: MeterOptions = {
  memoryMaxPages: ALL_PAGES,
  limits: DEFAULT_MODULE_LIMITS,
  linked: false,
}

/** A name no export of the guest has. */
function uniqueName(taken: ReadonlySet<string>, wanted: string): string {
  let name = wanted
  while (taken.has(name)) name += "'"
  return name
}

function definedMemory(module: DecodedModule, memoryMaxPages: number): MemoryLimits | undefined {
  const imported = module.imports.some(({ kind }) => kind === 'memory')
  const memory = module.memories[0]
  if (memory === undefined || imported) return undefined
  const max = Math.min(memory.max ?? memoryMaxPages, memoryMaxPages)
  if (memory.min > max) {
    throw invalidModule(`memory of ${memory.min} pages exceeds ${memoryMaxPages}`)
  }
  return { min: memory.min, max }
}

function manifestOf(
  module: DecodedModule,
  { form, reason }: FormChoice | typeof UNTOUCHED,
  hostMemory: MemoryLimits | undefined,
  largestBody: number,
): MeterManifest {
  const taken = new Set(module.exports.map(({ name }) => name))
  const memory = module.memories[0]
  const exported = module.exports.find(({ kind }) => kind === 'memory')?.name
  return {
    version: METER_VERSION,
    form,
    formReason: reason,
    fuel: uniqueName(taken, 'bulkhead:fuel'),
    hooks: uniqueName(taken, 'bulkhead:hooks'),
    start: module.start === undefined ? undefined : uniqueName(taken, 'bulkhead:start'),
    memory: memory && (exported ?? uniqueName(taken, 'bulkhead:memory')),
    initialPages: memory?.min ?? 0,
    largestBody,
    hostMemory,
    imports: module.imports,
  }
}

const UNTOUCHED = { form: 'untouched', reason: 'it only hands calls on' } as const
const NOTHING: ReadonlySet<string> = new Set()

/** Headroom for the writers: the pass adds about a third. */
const GROWTH = 1.4
const OFFSETS_SHARE = 0.1
const NOTHING_KEPT = { offsets: new Uint8Array(), lines: new Uint8Array() }
const NO_BODY = { from: 0, to: 0 }

function hasIndirectTail(module: DecodedModule, limits: ModuleLimits): boolean {
  let found = false
  visitFunctions(module, limits, (events) => {
    found ||= events.hasIndirectTail
  })
  return found
}

/**
 * Rewrites a module so that it counts what it executes, asks before it grows, and can be stopped.
 *
 * In this order: our limits on sections, sizes and small functions; V8's validation of the original (an
 * invalid module could name what the pass adds); the rewriting, with the limits on what is in the other
 * functions; our limits and V8's validation again on the output. V8 compiles nothing before the last.
 *
 * @throws EngineError `INVALID_MODULE`: one line that names what is wrong.
 * @source metering reference, sections 2 to 4
 */
export function meter(bytes: Uint8Array, options: Partial<MeterOptions> = {}): MeterResult {
  const { memoryMaxPages, limits, linked } = { ...DEFAULT_OPTIONS, ...options }
  const module = decodeModule(bytes, limits)
  const imported = module.imports.filter(({ kind }) => kind === 'function').length
  // Other instances may throw what this one only lets through.
  const throws = module.tags.length > 0 || (linked && imported > 0)
  const callees = calleesOf(module, limits, throws)
  if (!WebAssembly.validate(bytes)) {
    throw invalidModule('exec format error: invalid module')
  }
  if (linked && isShim(module)) {
    const report = new ReportSum().report(module)
    return { bytes, manifest: manifestOf(module, UNTOUCHED, undefined, 0), report, ...NOTHING_KEPT }
  }
  const choice = chooseForm(module, linked, () => hasIndirectTail(module, limits))
  const layout = new Layout(module, choice.form, callees)
  const bodies = new Writer(Math.ceil(bytes.length * GROWTH))
  const body = new Writer()
  const offsets = new OffsetMap(Math.ceil(bytes.length * OFFSETS_SHARE))
  const code = new Code(undefined, offsets)
  const hints: FunctionHints[] = []
  const sum = new ReportSum()
  let largestBody = 0
  visitFunctions(module, limits, (events, index) => {
    body.clear()
    const place = imported + index
    const { to } = module.bodies[index] ?? NO_BODY
    offsets.begin(events.codeAt)
    const places = rewriteBody(events, place, bytes, layout, code, body)
    offsets.end(to, body.length, body.length - code.length)
    hints.push({ index: place, places })
    sum.add(events, callees.at(place).gap !== undefined)
    bodies.sized(body)
    largestBody = Math.max(largestBody, body.length)
  })
  const memory = definedMemory(module, memoryMaxPages)
  const manifest = manifestOf(module, choice, linked ? undefined : memory, largestBody)
  const dropped = choice.form === 'pass' ? referenceExports(module) : NOTHING
  const { bytes: output, map } = assemble({
    ...{ module, layout, bodies, hints, offsets, definedMemory: memory, manifest, dropped },
  })
  const most = outputLimits(limits)
  holdToLimits(decodeModule(output, most), most)
  if (!WebAssembly.validate(output)) {
    throw invalidModule('internal error: the rewritten module is not valid')
  }
  const lines = debugLines(module)
  return { bytes: output, manifest, report: sum.report(module), offsets: map, lines }
}

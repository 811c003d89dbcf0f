import { type Body, type DecodedModule, decodeModule } from './decode/module.ts'
import { invalidModule, Reader } from './decode/reader.ts'
import type { FunctionType, ModuleExport, ModuleImport } from './decode/sections.ts'
import { DEFAULT_MODULE_LIMITS, type ModuleLimits } from './limits.ts'
import { functionEvents } from './meter/events.ts'
import type { FunctionEvents } from './meter/frames.ts'
import { declaredCount } from './meter/locals.ts'

/** What a module asks for and offers. */
export interface ModuleSummary {
  readonly imports: readonly ModuleImport[]
  readonly exports: readonly ModuleExport[]
  /** Pages of 64 KiB; undefined for a module without memory. */
  readonly memory: { readonly min: number; readonly max: number | undefined } | undefined
  readonly hasStart: boolean
}

function typeOf(module: DecodedModule, index: number): FunctionType {
  const type = module.types[module.functions[index] ?? -1]
  if (type === undefined) throw invalidModule('exec format error: unknown function type')
  return type
}

/** One function's events, held to the limits of a function. */
export function eventsOf(
  module: DecodedModule,
  index: number,
  { from, to }: Body,
  limits: ModuleLimits,
): FunctionEvents {
  const reader = new Reader(module.bytes, from, to)
  return functionEvents(reader, typeOf(module, index), module.types, limits)
}

/** Calls `visit` with each function's events, and holds their sum to the limits. */
export function visitFunctions(
  module: DecodedModule,
  limits: ModuleLimits,
  visit: (events: FunctionEvents, index: number) => void,
): void {
  let work = 0
  for (const [index, body] of module.bodies.entries()) {
    const events = eventsOf(module, index, body, limits)
    work += events.merges * Math.max(1, events.locals)
    if (work > limits.mergesTimesLocalsSum) {
      throw invalidModule(
        `blocks times locals of all functions exceed ${limits.mergesTimesLocalsSum}`,
      )
    }
    visit(events, index)
  }
}

const summaryOf = (module: DecodedModule): ModuleSummary => ({
  imports: module.imports,
  exports: module.exports,
  memory: module.memories[0],
  hasStart: module.start !== undefined,
})

/** A block of any kind takes three bytes at least: its opcode, its type and its end. */
const SMALLEST_BLOCK = 3

/** Whether a body is so small that nothing in it can be past a limit; then its work is at most that. */
function mostWork(module: DecodedModule, index: number, body: Body, limits: ModuleLimits): number {
  const reader = new Reader(module.bytes, body.from, body.to)
  const locals = declaredCount(reader, typeOf(module, index).params.length, limits.locals)
  const bytes = body.to - reader.at
  const blocks = Math.ceil(bytes / SMALLEST_BLOCK)
  const least = Math.min(limits.loops, limits.nesting, limits.branchTargets, limits.branchTargetSum)
  const work = blocks * Math.max(1, locals)
  const small = bytes <= least && work <= limits.loopsTimesLocals
  return small && work <= limits.mergesTimesLocals ? work : Number.POSITIVE_INFINITY
}

/**
 * Holds a module's functions to the limits, and reads only those that are large enough to be past one.
 * For our own output, which V8 validates too: what a small function has in it is not looked at.
 */
export function holdToLimits(module: DecodedModule, limits: ModuleLimits): void {
  let work = 0
  for (const [index, body] of module.bodies.entries()) {
    const most = mostWork(module, index, body, limits)
    if (most < Number.POSITIVE_INFINITY) work += most
    else {
      const events = eventsOf(module, index, body, limits)
      work += events.merges * Math.max(1, events.locals)
    }
  }
  // Added up from bounds, it may be too much where the true sum is not.
  if (work > limits.mergesTimesLocalsSum) visitFunctions(module, limits, () => {})
}

/**
 * Reads a module from end to end and holds it to `limits`, before V8 sees a byte of it.
 *
 * @throws EngineError `INVALID_MODULE`: one line that names what is wrong.
 */
export function admit(
  bytes: Uint8Array,
  limits: ModuleLimits = DEFAULT_MODULE_LIMITS,
): ModuleSummary {
  const module = decodeModule(bytes, limits)
  visitFunctions(module, limits, () => {})
  return summaryOf(module)
}

import { type DecodedModule, decodeModule } from './decode/module.ts'
import { invalidModule, Reader } from './decode/reader.ts'
import type { FunctionType, ModuleExport, ModuleImport } from './decode/sections.ts'
import { DEFAULT_MODULE_LIMITS, type ModuleLimits } from './limits.ts'
import { functionEvents } from './meter/events.ts'
import type { FunctionEvents } from './meter/frames.ts'

/** What a module asks for and offers. */
export interface ModuleSummary {
  readonly imports: readonly ModuleImport[]
  readonly exports: readonly ModuleExport[]
  /** Pages of 64 KiB; undefined for a module without memory. */
  readonly memory: { readonly min: number; readonly max: number | undefined } | undefined
  readonly hasStart: boolean
}

/** Calls `visit` with each function's events, and holds their sum to the limits. */
export function visitFunctions(
  module: DecodedModule,
  limits: ModuleLimits,
  visit: (events: FunctionEvents, index: number) => void,
): void {
  let work = 0
  for (const [index, body] of module.bodies.entries()) {
    const type: FunctionType | undefined = module.types[module.functions[index] ?? -1]
    if (type === undefined) throw invalidModule('exec format error: unknown function type')
    const reader = new Reader(module.bytes, body.from, body.to)
    const events = functionEvents(reader, type, module.types, limits)
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

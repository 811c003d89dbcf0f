import { LinearMemory } from '../abi/guest-memory.ts'
import { linkImports } from '../abi/link.ts'
import { EngineError } from '../contract/errors.ts'
import { installHooks } from '../wasm/hooks.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { endOf } from './guest-exit.ts'
import { type End, type GuestThread, PAGE } from './guest-thread.ts'
import { type Caller, guestImports } from './imports.ts'

/** What a guest is made of. */
export interface Program {
  readonly module: WebAssembly.Module
  readonly manifest: MeterManifest
}

/**
 * Entries that all tables of a guest may grow by together: from about two million on, V8 ends the
 * whole process. @source threat model, F1
 */
const MAX_GROWN_ENTRIES = 900_000
/** What V8 keeps for an entry: the reference, and for functions its signature and address too. */
const ENTRY_BYTES = 32

type Exports = ReadonlyMap<string, unknown>

function functionAt(exports: Exports, name: string): (() => unknown) | undefined {
  const found = exports.get(name)
  // Exported functions of wasm: `typeof` is all that can be asked.
  return typeof found === 'function' ? (found as () => unknown) : undefined
}

function instantiate(
  run: Program,
  process: GuestThread,
  { memory, caller }: { readonly memory: LinearMemory; readonly caller: Caller },
) {
  const linked = linkImports(run.manifest.imports)
  const pages = run.manifest.initialPages
  if (!process.reserve(pages * PAGE)) {
    throw new EngineError(
      'INVALID_LIMIT',
      `the module starts with ${(pages * PAGE) / 2 ** 20} MiB of memory, more than its limit`,
    )
  }
  const imports = guestImports(linked, process, caller)
  const instance = new WebAssembly.Instance(run.module, imports)
  const exports: Exports = new Map(Object.entries(instance.exports))
  const exported = run.manifest.memory && exports.get(run.manifest.memory)
  if (exported instanceof WebAssembly.Memory) memory.attach(exported)
  let grownEntries = 0
  installHooks(instance, run.manifest, {
    refill: () => process.fuel.refill(),
    grow: (_, more) => process.grow(more),
    tableGrow: (_, more) => {
      if (grownEntries + more > MAX_GROWN_ENTRIES) return false
      if (!process.reserve(more * ENTRY_BYTES)) return false
      grownEntries += more
      return true
    },
  })
  return exports
}

/**
 * Runs a guest to its end on this thread.
 *
 * @param callerOf - how the calls of a guest with this memory are made.
 * @throws EngineError when it never started: INVALID_MODULE, INVALID_LIMIT.
 */
export function execute(
  run: Program,
  process: GuestThread,
  callerOf: (memory: LinearMemory) => Caller,
): End {
  const memory = new LinearMemory()
  let exports: Exports
  try {
    exports = instantiate(run, process, { memory, caller: callerOf(memory) })
  } catch (error) {
    // Segments are copied in before any code runs; one that lies outside is a trap of the guest.
    if (error instanceof WebAssembly.RuntimeError) return endOf(process.end, false, error)
    throw error
  }
  const start = functionAt(exports, '_start')
  const gauge = exports.get(run.manifest.fuel)
  if (start === undefined || !(gauge instanceof WebAssembly.Global)) {
    throw new EngineError('INVALID_MODULE', 'exec format error: the module exports no _start')
  }
  const { start: initialise } = run.manifest
  try {
    // The fuel global is an i64: its value is a bigint.
    process.fuel.start(gauge as { value: bigint })
    process.mustLive()
    if (initialise !== undefined) functionAt(exports, initialise)?.()
    start()
  } catch (error) {
    return endOf(process.end, false, error)
  }
  return endOf(process.end, true, undefined)
}

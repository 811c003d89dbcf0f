import { LinearMemory } from '../abi/guest-memory.ts'
import { linkImports } from '../abi/link.ts'
import { EngineError } from '../contract/errors.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { LayerParts } from '../kernel/mount/layer-index.ts'
import { installHooks } from '../wasm/hooks.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { bootContainer } from './boot-container.ts'
import { endOf, reportOf, usageOf } from './guest-exit.ts'
import type { GuestPorts } from './guest-ports.ts'
import { guestImports } from './imports.ts'
import { type End, PAGE, type RunningProcess } from './running-process.ts'

export interface GuestRun {
  readonly module: WebAssembly.Module
  readonly manifest: MeterManifest
  readonly root: LayerParts
  readonly guest: GuestSpec
  /** As `CellJob` has it. */
  readonly writableLayer?: string | undefined
}

export interface GuestEnd extends ExitReport {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Writes the upper layer to its file; absent where none is kept. Answers why it could not. */
  readonly keep?: () => string | undefined
}

/**
 * Boots a container around one guest, runs it to its end on this thread, and takes everything down
 * again.
 *
 * @throws EngineError when the guest never started: INVALID_MODULE, INVALID_LIMIT, INVALID_MOUNT,
 *   LAYER_DAMAGED.
 */
export function runGuest(run: GuestRun, ports: GuestPorts): GuestEnd {
  const began = performance.now()
  const container = bootContainer(run, ports)
  const { process, keep } = container
  try {
    const end = execute(run, process)
    process.publish()
    const usage = usageOf(process, performance.now() - began)
    const files = container.collect(run.guest.collect)
    return { ...reportOf(end, usage), files, ...(keep && { keep }) }
  } finally {
    container.shutDown()
  }
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

function instantiate(run: GuestRun, process: RunningProcess, memory: LinearMemory) {
  const linked = linkImports(run.manifest.imports)
  const pages = run.manifest.initialPages
  if (!process.ledger.charge('memory', pages * PAGE)) {
    throw new EngineError(
      'INVALID_LIMIT',
      `the module starts with ${(pages * PAGE) / 2 ** 20} MiB of memory, more than its limit`,
    )
  }
  const imports = guestImports(linked, process, { process, memory })
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
      if (!process.ledger.charge('memory', more * ENTRY_BYTES)) return false
      grownEntries += more
      return true
    },
  })
  return exports
}

function execute(run: GuestRun, process: RunningProcess): End {
  let exports: Exports
  try {
    exports = instantiate(run, process, new LinearMemory())
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

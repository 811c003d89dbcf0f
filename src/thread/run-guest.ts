import { GuestMemory } from '../abi/guest-memory.ts'
import { EngineError } from '../contract/errors.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { LayerParts } from '../kernel/mount/layer-index.ts'
import { placeHooks } from '../wasm/hooks.ts'
import { instanceOf, PAGE } from '../wasm/instance.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { bootContainer } from './boot-container.ts'
import type { GuestCalls } from './guest-calls.ts'
import { endOf, reportOf, usageOf } from './guest-exit.ts'
import type { GuestPorts } from './guest-ports.ts'
import { KeptForNext } from './kept-for-next.ts'
import type { End, RunningProcess } from './running-process.ts'
import type { SpareMemory } from './spare-memory.ts'

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
 * @param kept - what this thread has of the guest before.
 * @throws EngineError when the guest never started: INVALID_MODULE, INVALID_LIMIT, INVALID_MOUNT,
 *   LAYER_DAMAGED.
 */
export function runGuest(
  run: GuestRun,
  ports: GuestPorts,
  kept: KeptForNext = new KeptForNext(),
): GuestEnd {
  const began = performance.now()
  const container = bootContainer(run, ports)
  const { process, keep } = container
  const { calls, memory: spare } = kept
  try {
    const memory = memoryOf(run, process, spare)
    const guestMemory = new GuestMemory()
    if (memory !== undefined) guestMemory.attach(memory)
    calls.begin(process, guestMemory)
    const end = execute(run, process, calls, memory)
    process.publish()
    const usage = usageOf(process, performance.now() - began)
    const files = container.collect(run.guest.collect)
    if (memory !== undefined) spare.giveBack(memory)
    return { ...reportOf(end, usage), files, ...(keep && { keep }) }
  } finally {
    calls.end()
    container.shutDown()
  }
}

type Exports = ReadonlyMap<string, unknown>

function functionAt(exports: Exports, name: string): (() => unknown) | undefined {
  const found = exports.get(name)
  // Exported functions of wasm: `typeof` is all that can be asked.
  return typeof found === 'function' ? (found as () => unknown) : undefined
}

/** The guest's linear memory as it begins, paid for. */
function memoryOf(
  { manifest }: GuestRun,
  { ledger }: RunningProcess,
  spare: SpareMemory,
): WebAssembly.Memory | undefined {
  const bytes = manifest.initialPages * PAGE
  if (!ledger.charge('memory', bytes)) {
    throw new EngineError(
      'INVALID_LIMIT',
      `the module starts with ${bytes / 2 ** 20} MiB of memory, more than its limit`,
    )
  }
  const limits = manifest.hostMemory
  return limits && spare.take(limits)
}

function instantiate(
  { module, manifest }: GuestRun,
  calls: GuestCalls,
  memory: WebAssembly.Memory | undefined,
): Exports {
  const imports = calls.importsOf(module, manifest)
  const instance = instanceOf(module, manifest, imports, memory)
  placeHooks(instance, manifest, calls.hooks)
  return new Map(Object.entries(instance.exports))
}

function execute(
  run: GuestRun,
  process: RunningProcess,
  calls: GuestCalls,
  memory: WebAssembly.Memory | undefined,
): End {
  let exports: Exports
  try {
    exports = instantiate(run, calls, memory)
  } catch (error) {
    // Segments are copied in before any code runs; one that lies outside is a trap of the guest.
    if (error instanceof WebAssembly.RuntimeError)
      return endOf(process.end, false, error, run.module)
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
    return endOf(process.end, false, error, run.module)
  }
  return endOf(process.end, true, undefined, run.module)
}

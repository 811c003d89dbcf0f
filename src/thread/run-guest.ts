import type { HandlerPort } from '../abi/preview1/call.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { LayerParts } from '../kernel/mount/layer-index.ts'
import type { Process } from '../kernel/process/process.ts'
import { comeBack } from '../kernel/process/signal-delivery.ts'
import { bootContainer } from './boot-container.ts'
import type { Collected } from './collect-files.ts'
import { executeAll } from './execute-all.ts'
import { reportOf, usageOf } from './guest-exit.ts'
import type { GuestPorts } from './guest-ports.ts'
import type { InitThread } from './init-thread.ts'
import { KeptForNext } from './kept-for-next.ts'
import { isNative } from './native.ts'
import type { Program } from './program.ts'

export interface GuestRun extends Program {
  readonly root: LayerParts
  readonly guest: GuestSpec
  readonly program?: string | undefined
  /** As `CellJob` has it. */
  readonly writableLayer?: string | undefined
}

export interface GuestEnd extends Collected {
  readonly report: ExitReport
  /** Writes the upper layer to its file; undefined where none is kept. Answers why it could not. */
  readonly keep: (() => string | undefined) | undefined
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
  const { guest, root, program, writableLayer } = run
  const boot = { guest, root, program, writableLayer, native: isNative(run.manifest) }
  const container = bootContainer(boot, ports, kept.roots)
  const { process, thread, keep } = container
  try {
    const handler = handlerOf(process, thread)
    thread.handlers.unhandled = (signal) => comeBack(process, signal)
    const end = executeAll(run, thread, kept, ports, (memory) => ({
      context: { process, memory, handler },
      kernel: undefined,
    }))
    const usage = usageOf(thread, performance.now() - began)
    thread.publish()
    return { report: reportOf(end, usage), ...container.collect(), keep }
  } finally {
    thread.fuel.close()
    container.shutDown()
  }
}

/** The guest's function is found on this thread, and the kernel, which is here too, knows of it. */
const handlerOf = (process: Process, thread: InitThread): HandlerPort => ({
  set: (name) => {
    const found = thread.handlers.set(name)
    process.signals.handler = found && name !== ''
    return found
  },
})

import type { ErrorCode } from '../contract/errors.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import type { MeterManifest } from '../wasm/meter.ts'

/** What main and a worker share about one process. */
export interface ProcessMemory {
  readonly control: SharedArrayBuffer
  /** The cell's doorbell, rung after every byte of output and every byte of input taken. */
  readonly host: SharedArrayBuffer
  /** Undefined: the guest's input is at its end. */
  readonly stdin: SharedArrayBuffer | undefined
  readonly stdout: SharedArrayBuffer
  readonly stderr: SharedArrayBuffer
  /** Bit of this slot in the cell's dirty words. */
  readonly slot: number
}

/** One run of one process: the message that goes to a worker. */
export interface ProcessTask {
  readonly module: WebAssembly.Module
  readonly manifest: MeterManifest
  readonly root: LayerParts
  readonly guest: GuestSpec
  readonly memory: ProcessMemory
}

/** What comes back. An error that is the caller's is data: a thrown one would lose its code. */
export type ProcessOutcome =
  | {
      readonly ok: true
      readonly report: ExitReport
      readonly files: ReadonlyMap<string, Uint8Array>
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }

import type { MeterManifest } from '../wasm/meter.ts'

/** What a guest is made of. */
export interface Program {
  readonly module: WebAssembly.Module
  readonly manifest: MeterManifest
}

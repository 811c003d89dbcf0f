import { MEMORY_IMPORT } from './meter/assemble.ts'
import type { MemoryLimits, MeterManifest } from './meter.ts'

/** Bytes in a page of linear memory. */
export const PAGE = 65_536

/** A memory as a metered module asks for it, zeroed. */
export const newMemory = ({ min, max }: MemoryLimits): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: min, maximum: max })

/**
 * Makes an instance of a metered module.
 *
 * @param memory - of `manifest.hostMemory`'s limits, all zero; undefined where that is undefined.
 * @throws as `WebAssembly.Instance` does: a `RuntimeError` for a segment that lies outside.
 */
export function instanceOf(
  module: WebAssembly.Module,
  manifest: MeterManifest,
  imports: WebAssembly.Imports,
  memory: WebAssembly.Memory | undefined = manifest.hostMemory && newMemory(manifest.hostMemory),
): WebAssembly.Instance {
  if (memory === undefined) return new WebAssembly.Instance(module, imports)
  const given = { [MEMORY_IMPORT.name]: memory }
  return new WebAssembly.Instance(module, { ...imports, [MEMORY_IMPORT.module]: given })
}

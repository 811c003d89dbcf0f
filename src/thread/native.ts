import type { MeterManifest } from '../wasm/meter.ts'

/** The import module of programs that know their descriptors and their working directory. */
const OWN_MODULE = 'bulkhead_v1'

export const isNative = ({ imports }: Pick<MeterManifest, 'imports'>): boolean =>
  imports.some(({ module }) => module === OWN_MODULE)

import type { ModuleImport } from '../decode/sections.ts'
import type { ModuleForm } from './form.ts'

/** Of a memory, in pages of 64 KiB. */
export interface MemoryLimits {
  readonly min: number
  readonly max: number
}

/** How to run a rewritten module. Plain data: it is cached beside the module. */
export interface MeterManifest {
  readonly version: number
  /**
   * How fuel is carried: says how fast, never how much is counted. `untouched` is a linked module that
   * only ties others together: it has no fuel and no hooks.
   */
  readonly form: ModuleForm | 'untouched'
  /** Why the form is not `pass`. */
  readonly formReason: string | undefined
  /** Export name of the i64 global that holds the fuel left. */
  readonly fuel: string
  /** Export name of the table of hooks: 0 refill, 1 grow, 2 table grow. */
  readonly hooks: string
  /** Export name of the guest's start function, which the host calls. */
  readonly start: string | undefined
  /** Export name of the guest's memory. */
  readonly memory: string | undefined
  readonly initialPages: number
  /** Bytes of the largest rewritten function. */
  readonly largestBody: number
  /** The memory that the module takes from the host in place of its own: see `MEMORY_IMPORT`. */
  readonly hostMemory: MemoryLimits | undefined
  readonly imports: readonly ModuleImport[]
}

import type { ToolCase } from '../tool-case.ts'
import { CAT } from './file-cat.ts'

/** Every table of cases: one row per file of this folder. */
export const CASES: Readonly<Record<string, readonly ToolCase[]>> = {
  'file-cat': CAT,
}

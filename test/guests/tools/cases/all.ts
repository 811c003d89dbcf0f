import type { ToolCase } from '../tool-case.ts'
import { ATTRIBUTES } from './file-attributes.ts'
import { BYTES } from './file-bytes.ts'
import { CAT } from './file-cat.ts'
import { COPY } from './file-copy.ts'
import { DIFF } from './file-diff.ts'
import { LINKS } from './file-links.ts'
import { LS } from './file-ls.ts'
import { REMOVE } from './file-remove.ts'

/** Every table of cases: one row per file of this folder. */
export const CASES: Readonly<Record<string, readonly ToolCase[]>> = {
  'file-attributes': ATTRIBUTES,
  'file-bytes': BYTES,
  'file-cat': CAT,
  'file-copy': COPY,
  'file-diff': DIFF,
  'file-links': LINKS,
  'file-ls': LS,
  'file-remove': REMOVE,
}

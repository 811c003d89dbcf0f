import type { ToolCase } from '../tool-case.ts'
import { ATTRIBUTES } from './file-attributes.ts'
import { BYTES } from './file-bytes.ts'
import { CAT } from './file-cat.ts'
import { COPY } from './file-copy.ts'
import { DIFF } from './file-diff.ts'
import { FIND, XARGS } from './file-find.ts'
import { GZIP } from './file-gzip.ts'
import { LINKS } from './file-links.ts'
import { LS } from './file-ls.ts'
import { REMOVE } from './file-remove.ts'
import { TAR } from './file-tar.ts'
import { DATE } from './system-date.ts'
import { NAMES, PROCESS } from './system-process.ts'

/** Every table of cases: one row per file of this folder. */
export const CASES: Readonly<Record<string, readonly ToolCase[]>> = {
  'file-attributes': ATTRIBUTES,
  'file-bytes': BYTES,
  'file-cat': CAT,
  'file-copy': COPY,
  'file-diff': DIFF,
  'file-find': FIND,
  'file-gzip': GZIP,
  'file-links': LINKS,
  'file-ls': LS,
  'file-remove': REMOVE,
  'file-tar': TAR,
  'file-xargs': XARGS,
  'system-date': DATE,
  'system-names': NAMES,
  'system-process': PROCESS,
}

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
import { AWK_INPUT } from './text-awk-input.ts'
import { AWK_LANGUAGE } from './text-awk-language.ts'
import { AWK_TEXT } from './text-awk-text.ts'
import { DUMP } from './text-dump.ts'
import { FIELDS } from './text-fields.ts'
import { GREP } from './text-grep.ts'
import { HEAD_TAIL } from './text-head-tail.ts'
import { HOSTILE } from './text-hostile.ts'
import { LAYOUT } from './text-layout.ts'
import { MORE } from './text-more.ts'
import { SED } from './text-sed.ts'
import { SORT } from './text-sort.ts'
import { TR } from './text-tr.ts'

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
  'text-head-tail': HEAD_TAIL,
  'text-fields': FIELDS,
  'text-tr': TR,
  'text-layout': LAYOUT,
  'text-dump': DUMP,
  'text-more': MORE,
  'text-sort': SORT,
  'text-grep': GREP,
  'text-sed': SED,
  'text-awk-input': AWK_INPUT,
  'text-awk-language': AWK_LANGUAGE,
  'text-awk-text': AWK_TEXT,
  'text-hostile': HOSTILE,
}

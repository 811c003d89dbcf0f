import type { ShellCase } from '../../../support/shell/cases.ts'
import { arithmetic } from './arithmetic.ts'
import { builtins } from './builtins.ts'
import { compounds } from './compounds.ts'
import { errors } from './errors.ts'
import { expansion } from './expansion.ts'
import { functions } from './functions.ts'
import { lists } from './lists.ts'
import { options } from './options.ts'
import { parsing } from './parsing.ts'
import { pipelines } from './pipelines.ts'
import { quoting } from './quoting.ts'
import { redirection } from './redirection.ts'
import { substitution } from './substitution.ts'
import { traps } from './traps.ts'

/** What dash and our shell are compared in. */
export const CHAPTERS: Readonly<Record<string, readonly ShellCase[]>> = {
  arithmetic,
  builtins,
  compounds,
  errors,
  expansion,
  functions,
  lists,
  options,
  parsing,
  pipelines,
  quoting,
  redirection,
  substitution,
  traps,
}

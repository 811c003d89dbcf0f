import type { DecodedModule } from '../decode/module.ts'
import type { ImportKind } from '../decode/sections.ts'
import { FUNCREF } from './signature.ts'

/**
 * How a module carries its fuel. The counts are the same in each.
 *
 * - `pass`: as one more parameter and result of every function of the guest.
 * - `mixed`: the same in direct calls; what tables and references hold keeps the guest's types and
 *   goes through the global, because the other side of the module's border expects them.
 * - `global`: in the global, and in a local of functions with loops.
 */
export type ModuleForm = 'pass' | 'mixed' | 'global'

export interface FormChoice {
  readonly form: ModuleForm
  /** Why it is not `pass`, in a few words. */
  readonly reason: string | undefined
}

/** An import or export: what it is of, and where in its index space. */
interface Border {
  readonly kind: ImportKind
  readonly index: number
  readonly name: string
}

function importBorders(module: DecodedModule): readonly Border[] {
  const next = { function: 0, table: 0, memory: 0, global: 0, tag: 0 }
  return module.imports.map(({ kind, name }) => {
    const index = next[kind]
    next[kind] += 1
    return { kind, index, name }
  })
}

function functionTypes(module: DecodedModule): readonly number[] {
  const imported = module.imports.flatMap(({ kind, type }) =>
    kind === 'function' ? [type ?? -1] : [],
  )
  return [...imported, ...module.functions]
}

/** Whether a reference to a function can pass through this import or export. */
function carries(module: DecodedModule, types: readonly number[], border: Border): boolean {
  const { kind, index } = border
  const has = (type: number | undefined): boolean => {
    const signature = module.types[type ?? -1]
    return signature !== undefined && [signature.params, signature.results].flat().includes(FUNCREF)
  }
  if (kind === 'table') return module.tables[index]?.element === FUNCREF
  if (kind === 'global') return module.globals[index] === FUNCREF
  if (kind === 'function') return has(types[index])
  if (kind === 'tag') return has(module.tags[index])
  return false
}

/** Names of the exports through which a reference to a function can leave. */
export function referenceExports(module: DecodedModule): ReadonlySet<string> {
  const types = functionTypes(module)
  return new Set(
    module.exports.filter((one) => carries(module, types, one)).map(({ name }) => name),
  )
}

/**
 * The fastest form that is right for a module.
 *
 * @param linked - other instances share what it exports. Otherwise exports that carry references
 *   are left out of the rewritten module, and only its imports decide.
 * @param hasIndirectTail - asked only where it matters: some function has a return_call_indirect. Through a type of the guest it
 *   can be a tail call only in a function that keeps the guest's type itself.
 */
export function chooseForm(
  module: DecodedModule,
  linked: boolean,
  hasIndirectTail: () => boolean,
): FormChoice {
  const types = functionTypes(module)
  const borders = linked ? [...importBorders(module), ...module.exports] : importBorders(module)
  const crossing = borders.find((border) => carries(module, types, border))
  if (crossing === undefined) return { form: 'pass', reason: undefined }
  const reason = `references to functions cross its border (${crossing.kind} ${crossing.name})`
  if (!hasIndirectTail()) return { form: 'mixed', reason }
  return { form: 'global', reason: `${reason}, and it has indirect tail calls` }
}

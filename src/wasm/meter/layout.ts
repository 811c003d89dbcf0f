import type { DecodedModule } from '../decode/module.ts'
import type { FunctionType } from '../decode/sections.ts'
import type { ModuleForm } from './form.ts'
import type { KnownCallees } from './known-callees.ts'
import type { Signature } from './signature.ts'

/** The functions that the pass adds, by what they do and the indices they do it to. */
export type SupportName =
  /** Asks for fuel: the global is below zero. */
  | 'refill'
  /** The same, of the fuel it is given; returns what there is then. */
  | 'refill value'
  /** Chooses the end of the next strip of a counted loop. */
  | 'strip'
  | 'grow'
  /** Of more than one piece; a shorter one is done in place. */
  | 'fill'
  | 'copy'
  | `init ${number}`
  | `table.grow ${number}`
  | `table.fill ${number}`
  | `table.copy ${number} ${number}`
  | `table.init ${number} ${number}`
  /** A guest's function under its own type: fuel in the global. */
  | `outer ${number}`
  /** An import under its twin type: fuel passed. */
  | `inner ${number}`

/**
 * Where the pass puts what it adds: always behind the guest's own, so that no index of the guest
 * changes. Types and support functions are numbered as they are asked for.
 */
export class Layout {
  readonly form: ModuleForm
  /** What is known of the guest's functions. */
  readonly callees: KnownCallees
  readonly fuelGlobal: number
  readonly hookTable: number
  readonly importedFunctions: number
  /** Type index of every function of the guest, imports first. */
  readonly typeOf: readonly number[]
  readonly types: readonly FunctionType[]
  readonly #firstType: number
  readonly #firstSupport: number
  readonly #support = new Map<SupportName, number>()
  readonly #supportNames: SupportName[] = []
  readonly #addedTypes = new Map<string, number>()
  readonly #signatures: Signature[] = []
  readonly #references = new Set<number>()

  constructor(module: DecodedModule, form: ModuleForm, callees: KnownCallees) {
    this.callees = callees
    this.form = form
    this.types = module.types
    this.fuelGlobal = module.globals.length
    this.hookTable = module.tables.length
    const imported = module.imports.flatMap(({ kind, type }) =>
      kind === 'function' ? [type ?? 0] : [],
    )
    this.importedFunctions = imported.length
    this.typeOf = [...imported, ...module.functions]
    this.#firstSupport = this.typeOf.length
    // In front of these stand the twins of the guest's types, in the order of the originals.
    this.#firstType = form === 'global' ? module.types.length : 2 * module.types.length
  }

  isImport(index: number): boolean {
    return this.callees.isImport(index)
  }

  /** Index of the twin of a guest's type. */
  twin(type: number): number {
    return this.types.length + type
  }

  /** Index of a type that is none of the guest's. */
  type(signature: Signature): number {
    const key = `${signature.params}>${signature.results}`
    let place = this.#addedTypes.get(key)
    if (place === undefined) {
      place = this.#signatures.push(signature) - 1
      this.#addedTypes.set(key, place)
    }
    return this.#firstType + place
  }

  /** In the order of their indices. */
  addedTypes(): readonly Signature[] {
    return this.#signatures
  }

  /** Function index of a support function. */
  support(name: SupportName): number {
    let place = this.#support.get(name)
    if (place === undefined) {
      place = this.#supportNames.push(name) - 1
      this.#support.set(name, place)
    }
    return this.#firstSupport + place
  }

  /** In the order of their indices. Grows while support functions are written. */
  supportNames(): readonly SupportName[] {
    return this.#supportNames
  }

  /** What the host is given for a function of the guest: one of the guest's own type. */
  exported(index: number): number {
    if (this.form === 'global' || this.isImport(index)) return index
    return this.support(`outer ${index}`)
  }

  /** Whether fuel is passed to one of the guest's own functions and comes back from it. */
  carriesFuel(index: number): boolean {
    return this.form !== 'global' && !this.callees.at(index).isFree
  }

  /** What a table or a reference holds for a function of the guest. */
  readonly referenced = (index: number): number => {
    if (this.form !== 'pass') return this.exported(index)
    return this.isImport(index) ? this.support(`inner ${index}`) : index
  }

  /** The same for a ref.func in code: such a function must be declared as well. */
  declareReference(index: number): number {
    const target = this.referenced(index)
    this.#references.add(target)
    return target
  }

  /** What the ref.func instructions name. */
  references(): ReadonlySet<number> {
    return this.#references
  }
}

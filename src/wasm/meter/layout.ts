import type { DecodedModule } from '../decode/module.ts'

/** Index of each support function, counted from the first one. */
export type SupportName =
  | 'refill'
  | 'grow'
  | 'fill'
  | 'copy'
  | `init ${number}`
  | `table.grow ${number}`
  | `table.fill ${number}`
  | `table.copy ${number} ${number}`
  | `table.init ${number} ${number}`

/**
 * Where the pass puts what it adds: always behind the guest's own, so that no index of the guest
 * changes. Support functions are numbered as they are asked for.
 */
export class Layout {
  readonly fuelGlobal: number
  readonly hookTable: number
  readonly firstType: number
  readonly firstSupport: number
  readonly #support = new Map<SupportName, number>()

  constructor(module: DecodedModule) {
    this.fuelGlobal = module.globals
    this.hookTable = module.tables.length
    this.firstType = module.types.length
    const imported = module.imports.filter(({ kind }) => kind === 'function').length
    this.firstSupport = imported + module.functions.length
  }

  /** Function index of a support function. */
  support(name: SupportName): number {
    let place = this.#support.get(name)
    if (place === undefined) {
      place = this.#support.size
      this.#support.set(name, place)
    }
    return this.firstSupport + place
  }

  /** In the order of their indices. */
  supportNames(): readonly SupportName[] {
    return [...this.#support.keys()]
  }
}

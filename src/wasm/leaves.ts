import { eventsOf } from './admit.ts'
import type { DecodedModule } from './decode/module.ts'
import type { ModuleLimits } from './limits.ts'
import { type Leaf, leafOf } from './meter/credits.ts'
import { referencedFunctions } from './meter/references.ts'

/** Bytes: functions whose body is larger look at their fuel when they are entered. */
const LARGEST = 2_048
/** How far calls are followed, one in the other. */
const DEEPEST = 8

/** Finds the functions that need no look at their entry. Each is read once. */
class LeafFinder {
  readonly #module: DecodedModule
  readonly #imported: number
  readonly #limits: ModuleLimits
  readonly #referenced: ReadonlySet<number>
  readonly #found = new Map<number, Leaf | undefined>()

  constructor(module: DecodedModule, limits: ModuleLimits) {
    this.#module = module
    this.#imported = module.imports.filter(({ kind }) => kind === 'function').length
    this.#limits = limits
    this.#referenced = referencedFunctions(module)
  }

  all(): ReadonlyMap<number, Leaf> {
    const leaves = new Map<number, Leaf>()
    for (const place of this.#module.bodies.keys()) {
      const index = this.#imported + place
      const leaf = this.#at(index, 0)
      if (leaf !== undefined) leaves.set(index, leaf)
    }
    return leaves
  }

  #at(index: number, depth: number): Leaf | undefined {
    if (this.#found.has(index) || depth > DEEPEST) return this.#found.get(index)
    // Until it is known: what calls itself is none.
    this.#found.set(index, undefined)
    const leaf = this.#read(index, depth)
    this.#found.set(index, leaf)
    return leaf
  }

  /** Nobody pays for a leaf that is called in another way than by its name, so it pays itself. */
  #read(index: number, depth: number): Leaf | undefined {
    const place = index - this.#imported
    const body = this.#module.bodies[place]
    if (body === undefined || body.to - body.from > LARGEST) return undefined
    const events = eventsOf(this.#module, place, body, this.#limits)
    const leaf = leafOf(events, (other) => this.#at(other, depth + 1))
    if (leaf === undefined || !this.#referenced.has(index)) return leaf
    return { ...leaf, price: undefined }
  }
}

/** The functions that need no look at their entry, by their index. */
export const leavesOf = (module: DecodedModule, limits: ModuleLimits): ReadonlyMap<number, Leaf> =>
  new LeafFinder(module, limits).all()

import { eventsOf } from './admit.ts'
import type { DecodedModule } from './decode/module.ts'
import type { ModuleLimits } from './limits.ts'
import { type Callee, calleeOf, KnownCallees, PAYS_ITSELF } from './meter/callee.ts'
import { referencedFunctions } from './meter/references.ts'

/** Bytes: nothing is known of functions whose body is larger. */
const LARGEST = 2_048
/** How far calls are followed, one in the other. */
const DEEPEST = 8

/** Finds out what callers know of each function. Each is read once. */
class CalleeFinder {
  readonly #module: DecodedModule
  readonly imported: number
  readonly #limits: ModuleLimits
  readonly #throws: boolean
  readonly #referenced: ReadonlySet<number>
  readonly #found = new Map<number, Callee>()
  readonly #beingRead = new Set<number>()

  constructor(module: DecodedModule, limits: ModuleLimits, throws: boolean) {
    this.#module = module
    this.imported = module.imports.filter(({ kind }) => kind === 'function').length
    this.#limits = limits
    this.#throws = throws
    this.#referenced = referencedFunctions(module)
  }

  all(): ReadonlyMap<number, Callee> {
    const callees = new Map<number, Callee>()
    for (const place of this.#module.bodies.keys()) {
      const index = this.imported + place
      const callee = this.#at(index, 0)
      if (callee !== PAYS_ITSELF) callees.set(index, callee)
    }
    return callees
  }

  #at(index: number, depth: number): Callee {
    const known = this.#found.get(index)
    if (known !== undefined) return known
    // What calls itself finds nothing known, and pays the rest at its entry.
    if (this.#beingRead.has(index) || depth > DEEPEST) return PAYS_ITSELF
    this.#beingRead.add(index)
    const callee = this.#read(index, depth)
    this.#beingRead.delete(index)
    this.#found.set(index, callee)
    return callee
  }

  #read(index: number, depth: number): Callee {
    const place = index - this.imported
    const body = this.#module.bodies[place]
    if (body === undefined || body.to - body.from > LARGEST) return PAYS_ITSELF
    const events = eventsOf(this.#module, place, body, this.#limits)
    const callee = calleeOf(events, this.#calleesAt(depth + 1))
    // Nobody pays for what is called in another way than by its name.
    return this.#referenced.has(index) ? { ...PAYS_ITSELF, gap: callee.gap } : callee
  }

  #calleesAt(depth: number): KnownCallees {
    return new KnownCallees((index) => this.#at(index, depth), this.imported, this.#throws)
  }
}

/**
 * What callers know of the functions that they call.
 *
 * @param throws - exceptions may come out of functions.
 */
export function calleesOf(
  module: DecodedModule,
  limits: ModuleLimits,
  throws: boolean,
): KnownCallees {
  const finder = new CalleeFinder(module, limits, throws)
  const found = finder.all()
  return new KnownCallees((index) => found.get(index) ?? PAYS_ITSELF, finder.imported, throws)
}

import { eventsOf } from './admit.ts'
import type { DecodedModule } from './decode/module.ts'
import type { ModuleLimits } from './limits.ts'
import { calleeOf } from './meter/callee.ts'
import { type Callee, KnownCallees, PAYS_ITSELF } from './meter/known-callees.ts'
import { referencedFunctions } from './meter/references.ts'

/** Bytes: nothing is known of functions whose body is larger. */
const LARGEST = 2_048
/** How far calls are followed, one in the other. */
const DEEPEST = 8

/** Finds out what callers know of each function. Each is read once. */
class CalleeFinder {
  readonly #module: DecodedModule
  readonly #imported: number
  readonly #limits: ModuleLimits
  readonly #throws: boolean
  readonly #referenced: ReadonlySet<number>
  /** By their index; nothing is known of imports. */
  readonly #found: (Callee | undefined)[]
  readonly #beingRead = new Set<number>()

  constructor(module: DecodedModule, limits: ModuleLimits, throws: boolean) {
    this.#module = module
    const imported = module.imports.filter(({ kind }) => kind === 'function').length
    this.#imported = imported
    this.#found = Array.from({ length: imported + module.bodies.length }, (_, index) =>
      index < imported ? PAYS_ITSELF : undefined,
    )
    this.#limits = limits
    this.#throws = throws
    this.#referenced = referencedFunctions(module)
  }

  all(): KnownCallees {
    for (const place of this.#module.bodies.keys()) this.#at(this.#imported + place, 0)
    const found = this.#found
    return new KnownCallees((index) => found[index] ?? PAYS_ITSELF, this.#imported, this.#throws)
  }

  #at(index: number, depth: number): Callee {
    const known = this.#found[index]
    if (known !== undefined) return known
    // The module may not be valid. What calls itself finds nothing known, and pays the rest at its entry.
    if (index >= this.#found.length || this.#beingRead.has(index) || depth > DEEPEST) {
      return PAYS_ITSELF
    }
    this.#beingRead.add(index)
    const callee = this.#read(index, depth)
    this.#beingRead.delete(index)
    this.#found[index] = callee
    return callee
  }

  #read(index: number, depth: number): Callee {
    const place = index - this.#imported
    const body = this.#module.bodies[place]
    if (body === undefined || body.to - body.from > LARGEST) return PAYS_ITSELF
    const events = eventsOf(this.#module, place, body, this.#limits)
    const callee = calleeOf(events, this.#calleesAt(depth + 1))
    // Nobody pays for what is called in another way than by its name.
    return this.#referenced.has(index) ? { ...PAYS_ITSELF, gap: callee.gap } : callee
  }

  #calleesAt(depth: number): KnownCallees {
    return new KnownCallees((index) => this.#at(index, depth), this.#imported, this.#throws)
  }
}

/**
 * What callers know of the functions that they call.
 *
 * @param throws - exceptions may come out of functions.
 */
export const calleesOf = (
  module: DecodedModule,
  limits: ModuleLimits,
  throws: boolean,
): KnownCallees => new CalleeFinder(module, limits, throws).all()

import {
  globalGet,
  globalSet,
  I32,
  i32,
  i64,
  localGet,
  localSet,
  localTee,
  u32,
  VOID,
  zeroOf,
} from '../encoding.ts'
import { op } from '../recipes/recipe.ts'
import type { Choices } from './choices.ts'
import { type Callable, NUMBERS, type Shape } from './shape.ts'
import * as values from './values.ts'

/** A label that code may branch to; the innermost is the last. */
interface Label {
  /** What a branch to it carries. */
  readonly types: readonly number[]
  readonly loop: boolean
  /** An exception is at hand in it, for `rethrow`. */
  readonly handler: boolean
}

const END = 0x0b
const ELSE = 0x05
const DROP = 0x1a
/** Code nests no deeper than this. */
const DEEPEST = 6
const SIZE = 60
const ADDRESS_MASK = 0x3ff8
const TRIPS = [24, 4, 2] as const
const STEPS = [1, 1, 1, 2, 4, 8, 64, 3, 12, 20, 52] as const

/** Writes the code of one function: any code that is valid and comes to an end. */
export class FunctionWriter {
  readonly #choices: Choices
  readonly #shape: Shape
  readonly #own: Callable
  /** Types of all locals, parameters first. */
  readonly #locals: number[]
  readonly #writable: readonly number[]
  readonly #labels: Label[] = []
  #size = SIZE
  #loops = 0

  constructor(choices: Choices, shape: Shape, own: Callable) {
    this.#choices = choices
    this.#shape = shape
    this.#own = own
    this.#locals = [...own.params, ...NUMBERS, ...NUMBERS]
    this.#writable = this.#locals.map((_, index) => index)
  }

  write(): void {
    const { builder } = this.#shape
    this.#labels.push({ types: this.#own.results, loop: false, handler: false })
    const code = [
      ...(this.#own.leaf ? [] : this.#outOfBudget()),
      ...this.#statements(4),
      ...this.#expressions(this.#own.results),
    ]
    const locals = this.#locals.slice(this.#own.params.length)
    builder.function({ type: this.#own.type, locals, code })
  }

  // --- what is spent so that everything ends

  /** Takes one from the budget; leaves 1 while there is some. */
  #spend(): number[] {
    const { budget } = this.#shape
    const less = [...globalGet(budget), ...i32(1), ...op('i32.sub'), ...globalSet(budget)]
    return [...less, ...globalGet(budget), ...i32(0), ...op('i32.gt_s')]
  }

  #outOfBudget(): number[] {
    const defaults = this.#own.results.flatMap(zeroOf)
    return [...this.#spend(), ...op('i32.eqz'), 0x04, VOID, ...defaults, ...op('return'), END]
  }

  // --- expressions

  #local(type: number): number {
    return this.#choices.from(this.#writable.filter((index) => this.#locals[index] === type))
  }

  #global(type: number): number {
    return this.#shape.globals.get(type) ?? 0
  }

  #expressions(types: readonly number[]): number[] {
    return types.flatMap((type) => this.#expression(type))
  }

  /** Code that leaves one value of `type`. */
  #expression(type: number): number[] {
    const { leaf, inner } = this.#expressionsOf(type)
    if (this.#size <= 0 || this.#labels.length > DEEPEST) return this.#choices.from(leaf)()
    this.#size -= 1
    return this.#choices.from([...leaf, ...inner])()
  }

  #expressionsOf(type: number) {
    const unary = (): number[] => {
      const [from, code] = this.#choices.from(values.UNARY.get(type) ?? [])
      return [...this.#expression(from), ...code]
    }
    const binary = (): number[] =>
      this.#two(type, this.#choices.from(values.BINARY.get(type) ?? []))
    const leaf = [
      () => values.constant(this.#choices, type),
      () => localGet(this.#local(type)),
      () => globalGet(this.#global(type)),
    ]
    const inner = [
      unary,
      binary,
      binary,
      binary,
      () => (type === I32 ? this.#comparison() : binary()),
      () => this.#division(type),
      () => [...this.#address(), ...this.#choices.from(values.LOADS.get(type) ?? []), 0, 4],
      () => this.#select(type),
      () => this.#block(0x02, [type]),
      () => this.#if([type]),
      () => this.#loop([type]),
      () => this.#callFor([type]),
      () => this.#callFor([type]),
      () => [...this.#expression(type), ...localTee(this.#local(type))],
      () => this.#attempt([type]),
      () => this.#rare(type),
    ]
    return { leaf, inner }
  }

  #two(type: number, code: readonly number[]): number[] {
    return [...this.#expression(type), ...this.#expression(type), ...code]
  }

  #comparison(): number[] {
    const type = this.#choices.from(NUMBERS)
    return this.#two(type, this.#choices.from(values.COMPARE.get(type) ?? []))
  }

  #division(type: number): number[] {
    const codes = values.DIVISIONS.get(type)
    if (codes === undefined)
      return this.#two(type, this.#choices.from(values.BINARY.get(type) ?? []))
    const or = type === I32 ? [...i32(1), ...op('i32.or')] : [...i64(1), ...op('i64.or')]
    const safe = this.#choices.chance(5) ? [] : or
    const divisor = [...this.#expression(type), ...safe]
    return [...this.#expression(type), ...divisor, ...this.#choices.from(codes)]
  }

  #rare(type: number): number[] {
    const truncation = values.TRUNCATIONS.get(type)
    if (truncation !== undefined && this.#choices.chance(20)) {
      const [from, code] = truncation
      return [...this.#expression(from), ...code]
    }
    if (type === I32) {
      const queries = [op('memory.size', 0), op('table.size', 0), this.#growth()]
      return this.#choices.from(queries)
    }
    return this.#select(type)
  }

  #growth(): number[] {
    if (this.#choices.chance(50)) return [...i32(this.#choices.below(3)), ...op('memory.grow', 0)]
    return [...this.#reference(), ...i32(this.#choices.below(3)), ...op('table.grow', 0)]
  }

  #reference(): number[] {
    if (this.#choices.chance(30)) return op('ref.null', 0x70)
    return op('ref.func', ...u32(this.#choices.from(this.#shape.functions).index))
  }

  #select(type: number): number[] {
    const typed = this.#choices.chance(30) ? op('select_t', 1, type) : op('select')
    return [
      ...this.#expression(type),
      ...this.#expression(type),
      ...this.#expression(I32),
      ...typed,
    ]
  }

  /** Within the memory, mostly. */
  #address(): number[] {
    const masked = this.#choices.chance(3) ? [] : [...i32(ADDRESS_MASK), ...op('i32.and')]
    return [...this.#expression(I32), ...masked]
  }

  // --- statements: code that leaves the stack as it found it

  #statements(most: number): number[] {
    const count = this.#choices.below(most + 1)
    return Array.from({ length: count }, () => this.#statement()).flat()
  }

  #statement(): number[] {
    if (this.#size <= 0) return op('nop')
    this.#size -= 1
    const simple = [() => op('nop'), () => this.#assignment(), () => this.#assignment()]
    if (this.#labels.length > DEEPEST) return this.#choices.from(simple)()
    return this.#choices.from([
      ...simple,
      () => this.#store(),
      () => this.#if([]),
      () => this.#if([]),
      () => this.#counted(),
      () => this.#counted(),
      () => this.#loop([]),
      () => this.#typed(),
      () => this.#early(),
      () => this.#conditional(),
      () => this.#switch(),
      () => this.#branch(),
      () => this.#call(),
      () => this.#bulk(),
      () => this.#attempt([]),
      () => this.#leave(),
    ])()
  }

  #assignment(): number[] {
    const type = this.#choices.from(NUMBERS)
    const value = this.#expression(type)
    if (this.#choices.chance(25)) return [...value, ...globalSet(this.#global(type))]
    return [...value, ...localSet(this.#local(type))]
  }

  /** Takes values from the stack, the last first. */
  #keep(types: readonly number[]): number[] {
    return types
      .toReversed()
      .flatMap((type) => (this.#choices.chance(70) ? localSet(this.#local(type)) : [DROP]))
  }

  /** A value whose bits are the same on every machine: NaN becomes 0. */
  #canonical(type: number): number[] {
    const value = this.#expression(type)
    const equal = values.EQUAL.get(type)
    if (equal === undefined) return value
    const local = this.#local(type)
    const itself = [...localGet(local), ...localGet(local), ...equal]
    return [...value, ...localTee(local), ...zeroOf(type), ...itself, ...op('select')]
  }

  #store(): number[] {
    const type = this.#choices.from(NUMBERS)
    const code = this.#choices.from(values.STORES.get(type) ?? [])
    return [...this.#address(), ...this.#canonical(type), ...code, 0, 8]
  }

  // --- blocks

  #inside(label: Partial<Label>, write: () => number[]): number[] {
    this.#labels.push({ types: [], loop: false, handler: false, ...label })
    const code = write()
    this.#labels.pop()
    return code
  }

  #blockType(params: readonly number[], results: readonly number[]): number[] {
    if (params.length === 0 && results.length === 0) return [VOID]
    const [only] = results
    if (params.length === 0 && results.length === 1 && only !== undefined) return [only]
    return u32(this.#shape.builder.type(params, results))
  }

  #block(opcode: number, results: readonly number[]): number[] {
    const body = this.#inside({ types: results }, () => [
      ...this.#statements(3),
      ...this.#expressions(results),
    ])
    return [opcode, ...this.#blockType([], results), ...body, END]
  }

  /** A block, loop or if with parameters and results. */
  #typed(): number[] {
    const some = (most: number): number[] =>
      Array.from({ length: this.#choices.below(most + 1) }, () => this.#choices.from(NUMBERS))
    const [params, results] = [some(2), some(3)]
    const body = (): number[] => [
      ...this.#keep(params),
      ...this.#statements(2),
      ...this.#expressions(results),
    ]
    const type = this.#blockType(params, results)
    const given = this.#expressions(params)
    if (this.#choices.chance(30)) {
      const condition = this.#expression(I32)
      const arms = [0, 1].map(() => this.#inside({ types: results }, body))
      const [then = [], otherwise = []] = arms
      const code = [0x04, ...type, ...then, ELSE, ...otherwise, END]
      return [...given, ...condition, ...code, ...this.#keep(results)]
    }
    const loop = this.#choices.chance(30)
    const code = this.#inside({ types: loop ? params : results, loop }, body)
    return [...given, loop ? 0x03 : 0x02, ...type, ...code, END, ...this.#keep(results)]
  }

  #if(results: readonly number[]): number[] {
    const arm = (): number[] =>
      this.#inside({ types: results }, () => [
        ...this.#statements(3),
        ...this.#expressions(results),
      ])
    const condition = this.#expression(I32)
    const then = arm()
    const otherwise = results.length > 0 || this.#choices.chance(50) ? [ELSE, ...arm()] : []
    return [...condition, 0x04, ...this.#blockType([], results), ...then, ...otherwise, END]
  }

  /** A loop that goes round while there is budget and a condition holds. */
  #loop(results: readonly number[]): number[] {
    const body = this.#inside({ loop: true }, () => {
      const condition = [...this.#expression(I32), ...this.#spend(), ...op('i32.and')]
      return [
        ...this.#statements(3),
        ...condition,
        ...op('br_if', 0),
        ...this.#expressions(results),
      ]
    })
    return [0x03, ...this.#blockType([], results), ...body, END]
  }

  /** A loop that counts: up or down, by a constant, to a constant or a local. */
  #counted(): number[] {
    const trips = 1 + this.#choices.below(TRIPS[this.#loops] ?? 2)
    const step = this.#choices.from(STEPS) * (this.#choices.chance(50) ? -1 : 1)
    const counter = this.#locals.push(I32) - 1
    const start = this.#choices.from([0, 1, 5, -7, 1_000])
    const bound = start + trips * step
    const compares = step > 0 ? ['ne', 'lt_s', 'le_s'] : ['ne', 'gt_s', 'ge_s']
    if (start >= 0 && bound >= 0) compares.push(step > 0 ? 'lt_u' : 'gt_u')
    const compare = op(`i32.${this.#choices.from(compares)}`)
    const limit = this.#choices.chance(50) ? this.#locals.push(I32) - 1 : undefined
    const simple = this.#choices.chance(50)
    this.#loops += 1
    const body = this.#inside({ loop: true }, () =>
      simple ? [...this.#assignment(), ...this.#store()] : this.#statements(3),
    )
    this.#loops -= 1
    return [
      ...[...i32(start), ...localSet(counter)],
      ...(limit === undefined ? [] : [...i32(bound), ...localSet(limit)]),
      ...[0x03, VOID, ...body, ...localGet(counter), ...i32(step), ...op('i32.add')],
      ...[...localTee(counter), ...(limit === undefined ? i32(bound) : localGet(limit))],
      ...[...compare, ...op('br_if', 0), END],
    ]
  }

  // --- branches

  #depthOf(label: number): number {
    return this.#labels.length - 1 - label
  }

  /** Runs `write` where a branch backwards is allowed: inside an `if` that spends. */
  #guarded(backwards: boolean, write: () => number[]): number[] {
    if (!backwards) return write()
    return [...this.#spend(), 0x04, VOID, ...this.#inside({}, write), END]
  }

  /** An unconditional branch, behind a condition: what follows lives. */
  #branch(): number[] {
    const label = this.#choices.below(this.#labels.length)
    const { types = [], loop = false } = this.#labels[label] ?? {}
    const condition = this.#choices.chance(80) ? [this.#expression(I32)] : []
    const taken = (): number[] =>
      this.#guarded(loop, () => [...this.#expressions(types), ...op('br', this.#depthOf(label))])
    if (condition.length === 0) return taken()
    return [...condition.flat(), 0x04, VOID, ...this.#inside({}, taken), END]
  }

  #conditional(): number[] {
    const label = this.#choices.below(this.#labels.length)
    const { types = [], loop = false } = this.#labels[label] ?? {}
    return this.#guarded(loop, () => [
      ...this.#expressions(types),
      ...this.#expression(I32),
      ...op('br_if', this.#depthOf(label)),
      ...this.#keep(types),
    ])
  }

  /** Leaves a block of its own early. */
  #early(): number[] {
    const body = this.#inside({}, () => [
      ...this.#statements(2),
      ...this.#expression(I32),
      ...op('br_if', 0),
      ...this.#statements(2),
    ])
    return [0x02, VOID, ...body, END]
  }

  /** Nested blocks and a br_table in the innermost, some of its arms break out; or one to whatever labels fit. */
  #switch(): number[] {
    if (this.#choices.chance(40)) return this.#tableBranch()
    const arms = 1 + this.#choices.below(3)
    const dispatch = (): number[] => [
      ...this.#expression(I32),
      ...[0x0e, arms, ...Array.from({ length: arms + 1 }, () => this.#choices.below(arms))],
    ]
    const nest = (left: number): number[] => {
      if (left === 0) return dispatch()
      const inner = this.#inside({}, () => nest(left - 1))
      const out = left < arms && this.#choices.chance(50) ? op('br', arms - left - 1) : []
      return [0x02, VOID, ...inner, END, ...this.#statements(2), ...out]
    }
    return nest(arms)
  }

  #tableBranch(): number[] {
    const first = this.#choices.below(this.#labels.length)
    const { types = [] } = this.#labels[first] ?? {}
    const fitting = this.#labels.flatMap((label, index) =>
      JSON.stringify(label.types) === JSON.stringify(types) ? [index] : [],
    )
    const targets = Array.from({ length: 1 + this.#choices.below(4) }, () =>
      this.#choices.from(fitting),
    )
    const backwards = targets.some((label) => this.#labels[label]?.loop)
    const condition = this.#expression(I32)
    const branch = (): number[] =>
      this.#guarded(backwards, () => [
        ...this.#expressions(types),
        ...this.#expression(I32),
        ...[0x0e, targets.length - 1, ...targets.flatMap((label) => u32(this.#depthOf(label)))],
      ])
    return [...condition, 0x04, VOID, ...this.#inside({}, branch), END]
  }

  /** Return, tail call, throw, unreachable: behind a condition, mostly. */
  #leave(): number[] {
    const ways = [
      () => [...this.#expressions(this.#own.results), ...op('return')],
      () => this.#tailCall(),
      () => this.#throw(),
      () => (this.#choices.chance(10) ? op('unreachable') : this.#throw()),
    ]
    const condition = this.#expression(I32)
    return [...condition, 0x04, VOID, ...this.#inside({}, () => this.#choices.from(ways)()), END]
  }

  // --- calls

  #callable(fits: (callable: Callable) => boolean): readonly Callable[] {
    const { functions, small, imported } = this.#shape
    const leaves = this.#own.leaf
    const others = functions.filter((one) => !leaves || one.index < imported)
    return [...others, ...small].filter(fits)
  }

  #arguments(callable: Callable): number[] {
    return callable.params.flatMap((type) => this.#expression(type))
  }

  /** The entry of a function in the table, where it has one; mostly it is the right one. */
  #entryOf(callable: Callable): number[] | undefined {
    const place = this.#shape.table.entries.findIndex(({ type }) => type === callable.type)
    if (place === -1) return undefined
    return this.#choices.chance(5) ? this.#expression(I32) : i32(1 + place)
  }

  #called(callable: Callable, direct: string, indirect: string): number[] {
    const given = this.#arguments(callable)
    const entry = this.#choices.chance(40) ? this.#entryOf(callable) : undefined
    // What the table holds may be no leaf: a leaf calls by name, and imports only.
    if (entry === undefined || this.#own.leaf)
      return [...given, ...op(direct, ...u32(callable.index))]
    return [...given, ...entry, ...op(indirect, ...u32(callable.type), 0)]
  }

  #call(): number[] {
    const callables = this.#callable(() => true)
    if (callables.length === 0) return this.#assignment()
    const callable = this.#choices.from(callables)
    return [...this.#called(callable, 'call', 'call_indirect'), ...this.#keep(callable.results)]
  }

  #callFor(results: readonly number[]): number[] {
    const wanted = JSON.stringify(results)
    const fitting = this.#callable((one) => JSON.stringify(one.results) === wanted)
    if (fitting.length === 0) return this.#block(0x02, results)
    return this.#called(this.#choices.from(fitting), 'call', 'call_indirect')
  }

  #tailCall(): number[] {
    const wanted = JSON.stringify(this.#own.results)
    const fitting = this.#callable((one) => JSON.stringify(one.results) === wanted)
    if (fitting.length === 0) return op('unreachable')
    return this.#called(this.#choices.from(fitting), 'return_call', 'return_call_indirect')
  }

  // --- exceptions

  #throw(): number[] {
    const { tags, exceptions } = this.#shape
    const handler = this.#labels.findLastIndex((label) => label.handler)
    if (handler !== -1 && this.#choices.chance(50)) return op('rethrow', this.#depthOf(handler))
    if (exceptions === 'none') return [...this.#expressions(this.#own.results), ...op('return')]
    const tag = this.#choices.below(tags.length)
    return [...this.#expressions(tags[tag] ?? []), ...op('throw', tag)]
  }

  /** Throws, or calls what may, while something is prepaid. */
  #risk(): number[] {
    if (this.#choices.chance(30)) return this.#call()
    const condition = this.#expression(I32)
    return [...condition, 0x04, VOID, ...this.#inside({}, () => this.#throw()), END]
  }

  #attempt(results: readonly number[]): number[] {
    const { exceptions } = this.#shape
    if (exceptions === 'none') return this.#block(0x02, results)
    if (exceptions === 'modern') return this.#tryTable(results)
    const body = (): number[] => [...this.#statements(3), ...this.#expressions(results)]
    const attempted = this.#inside({ types: results }, () => [...this.#risk(), ...body()])
    const start = [0x06, ...this.#blockType([], results), ...attempted]
    if (this.#choices.chance(20)) {
      return [...start, ...op('delegate', ...u32(this.#choices.below(this.#labels.length)))]
    }
    return [...start, ...this.#handlers(results, body), END]
  }

  #handlers(results: readonly number[], body: () => number[]): number[] {
    const { tags } = this.#shape
    const handler = { types: results, handler: true }
    const caught = tags.flatMap((types, tag) => {
      if (!this.#choices.chance(40)) return []
      const code = this.#inside(handler, () => [...this.#keep(types), ...body()])
      return [...op('catch', tag), ...code]
    })
    if (caught.length > 0 && this.#choices.chance(50)) return caught
    return [...caught, ...op('catch_all'), ...this.#inside(handler, body)]
  }

  /** block (types of the tag) { try_table { body; leaves } } */
  #tryTable(results: readonly number[]): number[] {
    const { tags } = this.#shape
    const tag = this.#choices.below(tags.length + 1)
    const carried = tags[tag] ?? []
    const clause = tag === tags.length ? [2, 0] : [0, tag, 0]
    const inner = this.#inside({ types: carried }, () => {
      const body = this.#inside({}, () => [...this.#risk(), ...this.#statements(3)])
      const attempted = op('try_table', VOID, 1, ...clause, ...body, END)
      return [...attempted, ...this.#expressions(carried)]
    })
    const code = [0x02, ...this.#blockType([], carried), ...inner, END, ...this.#keep(carried)]
    return [...code, ...this.#expressions(results)]
  }

  // --- bulk operations

  #bulk(): number[] {
    const place = (bound: number): number[] =>
      this.#choices.chance(5) ? this.#expression(I32) : i32(this.#choices.below(bound))
    const triple = (a: number, b: number, c: number) => [...place(a), ...place(b), ...place(c)]
    return this.#choices.from([
      () => [...triple(40_000, 256, this.#choices.from([90, 20_000])), ...op('memory.fill', 0)],
      () => [
        ...triple(30_000, 30_000, this.#choices.from([90, 30_000])),
        ...op('memory.copy', 0, 0),
      ],
      () => [...triple(1_000, 10, 22), ...op('memory.init', 0, 0)],
      () => [...triple(4, 4, 4), ...op('table.copy', 0, 0)],
      () => [...triple(4, 1, 2), ...op('table.init', 1, 0)],
      () => [...place(8), ...this.#reference(), ...op('table.set', 0)],
      () => [...place(6), ...this.#reference(), ...place(3), ...op('table.fill', 0)],
      () => [...place(8), ...op('table.get', 0), ...op('ref.is_null'), DROP],
      () => op('data.drop', 0),
    ])()
  }
}

import { WEIGHTS } from '../../src/wasm/decode/weights.ts'
import { instructionsOf } from './wasm/instructions.ts'
import { type Padding, paddingOf } from './wasm/padding.ts'

/** Instructions of the random programs. */
const OP = {
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  brIf: 0x0d,
  brTable: 0x0e,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  const: 0x41,
  greater: 0x4a,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  and: 0x71,
} as const
/** What is not plain. */
const COSTS: ReadonlyMap<number, number> = new Map<number, number>([
  ...[OP.block, OP.loop, OP.else, OP.end, OP.nop].map((op) => [op, 0] as const),
  [OP.if, WEIGHTS.branch],
  [OP.brIf, WEIGHTS.branch],
  [OP.brTable, WEIGHTS.branchTable],
  [OP.multiply, WEIGHTS.multiply],
])
const OPENS: ReadonlySet<number> = new Set([OP.block, OP.loop, OP.if])
const TWO_BYTES: ReadonlySet<number> = new Set([
  ...OPENS,
  OP.brIf,
  OP.localGet,
  OP.localSet,
  OP.localTee,
  OP.const,
])
const ARITHMETIC: ReadonlyMap<number, (a: number, b: number) => number> = new Map([
  [OP.greater, (a: number, b: number) => Number(a > b)],
  [OP.add, (a: number, b: number) => (a + b) | 0],
  [OP.subtract, (a: number, b: number) => (a - b) | 0],
  [OP.multiply, (a: number, b: number) => Math.imul(a, b)],
  [OP.and, (a: number, b: number) => a & b],
])

/** Adds up what a program costs by running it: slow, and written without a thought of metering. */
class Interpreter {
  readonly #body: readonly number[]
  readonly #locals: number[]
  readonly #stack: number[] = []
  readonly #padding: ReadonlyMap<number, Padding>
  /** Where branches stand that count. */
  readonly #counted: ReadonlySet<number>
  readonly #labels: { readonly loop: boolean; readonly from: number }[] = []
  #at = 0
  cost = 0n

  constructor(body: readonly number[], argument: number) {
    this.#body = body
    this.#locals = [argument, 0]
    const bytes = Uint8Array.from(body)
    const instructions = [...instructionsOf(bytes, 0, bytes.length)]
    this.#padding = paddingOf(instructions, bytes)
    const counted = instructions.filter(({ weight }) => weight === WEIGHTS.countedBranch)
    this.#counted = new Set(counted.map(({ at }) => at))
  }

  #byte(at: number): number {
    return this.#body[at] ?? 0
  }

  #size(at: number): number {
    const op = this.#byte(at)
    if (op === OP.brTable) return 3 + this.#byte(at + 1)
    return TWO_BYTES.has(op) ? 2 : 1
  }

  /** Behind the `end` of the block whose code begins at `from`, or behind its `else`. */
  #behind(from: number, orElse: boolean): number {
    let depth = 0
    for (let at = from; at < this.#body.length; at += this.#size(at)) {
      const op = this.#byte(at)
      const last = op === OP.end || (orElse && op === OP.else)
      if (depth === 0 && last) return at + 1
      if (OPENS.has(op)) depth += 1
      if (op === OP.end) depth -= 1
    }
    return this.#body.length
  }

  #pop(): number {
    return this.#stack.pop() ?? 0
  }

  #branch(depth: number): void {
    this.#labels.length -= depth
    const target = this.#labels.at(-1)
    if (target === undefined) throw new TypeError('no such label')
    if (target.loop) {
      this.#at = target.from
      return
    }
    this.#labels.pop()
    this.#at = this.#behind(target.from, false)
  }

  #if(next: number): void {
    this.#labels.push({ loop: false, from: next })
    if (this.#pop() !== 0) return
    this.#at = this.#behind(next, true)
    if (this.#byte(this.#at - 1) === OP.end) this.#labels.pop()
  }

  /** What each control instruction does; `next` stands behind it. */
  readonly #control: ReadonlyMap<number, (immediate: number, next: number) => void> = new Map([
    [OP.block, (_: number, next: number) => void this.#labels.push({ loop: false, from: next })],
    [OP.loop, (_: number, next: number) => void this.#labels.push({ loop: true, from: next })],
    [OP.if, (_: number, next: number) => this.#if(next)],
    [OP.else, (_: number, next: number) => this.#leave(this.#behind(next, false))],
    [OP.end, (_: number, next: number) => this.#leave(next)],
    [OP.brIf, (depth: number) => (this.#pop() !== 0 ? this.#branch(depth) : undefined)],
    [
      OP.brTable,
      (count: number, next: number) =>
        this.#branch(this.#byte(next - count - 1 + Math.min(this.#pop() >>> 0, count))),
    ],
    [OP.localGet, (index: number) => void this.#stack.push(this.#locals[index] ?? 0)],
    [OP.localSet, (index: number) => this.#set(index, this.#pop())],
    [OP.localTee, (index: number) => this.#set(index, this.#stack.at(-1) ?? 0)],
    [OP.const, (value: number) => void this.#stack.push(value)],
    [OP.nop, () => undefined],
  ])

  #leave(next: number): void {
    this.#labels.pop()
    this.#at = next
  }

  #set(index: number, value: number): void {
    this.#locals[index] = value
  }

  /** What a condition or an index decides besides: it is still on the stack. */
  #padded(at: number): bigint {
    const padding = this.#padding.get(at)
    if (padding === undefined) return 0n
    const decides = this.#stack.at(-1) ?? 0
    if (!('entries' in padding)) return BigInt(decides === 0 ? padding.fails : padding.holds)
    const { entries } = padding
    return BigInt(entries[Math.min(decides >>> 0, entries.length - 1)] ?? 0)
  }

  #step(): void {
    const from = this.#at
    const op = this.#byte(from)
    const immediate = this.#byte(from + 1)
    this.#at += this.#size(this.#at)
    const weight = this.#counted.has(from) ? WEIGHTS.countedBranch : COSTS.get(op)
    this.cost += BigInt(weight ?? WEIGHTS.plain) + this.#padded(from)
    const calculate = ARITHMETIC.get(op)
    if (calculate === undefined) {
      this.#control.get(op)?.(immediate, this.#at)
      return
    }
    const right = this.#pop()
    this.#stack.push(calculate(this.#pop(), right))
  }

  run(): bigint {
    while (this.#at < this.#body.length) this.#step()
    return this.cost
  }
}

/** Units a function of the random programs costs with this argument, its last `end` included. */
export const costOf = (code: readonly number[], argument: number): bigint =>
  new Interpreter(code, argument).run()

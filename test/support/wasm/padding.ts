import { Cursor, type Instruction } from './instructions.ts'

/** What the two ways of a conditional branch cost besides what they run. */
export interface Padding {
  readonly holds: number
  readonly fails: number
}

/** About what a branch guessed wrong takes. */
const MOST = 100
const OPENS: ReadonlySet<string> = new Set(['block', 'if', 'loop', 'try', 'try-table'])
const CLOSES: ReadonlySet<string> = new Set(['delegate', 'end'])
const LEADS_ELSEWHERE: ReadonlySet<string> = new Set([
  ...['br-table', 'return', 'tail-call', 'throw', 'unreachable'],
])
/** Where a function's own label opens. */
const FUNCTION = -1

/** Depths of the labels that a branch or a catch clause names. */
function depthsOf({ opcode, at }: Instruction, bytes: Uint8Array): readonly number[] {
  const cursor = new Cursor(bytes, at + 1)
  if (opcode.class === 'br' || opcode.class === 'br-if') return [cursor.u32()]
  if (opcode.class === 'br-table') {
    return Array.from({ length: cursor.u32() + 1 }, () => cursor.u32())
  }
  if (opcode.class !== 'try-table') return []
  cursor.u32()
  return Array.from({ length: cursor.u32() }, () => {
    if (cursor.byte() < 2) cursor.u32()
    return cursor.u32()
  })
}

/** What stands where in a function's code, by the index of an instruction. */
class Structure {
  /** Where a label ends, and where its `else` stands, by where it opens. */
  readonly end = new Map<number, number>()
  readonly otherwise = new Map<number, number>()
  /** Where the label opens in which this stands, and the one that a branch here names. */
  readonly inside: number[] = []
  readonly target: number[] = []
  /** Where the loop opens in which this stands; a loop stands in itself. */
  readonly loop: (number | undefined)[] = []
  readonly loops = new Set<number>()
  /** Labels that a br_table or an exception may go to. */
  readonly shared = new Set<number>()

  constructor(instructions: readonly Instruction[], bytes: Uint8Array) {
    const open = [FUNCTION]
    for (const [index, instruction] of instructions.entries()) {
      const kind = instruction.opcode.class
      const around = open.at(-1) ?? FUNCTION
      if (kind === 'loop') this.loops.add(index)
      if (kind === 'else') this.otherwise.set(around, index)
      if (CLOSES.has(kind)) this.end.set(around, index)
      this.inside.push(around)
      this.loop.push([...open, index].findLast((label) => this.loops.has(label)))
      this.#name(
        kind,
        depthsOf(instruction, bytes).map((depth) => open.at(-1 - depth) ?? FUNCTION),
      )
      if (OPENS.has(kind)) open.push(index)
      if (CLOSES.has(kind)) open.pop()
    }
  }

  #name(kind: string, labels: readonly number[]): void {
    const [label = FUNCTION] = labels
    this.target.push(label)
    if (kind === 'br' || kind === 'br-if') return
    for (const one of labels) this.shared.add(one)
  }
}

/** From the last instruction of a function to its first: how much is left, wherever one stands. */
class Rests {
  readonly #structure: Structure
  readonly #rest: number[] = []
  readonly found = new Map<number, Padding>()

  constructor(instructions: readonly Instruction[], bytes: Uint8Array) {
    this.#structure = new Structure(instructions, bytes)
    for (const [index, instruction] of [...instructions.entries()].reverse()) {
      this.#rest[index] = this.#onward(index, instruction) + instruction.weight
    }
  }

  #from(index: number | undefined): number {
    return this.#rest[index ?? -1] ?? 0
  }

  /** A branch to a loop leaves it, as it is understood here. */
  #at(label: number): number {
    return this.#structure.shared.has(label) ? 0 : this.#from(this.#structure.end.get(label))
  }

  #padded(at: number, holds: number, fails: number): boolean {
    const longer = Math.max(holds, fails)
    const isPadded = longer - Math.min(holds, fails) <= MOST
    if (isPadded) this.found.set(at, { holds: longer - holds, fails: longer - fails })
    return isPadded
  }

  #onward(index: number, { opcode, at }: Instruction): number {
    const kind = opcode.class
    const { inside, loops, shared, target } = this.#structure
    const label = inside[index] ?? FUNCTION
    if (LEADS_ELSEWHERE.has(kind)) return 0
    if (kind === 'if') return this.#if(index, at)
    if (kind === 'br-if') return this.#branchIf(index, at)
    if (kind === 'br') return this.#at(target[index] ?? FUNCTION)
    if (kind === 'else' || kind === 'catch') return this.#at(label)
    const isMerge = CLOSES.has(kind) && !loops.has(label)
    return isMerge && shared.has(label) ? 0 : this.#from(index + 1)
  }

  #if(index: number, at: number): number {
    const arm = this.#structure.otherwise.get(index)
    const holds = this.#from(index + 1)
    const fails = arm === undefined ? this.#at(index) : this.#from(arm + 1)
    if (this.#padded(at, holds, fails)) return Math.max(holds, fails)
    return arm === undefined ? fails : Math.min(holds, fails)
  }

  #branchIf(index: number, at: number): number {
    const { loop, loops, target } = this.#structure
    const label = target[index] ?? FUNCTION
    const holds = this.#at(label)
    const fails = this.#from(index + 1)
    if (!loops.has(label) && this.#padded(at, holds, fails)) return Math.max(holds, fails)
    return loop[label] === loop[index] ? holds : fails
  }
}

/**
 * How many units each conditional branch of a function costs on either way besides what runs, by where
 * it stands: its shorter way is made as long as the other one, if that is not longer by more than 100.
 *
 * The definition once more, instruction by instruction: it shares nothing with the product's pass but
 * the opcode table.
 */
export const paddingOf = (
  instructions: readonly Instruction[],
  bytes: Uint8Array,
): ReadonlyMap<number, Padding> => new Rests(instructions, bytes).found

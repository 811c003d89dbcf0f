import type { Instruction } from './instructions.ts'
import { CLOSES, FUNCTION, type Group, Structure } from './structure.ts'

/** What the two ways of a conditional branch cost besides what they run. */
export interface BranchPadding {
  readonly holds: number
  readonly fails: number
}

/** What the ways of a br_table cost besides: in the order of its entries, the default last. */
export interface TablePadding {
  readonly entries: readonly number[]
}

export type Padding = BranchPadding | TablePadding

/** About what a branch guessed wrong takes. */
const MOST = 100
/** The bound of a br_table's level: its longest way that counts is longer by no more than this. */
const MOST_OF_TABLE = 200
const LEADS_ELSEWHERE: ReadonlySet<string> = new Set([
  'return',
  'tail-call',
  'throw',
  'unreachable',
])

/** From the last instruction of a function to its first: how much is left, wherever one stands. */
class Walk {
  readonly #structure: Structure
  readonly #levels: ReadonlyMap<Group, number>
  readonly #rest: number[] = []
  readonly found = new Map<number, Padding>()
  /** The lowest level of each group's br_tables. */
  readonly levels = new Map<Group, number>()

  /** @param levels - of each group that is paid, if they are known: of a walk before. */
  constructor(
    instructions: readonly Instruction[],
    structure: Structure,
    levels: ReadonlyMap<Group, number> = new Map(),
  ) {
    this.#structure = structure
    this.#levels = levels
    for (const [index, instruction] of [...instructions.entries()].reverse()) {
      const rest = this.#onward(index, instruction) + instruction.weight
      const isEnd = CLOSES.has(instruction.opcode.class)
      this.#rest[index] = isEnd ? Math.min(rest, this.#mostAt(structure.inside[index])) : rest
    }
  }

  #from(index: number | undefined): number {
    return this.#rest[index ?? -1] ?? 0
  }

  /** What a label of a paid group may have left, so that no br_table has too much to pay. */
  #mostAt(label = FUNCTION): number {
    const group = this.#structure.paid.get(label)
    return (group && this.#levels.get(group)) ?? Number.POSITIVE_INFINITY
  }

  /** A branch to a loop leaves it, as it is understood here. */
  #at(label: number): number {
    return this.#structure.unpaid.has(label) ? 0 : this.#from(this.#structure.end.get(label))
  }

  #padded(at: number, holds: number, fails: number): boolean {
    const longer = Math.max(holds, fails)
    const isPadded = longer - Math.min(holds, fails) <= MOST
    if (isPadded) this.found.set(at, { holds: longer - holds, fails: longer - fails })
    return isPadded
  }

  #onward(index: number, { opcode, at }: Instruction): number {
    const kind = opcode.class
    const { inside, loops, unpaid } = this.#structure
    const label = inside[index] ?? FUNCTION
    if (LEADS_ELSEWHERE.has(kind)) return 0
    if (kind === 'if') return this.#if(index, at)
    if (kind === 'br-if') return this.#branchIf(index, at)
    if (kind === 'br-table') return this.#table(index, at)
    if (kind === 'br') return this.#at(this.#structure.target(index))
    if (kind === 'else' || kind === 'catch') return this.#at(label)
    const isMerge = CLOSES.has(kind) && !loops.has(label)
    return isMerge && unpaid.has(label) ? 0 : this.#from(index + 1)
  }

  #if(index: number, at: number): number {
    const arm = this.#structure.otherwise.get(index)
    const holds = this.#from(index + 1)
    const fails = arm === undefined ? this.#at(index) : this.#from(arm + 1)
    if (this.#padded(at, holds, fails)) return Math.max(holds, fails)
    return arm === undefined ? fails : Math.min(holds, fails)
  }

  #branchIf(index: number, at: number): number {
    const { loop, loops } = this.#structure
    const label = this.#structure.target(index)
    const holds = this.#at(label)
    const fails = this.#from(index + 1)
    if (!loops.has(label) && this.#padded(at, holds, fails)) return Math.max(holds, fails)
    return loop[label] === loop[index] ? holds : fails
  }

  #table(index: number, at: number): number {
    const group = this.#structure.paid.get(this.#structure.target(index))
    if (group === undefined) return 0
    const ways = (this.#structure.named[index] ?? []).map((label) => this.#at(label))
    const known = this.#levels.get(group)
    if (known !== undefined) {
      this.found.set(at, { entries: ways.map((way) => known - way) })
      return known
    }
    const most = Math.min(...ways) + MOST_OF_TABLE
    const level = Math.max(...ways.filter((way) => way <= most))
    this.levels.set(group, Math.min(level, this.levels.get(group) ?? level))
    return level
  }
}

/**
 * How many units each conditional branch and each br_table of a function costs besides what runs, by
 * where it stands and by the way it takes.
 *
 * Of a conditional branch, the shorter way is made as long as the other one, if that is not longer by
 * more than 100. Of br_tables that have a label in common, by way of others too, every way is made as
 * long as their level, and a label with more than that left counts as if it had no more. Their level is
 * the lowest of theirs; that of one br_table is its longest way among those that are not longer than
 * its shortest by more than 200. It is found by a walk over the function, and used by another one. None
 * of them is padded if one of their labels is a loop, the function, or where an exception goes: then
 * nothing is left there, and at the br_tables.
 *
 * The definition once more, instruction by instruction: it shares nothing with the product's pass but
 * the opcode table.
 */
export function paddingOf(
  instructions: readonly Instruction[],
  bytes: Uint8Array,
): ReadonlyMap<number, Padding> {
  const structure = new Structure(instructions, bytes)
  const { levels, found } = new Walk(instructions, structure)
  return levels.size === 0 ? found : new Walk(instructions, structure, levels).found
}

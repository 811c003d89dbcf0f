import { Cursor, type Instruction } from './instructions.ts'

/** Labels that br_tables name, one by way of another; each is where it opens. */
export type Group = ReadonlySet<number>

export const CLOSES: ReadonlySet<string> = new Set(['delegate', 'end'])
const OPENS: ReadonlySet<string> = new Set(['block', 'if', 'loop', 'try', 'try-table'])
/** Where a function's own label opens. */
export const FUNCTION = -1

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
export class Structure {
  /** Where a label ends, and where its `else` stands, by where it opens. */
  readonly end = new Map<number, number>()
  readonly otherwise = new Map<number, number>()
  /** Where the label opens in which this stands. */
  readonly inside: number[] = []
  /** The labels that this names: those of a br_table in the order of its entries, default last. */
  readonly named: (readonly number[])[] = []
  /** Where the loop opens in which this stands; a loop stands in itself. */
  readonly loop: (number | undefined)[] = []
  readonly loops = new Set<number>()
  /** The group of a label to which br_tables pay their way. */
  readonly paid = new Map<number, Group>()
  /** Labels that are also reached by who has not paid: an exception, or a br_table that cannot. */
  readonly unpaid = new Set<number>()

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
      // A catch clause stands outside of its own try_table.
      this.named.push(depthsOf(instruction, bytes).map((depth) => open.at(-1 - depth) ?? FUNCTION))
      if (OPENS.has(kind)) open.push(index)
      if (CLOSES.has(kind)) open.pop()
    }
    this.#sort(instructions)
  }

  /** The label that a br or a br_if names, and the first one of a br_table. */
  target(index: number): number {
    return this.named[index]?.[0] ?? FUNCTION
  }

  #namedBy(kind: string, instructions: readonly Instruction[]): readonly (readonly number[])[] {
    return this.named.filter((_, index) => instructions[index]?.opcode.class === kind)
  }

  /** Tells the groups that are paid from the others. */
  #sort(instructions: readonly Instruction[]): void {
    const caught = new Set(this.#namedBy('try-table', instructions).flat())
    const spoils = (label: number): boolean =>
      label === FUNCTION || this.loops.has(label) || caught.has(label)
    for (const label of caught) this.unpaid.add(label)
    for (const group of joined(this.#namedBy('br-table', instructions))) {
      const isPaid = ![...group].some(spoils)
      for (const label of group) {
        if (isPaid) this.paid.set(label, group)
        else this.unpaid.add(label)
      }
    }
  }
}

/** The sets of labels that are left when those with a label in common are one. */
function joined(sets: readonly (readonly number[])[]): ReadonlySet<Group> {
  const groups = new Map<number, Set<number>>()
  for (const labels of sets) {
    const others = [...new Set(labels.map((label) => groups.get(label)))]
    const one = new Set([...labels, ...others.flatMap((other) => [...(other ?? [])])])
    for (const label of one) groups.set(label, one)
  }
  return new Set(groups.values())
}

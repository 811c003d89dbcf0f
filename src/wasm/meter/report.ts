import { type DecodedModule, SECTION } from '../decode/module.ts'
import { type FunctionEvents, LoopFrame, type LoopPlan } from './frames.ts'

/** What the pass made of a module: for people who ask why it is slow or large. */
export interface MeterReport {
  /** Bytes of the original's custom sections: debug information for the most part, and dropped. */
  readonly customBytes: number
  readonly functions: number
  /** Functions that are so short that they do not look at their fuel when they are entered. */
  readonly leaves: number
  /** Loops, by how they are paid for. */
  readonly loops: Readonly<Record<LoopPlan['kind'], number>>
}

/** Adds up what became of each function. */
export class ReportSum {
  #functions = 0
  #leaves = 0
  readonly #loops: Record<LoopPlan['kind'], number> = {
    'each-trip': 0,
    'at-once': 0,
    'in-strips': 0,
    'going-round': 0,
  }

  add({ events }: FunctionEvents, isLeaf: boolean): void {
    this.#functions += 1
    if (isLeaf) this.#leaves += 1
    for (const { opcode, frame } of events) {
      if (opcode.class === 'loop' && frame instanceof LoopFrame) this.#loops[frame.plan.kind] += 1
    }
  }

  report({ sections }: DecodedModule): MeterReport {
    const customBytes = sections.reduce(
      (sum, { id, from, to }) => (id === SECTION.custom ? sum + to - from : sum),
      0,
    )
    return {
      customBytes,
      functions: this.#functions,
      leaves: this.#leaves,
      loops: { ...this.#loops },
    }
  }
}

import type { Opcode } from '../decode/opcodes.ts'
import type { FunctionType } from '../decode/sections.ts'
import type { CountedLoop } from './count.ts'
import type { LabelGroup } from './label-group.ts'

/** A label that is open: the function itself, or a block of any kind. */
export class Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try' | 'try-table'
  /** How many labels are around it. */
  readonly depth: number
  /** The innermost loop around it, itself included; undefined outside of loops. */
  readonly loop: LoopFrame | undefined
  /** True when a branch to it carries no values. */
  readonly plain: boolean
  /** Changes at `else` and `catch`: two places of one arm follow each other. */
  arm: number
  /** The labels that br_tables name together with this one. */
  group: LabelGroup | undefined = undefined
  /** A catch clause names it: an exception arrives there with the fuel in the global. */
  caught = false
  /** A branch of any kind names it. */
  named = false
  /** Units from its `end` on, and from its `else` on: see even-ways.ts. */
  rest = 0
  restElse = 0
  /** What is known behind its `end`, once the backward pass has been there. */
  atLabel: Ahead = NOTHING
  /** The same at the start of its `else` arm. */
  atElse: Ahead = NOTHING
  /** The `else` event of an `if`. */
  otherwise: Event | undefined = undefined
  /** The loop of which this block is the first trip, written in front of it: see unroll.ts. */
  firstTripOf: LoopFrame | undefined = undefined

  constructor(kind: Frame['kind'], plain: boolean, arm: number, around: Frame | undefined) {
    this.kind = kind
    this.plain = plain
    this.arm = arm
    this.depth = around === undefined ? 0 : around.depth + 1
    this.loop = this instanceof LoopFrame ? this : around?.loop
  }

  /** A br_table or a catch clause names it: no code of ours fits on the edge that arrives. */
  get isShared(): boolean {
    return this.group !== undefined || this.caught
  }

  /** The same label of code that is written once more, in another loop or none. */
  copy(loop: LoopFrame | undefined): Frame {
    const copy = Object.create(Frame.prototype) as Frame // its fields follow
    return Object.assign(copy, this, { loop })
  }
}

export class LoopFrame extends Frame {
  readonly around: Frame | undefined
  /** The loop around this one. */
  readonly outer: LoopFrame | undefined
  /** Local writes of the function before it. */
  readonly writesBefore: number
  /** Neither takes nor gives values. */
  readonly isVoid: boolean
  hasLoop = false
  /** Calls, or something like a call: no charge may be moved over many trips of it. */
  hasCall = false
  /** A br_table goes to labels in it and to others. */
  isLeftByTable = false
  backEdges = 0
  /** Smallest depth of a label that is branched to from inside; -1: the function is left. */
  escape = Number.POSITIVE_INFINITY
  counted: CountedLoop | undefined = undefined
  /** Units that stay paid while it goes round, for what is behind it: leaving it then costs nothing. */
  carried = 0
  /** How it is paid for: decided by the backward pass. */
  plan: LoopPlan = { kind: 'each-trip' }
  /** The branch at its bottom that goes round again, of a counted loop. */
  bottom: Event | undefined = undefined

  constructor(
    plain: boolean,
    arm: number,
    around: Frame | undefined,
    writesBefore: number,
    isVoid: boolean,
  ) {
    super('loop', plain, arm, around)
    this.around = around
    this.outer = around?.loop
    this.writesBefore = writesBefore
    this.isVoid = isVoid
  }

  /** Each branch back is one of its own that carries nothing: code can be put in front of it. */
  get canPayGoingRound(): boolean {
    return this.plain && !this.isShared && this.backEdges > 0
  }

  /** Left at its bottom only, never in the middle. */
  get isClosed(): boolean {
    return this.backEdges === 1 && this.escape >= this.depth && !this.hasCall
  }
}

/** A loop that is counted at run time: as many trips are paid for as there is fuel for. */
export interface Strips {
  readonly kind: 'in-strips'
  readonly counted: CountedLoop
  /** Units paid for each trip in advance. */
  readonly units: number
  /** Trips of one strip when fuel is short. */
  readonly trips: number
}

/** A loop whose branches back pay for the next trip, and look at the fuel where a trip may not. */
export interface GoingRound {
  readonly kind: 'going-round'
  readonly units: number
  readonly looks: boolean
}

/** How a loop is paid for. */
export type LoopPlan =
  /** At its header, which looks at the fuel too. */
  | { readonly kind: 'each-trip' }
  /** In front of it: a small number of trips, always the same. */
  | { readonly kind: 'at-once'; readonly trips: number }
  /** The first trip in front of it, each other one by the branch that goes round again. */
  | GoingRound
  | Strips

/** What lies ahead of a point in a function. */
export interface Ahead {
  /** Units that are already paid when control is there. */
  readonly credit: number
  /** The most units that run before the next look at the fuel. */
  readonly gap: number
  /** The most units that run before this trip of the innermost loop is over. */
  readonly reach: number
  /** This trip of the innermost loop may be over without a look at the fuel. */
  readonly unseen: boolean
  /** A loop, or a call of what is paid for in front of it, is on the way to the end of the function. */
  readonly long: boolean
}

export const NOTHING: Ahead = { credit: 0, gap: 0, reach: 0, unseen: false, long: false }

/** An instruction the metering pass looks at, and everything it decides about it. */
export interface Event {
  readonly opcode: Opcode
  /** Bytes of the instruction: at .. next. */
  readonly at: number
  readonly next: number
  /** Units of the plain instructions since the event before, and of this one. */
  readonly cost: number
  /** The frame that this opens, closes or continues, or in which it stands. */
  readonly frame: Frame
  /** Where a br, br_if or br_table may go, each label once. */
  readonly targets: readonly Frame[]
  readonly immediates: readonly number[]
  /** What is written in its place, where that is not what stands in the original. */
  readonly code: readonly number[] | undefined
  /**
   * Units that the ways of a br_if or if cost besides what they run; of a br_table only the first one, to
   * its first label.
   */
  padTrue: number
  padFalse: number
  chargeAfter: number
  /** Only for br_if: paid on the taken edge. */
  chargeTaken: number
  /** A look at the fuel behind it, because the next one is too far away. */
  checkAfter: boolean
}

/** Locals of one type, as a body declares them. */
export interface LocalGroup {
  readonly count: number
  readonly type: number
}

/** One function, decoded. */
export interface FunctionEvents {
  readonly events: readonly Event[]
  readonly type: FunctionType
  readonly params: number
  /** Locals and parameters of the original. */
  readonly locals: number
  readonly groups: readonly LocalGroup[]
  /** Where the local.get, .set and .tee stand that name the first local behind the parameters. */
  readonly firstLocalUses: readonly number[]
  /** Where the first instruction starts; before it stand the local declarations. */
  readonly codeAt: number
  readonly label: Frame
  readonly loops: number
  readonly hasTryTable: boolean
  /** It has a return_call_indirect. */
  readonly hasIndirectTail: boolean
  readonly merges: number
}

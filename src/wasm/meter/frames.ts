import type { Opcode } from '../decode/opcodes.ts'
import type { FunctionType } from '../decode/sections.ts'

/** A label that is open: the function itself, or a block of any kind. */
export interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try' | 'try-table'
  /** The innermost loop around it, itself included; undefined outside of loops. */
  readonly loop: Frame | undefined
  /** True when a branch to it carries no values. */
  readonly plain: boolean
  /** A br_table or a catch clause names it: nothing may be prepaid across it. */
  flush: boolean
  /** A catch clause names it: an exception arrives there with the fuel in the global. */
  caught: boolean
  /** A branch of any kind names it. */
  named: boolean
  /** Units already paid when control arrives at the label. */
  credit: number
  creditElse: number
  /** The `else` event of an `if`. */
  otherwise: Event | undefined
}

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
  chargeAfter: number
  /** Only for br_if: paid on the taken edge. */
  chargeTaken: number
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
  readonly hasLoop: boolean
  readonly hasTryTable: boolean
  /** It has a return_call_indirect. */
  readonly hasIndirectTail: boolean
  readonly merges: number
}

export function newFrame(kind: Frame['kind'], plain: boolean, loop: Frame | undefined): Frame {
  return new OpenFrame(kind, plain, loop)
}

class OpenFrame implements Frame {
  readonly kind: Frame['kind']
  readonly loop: Frame | undefined
  readonly plain: boolean
  flush = false
  caught = false
  named = false
  credit = 0
  creditElse = 0
  otherwise: Event | undefined = undefined

  constructor(kind: Frame['kind'], plain: boolean, loop: Frame | undefined) {
    this.kind = kind
    this.plain = plain
    this.loop = kind === 'loop' ? this : loop
  }
}

import { type Bound, COMPARE, type CountedLoop } from './count.ts'
import type { Frame, LoopFrame } from './frames.ts'
import type { Instruction, RecentCode } from './recent-code.ts'

const LOCAL_GET = 0x20
const LOCAL_TEE = 0x22
const I32_CONST = 0x41
const I32_ADD = 0x6a

/** The same with its sides exchanged. */
const MIRRORED: ReadonlyMap<number, number> = new Map([
  [COMPARE.ne, COMPARE.ne],
  [COMPARE.ltS, COMPARE.gtS],
  [COMPARE.gtS, COMPARE.ltS],
  [COMPARE.ltU, COMPARE.gtU],
  [COMPARE.gtU, COMPARE.ltU],
])

/** A write to a local. */
export interface LocalWrite {
  readonly local: number
  /** Arm of the frame it stands in. */
  readonly arm: number
  readonly loop: LoopFrame | undefined
  /** What it adds to the local; undefined: it does something else. */
  readonly step: number | undefined
  /** The constant it writes. */
  readonly constant: number | undefined
}

/** What a local.set or local.tee of `local` does, by the instructions before it. */
export function writeOf(recent: RecentCode, local: number): Pick<LocalWrite, 'step' | 'constant'> {
  const last = recent.back(1)
  if (last?.code === I32_CONST) return { step: undefined, constant: last.value }
  if (last?.code !== I32_ADD) return { step: undefined, constant: undefined }
  const amount = recent.back(2)
  const from = recent.back(3)
  const counts = amount?.code === I32_CONST && from?.code === LOCAL_GET && from.value === local
  return { step: counts ? amount.value : undefined, constant: undefined }
}

interface Bottom {
  readonly local: number
  readonly bound: Bound
  readonly compare: number
  readonly from: number
  readonly to: number
}

function boundOf(instruction: Instruction | undefined): Bound | undefined {
  if (instruction?.code === LOCAL_GET) return { kind: 'local', local: instruction.value }
  if (instruction?.code === I32_CONST) return { kind: 'constant', value: instruction.value }
  return undefined
}

const isLocal = (one: Instruction | undefined): one is Instruction =>
  one?.code === LOCAL_GET || one?.code === LOCAL_TEE

/** The readings of a bottom test: `local, bound, compare`, or the other way round. */
function* bottomsOf(recent: RecentCode, branchAt: number): Generator<Bottom> {
  const last = recent.back(1)
  if (last?.code === LOCAL_TEE) {
    const bound = { kind: 'constant', value: 0 } as const
    yield { local: last.value, bound, compare: COMPARE.ne, from: branchAt, to: branchAt }
    return
  }
  const mirrored = MIRRORED.get(last?.code ?? 0)
  if (last === undefined || mirrored === undefined) return
  const right = recent.back(2)
  const left = recent.back(3)
  const rightBound = boundOf(right)
  if (right !== undefined && rightBound !== undefined && isLocal(left)) {
    const { at: from } = right
    yield { local: left.value, bound: rightBound, compare: last.code, from, to: last.at }
  }
  if (!isLocal(right)) return
  // bound, local.get, i32.const, i32.add, local.tee, compare; or bound, local.get, compare
  const sum = right.code === LOCAL_TEE
  const first = recent.back(sum ? 6 : 3)
  const next = recent.back(sum ? 5 : 2)
  const bound = boundOf(first)
  const straight = !sum || recent.back(3)?.code === I32_ADD
  if (first === undefined || next === undefined || bound === undefined || !straight) return
  yield { local: right.value, bound, compare: mirrored, from: first.at, to: next.at }
}

/** The step of the one write to a local in a loop's own code; undefined unless there is just one. */
function stepOf(
  loop: LoopFrame,
  writes: readonly LocalWrite[],
  { local, bound }: Bottom,
): number | undefined {
  let step: number | undefined
  for (const write of writes.slice(loop.writesBefore)) {
    if (bound.kind === 'local' && write.local === bound.local) return undefined
    if (write.local !== local) continue
    if (step !== undefined || write.step === undefined || write.arm !== loop.arm) return undefined
    step = write.step
  }
  return step
}

const LARGEST_STEP = 4_096
/** Writes that are looked through, inside the loop and before it: no work of more than linear size. */
const MOST_WRITES = 256

/**
 * The constant a local holds where a loop begins: its last write before the loop, if control cannot
 * get to the loop without it, and not from an earlier round of a loop around both.
 *
 * @param around - the frames that are open around the loop.
 */
function startOf(
  loop: LoopFrame,
  writes: readonly LocalWrite[],
  local: number,
  around: readonly Frame[],
): number | undefined {
  const least = Math.max(0, loop.writesBefore - MOST_WRITES)
  for (let place = loop.writesBefore - 1; place >= least; place -= 1) {
    const write = writes[place]
    if (write?.local !== local) continue
    const dominates = around.some(({ arm }) => arm === write.arm)
    return write.loop === loop.outer && dominates ? write.constant : undefined
  }
  return undefined
}

const LARGEST = 2 ** 31 - LARGEST_STEP

/** Trips from `start` by `step` while `compare` holds with `bound`; undefined where it may wrap. */
function tripsOf(start: number, step: number, compare: number, bound: number): number | undefined {
  const trips = (bound - start) / step
  if (compare === COMPARE.ne) return trips > 0 && Number.isInteger(trips) ? trips : undefined
  const up = step > 0 && bound < LARGEST
  const down = step < 0 && bound > -LARGEST
  const signed = (compare === COMPARE.ltS && up) || (compare === COMPARE.gtS && down)
  const unsigned = compare === COMPARE.ltU && up && start >= 0 && bound >= 0
  return signed || unsigned ? Math.max(1, Math.ceil(trips)) : undefined
}

/**
 * What a loop counts, seen from the branch at its bottom.
 *
 * @param branchAt - where that branch stands.
 * @param around - the frames that are open around the loop.
 * @source metering reference, section 6
 */
export function countedLoop(
  loop: LoopFrame,
  recent: RecentCode,
  branchAt: number,
  writes: readonly LocalWrite[],
  around: readonly Frame[],
): CountedLoop | undefined {
  if (writes.length - loop.writesBefore > MOST_WRITES) return undefined
  for (const bottom of bottomsOf(recent, branchAt)) {
    const step = stepOf(loop, writes, bottom)
    if (step === undefined || step === 0 || Math.abs(step) > LARGEST_STEP) continue
    const { local, bound, compare } = bottom
    if (bound.kind === 'local' && bound.local === local) continue
    const start = bound.kind === 'constant' ? startOf(loop, writes, local, around) : undefined
    const trips =
      start === undefined || bound.kind === 'local'
        ? undefined
        : tripsOf(start, step, compare, bound.value)
    return { ...bottom, step, trips }
  }
  return undefined
}

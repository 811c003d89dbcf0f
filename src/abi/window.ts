import type { Errno } from '../contract/errno.ts'
import { Scratch } from '../std/scratch.ts'
import { GuestMemory, IOVEC_BYTES, MAX_STRINGS, type Piece } from './guest-memory.ts'
import { MAX_TEXT, type Reach, type Span } from './reach.ts'

/**
 * What a call reaches of its caller's memory, as bytes for another thread:
 *
 *   request   f64 size of the memory, u32 n, n times (u32 at, u32 length, u32 given), then the bytes of
 *             those ranges that are given
 *   answer    u32 n, n times (u32 at, u32 length), then their bytes
 *
 * The kernel's side makes the call on a copy of these ranges, a *window*, at the addresses they have.
 * Ranges that overlap are one: what a call sees and leaves is what it would on the memory itself.
 */
export type Argument = number | bigint

/** Bytes of a window: the longest listing, and a transfer with its list. */
const MAX_WINDOW = 2 ** 26 + 2 ** 22
/** Two lists of texts, and what else a spawn names. */
const MAX_RANGES = 2 * MAX_STRINGS + 1_024
const LARGEST_MEMORY = 2 ** 32

interface Range extends Piece {
  /** Its bytes are known to the call. */
  readonly given: boolean
}

/** What a span is with these arguments: the ranges, and where those that come back end. */
interface Reached {
  readonly span: Span
  readonly ranges: readonly Range[]
}

const numberAt = (args: readonly Argument[], index: number): number => Number(args[index]) >>> 0

function inside(memory: GuestMemory, at: number, length: number, given: boolean): readonly Range[] {
  return length === 0 || at + length > memory.size ? [] : [{ at, length, given }]
}

/** As much of it as is there. */
function clipped(memory: GuestMemory, at: number, length: number, given: boolean) {
  return inside(memory, at, Math.max(0, Math.min(length, memory.size - at)), given)
}

function listed(memory: GuestMemory, at: number, count: number, given: boolean): readonly Range[] {
  const pieces = memory.pieces(at, count)
  const list = count * IOVEC_BYTES > MAX_WINDOW ? [] : inside(memory, at, count * IOVEC_BYTES, true)
  return pieces.ok ? [...list, ...pieces.value.map((piece) => ({ ...piece, given }))] : list
}

function stringsAt(memory: GuestMemory, at: number, count: number): readonly Range[] {
  if (count > MAX_STRINGS) return []
  const { pieces } = memory.strings(at, count)
  // Of a list that is not wholly there, what is.
  const list = clipped(memory, at, count * 4, true)
  return [...list, ...pieces.map((piece) => ({ ...piece, given: true }))]
}

type Records = Span & { readonly way: 'records' }

function recordsAt(
  memory: GuestMemory,
  at: number,
  count: number,
  span: Records,
): readonly Range[] {
  if (count > span.most) return []
  const list = inside(memory, at, count * span.unit, true)
  if (list.length === 0) return []
  const texts = Array.from({ length: count }, (_, index) => {
    const pointer = memory.readU32(at + index * span.unit + span.text)
    const length = memory.readU32(at + index * span.unit + span.length)
    if (!pointer.ok || !length.ok || length.value > MAX_TEXT) return []
    return inside(memory, pointer.value, length.value, true)
  })
  return [...list, ...texts.flat()]
}

function rangesOf(memory: GuestMemory, span: Span, args: readonly Argument[]): readonly Range[] {
  const at = numberAt(args, span.pointer)
  switch (span.way) {
    case 'in': {
      const count = numberAt(args, span.count)
      return count > span.most ? [] : inside(memory, at, count * span.unit, true)
    }
    case 'structure':
    case 'out':
      return inside(memory, at, span.bytes, true)
    case 'up-to':
      return clipped(memory, at, span.most, true)
    case 'strings':
      return stringsAt(memory, at, numberAt(args, span.count))
    case 'records':
      return recordsAt(memory, at, numberAt(args, span.count), span)
    case 'room': {
      const length = Math.min(numberAt(args, span.length) * span.unit, span.most)
      return clipped(memory, at, length, true)
    }
    case 'filled':
      return clipped(memory, at, Math.min(numberAt(args, span.length), span.most), false)
    case 'gather':
    case 'scatter':
      return listed(memory, at, numberAt(args, span.count), span.way === 'gather')
  }
}

const reachedOf = (
  memory: GuestMemory,
  reach: Reach,
  args: readonly Argument[],
): readonly Reached[] => reach.map((span) => ({ span, ranges: rangesOf(memory, span, args) }))

/** The copy of a range: at most what was given of it is known. */
interface Extent {
  readonly at: number
  readonly bytes: Uint8Array
  readonly data: DataView
}

/** The part of a caller's memory that a call reaches. Looking anywhere else is a fault of ours. */
class WindowMemory extends GuestMemory {
  readonly size: number
  readonly #extents: readonly Extent[]

  constructor(size: number, extents: readonly Extent[]) {
    super()
    this.size = size
    this.#extents = extents
  }

  protected locate(at: number, count: number): number {
    if (at + count > this.size) return -1
    if (count === 0) return 0
    const extent = this.#before(at)
    if (extent === undefined || at + count > extent.at + extent.bytes.length) {
      throw new TypeError('a call looked beyond its reach')
    }
    this.bytes = extent.bytes
    this.data = extent.data
    return at - extent.at
  }

  /** The last extent that begins at `at` or before: there may be one for each text of a long list. */
  #before(at: number): Extent | undefined {
    let low = 0
    let high = this.#extents.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#extents[middle]?.at ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return this.#extents[low - 1]
  }
}

/** Where extents begin: copies between two such places are quick. */
const WORD = 8
const whole = (bytes: number): number => Math.ceil(bytes / WORD) * WORD

function extentsOf(ranges: readonly Range[], space: Scratch): readonly Extent[] {
  const sorted = ranges.toSorted((a, b) => a.at - b.at)
  const merged: { at: number; end: number }[] = []
  for (const { at, length } of sorted) {
    const last = merged.at(-1)
    // Those that touch are one too: a structure may lie across.
    if (last !== undefined && at <= last.end) last.end = Math.max(last.end, at + length)
    else merged.push({ at, end: at + length })
  }
  const all = space.take(merged.reduce((sum, { at, end }) => sum + whole(end - at), 0))
  let from = 0
  return merged.map(({ at, end }) => {
    const bytes = all.subarray(from, from + end - at)
    from += whole(end - at)
    return { at, bytes, data: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
  })
}

const FIXED = 12
const RANGE = 12
const PIECE = 8

/** What the caller sends. */
export function packRequest(
  memory: GuestMemory,
  reach: Reach,
  args: readonly Argument[],
  space = new Scratch(),
): Uint8Array {
  const ranges = reachedOf(memory, reach, args).flatMap((one) => one.ranges)
  const given = ranges.filter((range) => range.given)
  const head = FIXED + ranges.length * RANGE
  const bytes = space.take(given.reduce((sum, { length }) => sum + length, head))
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  data.setFloat64(0, memory.size, true)
  data.setUint32(8, ranges.length, true)
  let at = FIXED
  for (const range of ranges) {
    data.setUint32(at, range.at, true)
    data.setUint32(at + 4, range.length, true)
    data.setUint32(at + 8, Number(range.given), true)
    at += RANGE
  }
  for (const { at: from, length } of given) {
    const part = memory.view(from, length)
    if (part.ok) bytes.set(part.value, at)
    at += length
  }
  return bytes
}

/** The ranges of a request; undefined for what `packRequest` does not make. */
function rangesFrom(request: Uint8Array): { size: number; ranges: readonly Range[] } | undefined {
  if (request.length < FIXED) return undefined
  const data = new DataView(request.buffer, request.byteOffset, request.length)
  const size = data.getFloat64(0, true)
  const count = data.getUint32(8, true)
  if (!Number.isInteger(size) || size < 0 || size > LARGEST_MEMORY) return undefined
  if (count > MAX_RANGES || FIXED + count * RANGE > request.length) return undefined
  const ranges = Array.from({ length: count }, (_, index) => {
    const at = FIXED + index * RANGE
    const given = data.getUint32(at + 8, true) !== 0
    return { at: data.getUint32(at, true), length: data.getUint32(at + 4, true), given }
  })
  const all = ranges.reduce((sum, { length }) => sum + length, 0)
  const given = ranges.reduce((sum, range) => sum + (range.given ? range.length : 0), 0)
  const fits = ranges.every(({ at, length }) => at + length <= size) && all <= MAX_WINDOW
  const whole = FIXED + count * RANGE + given === request.length
  return fits && whole ? { size, ranges } : undefined
}

/** A call's window, on the kernel's side. */
export interface Window {
  readonly memory: GuestMemory
  /** What the caller is sent back when the call has answered `errno`. */
  answer(errno: Errno): Uint8Array
}

/** Where the bytes of a window lie, and those of its answer. */
export interface WindowSpace {
  readonly window: Scratch
  readonly answer: Scratch
}

export const windowSpace = (): WindowSpace => ({ window: new Scratch(), answer: new Scratch() })

/**
 * Undefined for a request that no caller of ours sends.
 *
 * @param space - of one process: what is not given of a window holds what an earlier one left there.
 */
export function openWindow(
  request: Uint8Array,
  reach: Reach,
  args: readonly Argument[],
  space = windowSpace(),
): Window | undefined {
  const found = rangesFrom(request)
  if (found === undefined) return undefined
  const memory = new WindowMemory(found.size, extentsOf(found.ranges, space.window))
  let from = FIXED + found.ranges.length * RANGE
  for (const { at, length, given } of found.ranges) {
    if (!given) continue
    const part = memory.view(at, length)
    if (part.ok) part.value.set(request.subarray(from, from + length))
    from += length
  }
  // Now: a call may write over its own lists.
  const reached = reachedOf(memory, reach, args)
  return { memory, answer: (errno) => packAnswer(memory, reached, args, errno, space.answer) }
}

/** Of `ranges`, as much as `used` bytes are from their beginning. */
function beginning(ranges: readonly Range[], used: number): readonly Piece[] {
  let left = used
  return ranges.flatMap(({ at, length }) => {
    const part = Math.min(left, length)
    left -= part
    return part === 0 ? [] : [{ at, length: part }]
  })
}

function writtenOf(
  memory: GuestMemory,
  { span, ranges }: Reached,
  args: readonly Argument[],
): readonly Piece[] {
  switch (span.way) {
    case 'in':
    case 'gather':
    case 'structure':
    case 'strings':
    case 'records':
      return []
    case 'out':
    case 'up-to':
    case 'room':
      return ranges
    case 'filled':
    case 'scatter': {
      const used = memory.readU32(numberAt(args, span.used))
      // The list itself was only read.
      const buffers = span.way === 'filled' ? ranges : ranges.filter(({ given }) => !given)
      return used.ok ? beginning(buffers, used.value) : []
    }
  }
}

const isTold = ({ span }: Reached): boolean => span.way === 'out' && span.told

/** A call that fails has written nothing, but for what says so. */
function packAnswer(
  memory: GuestMemory,
  reached: readonly Reached[],
  args: readonly Argument[],
  errno: Errno,
  space: Scratch,
): Uint8Array {
  const written = errno === 0 ? reached : reached.filter(isTold)
  const pieces = written.flatMap((one) => writtenOf(memory, one, args))
  const head = 4 + pieces.length * PIECE
  const bytes = space.take(pieces.reduce((sum, { length }) => sum + length, head))
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  data.setUint32(0, pieces.length, true)
  let at = head
  for (const [index, piece] of pieces.entries()) {
    data.setUint32(4 + index * PIECE, piece.at, true)
    data.setUint32(8 + index * PIECE, piece.length, true)
    const part = memory.view(piece.at, piece.length)
    if (part.ok) bytes.set(part.value, at)
    at += piece.length
  }
  return bytes
}

/** Puts what a call has written into its caller's memory. */
export function applyAnswer(memory: GuestMemory, answer: Uint8Array): void {
  const data = new DataView(answer.buffer, answer.byteOffset, answer.length)
  const count = data.getUint32(0, true)
  let from = 4 + count * PIECE
  for (let index = 0; index < count; index += 1) {
    const length = data.getUint32(8 + index * PIECE, true)
    const target = memory.view(data.getUint32(4 + index * PIECE, true), length)
    if (target.ok) target.value.set(answer.subarray(from, from + length))
    from += length
  }
}

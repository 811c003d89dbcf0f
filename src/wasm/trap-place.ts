import { EngineError } from '../contract/errors.ts'
import { Reader } from './decode/reader.ts'
import { findLine, type SourceLine } from './dwarf/source-line.ts'

/** One of the guest's own functions. Names are as its author wrote them: not to be printed as they are. */
export interface NamedFunction {
  readonly index: number
  /** From the name section. */
  readonly name: string | undefined
}

/** Where a guest trapped, in terms of the module as its author knows it. */
export interface TrapPlace extends NamedFunction {
  /** Of the instruction, in bytes from the start of the original module. */
  readonly offset: number
  /** The innermost function with a known line that the trap went through: libraries seldom have one. */
  readonly source: (NamedFunction & SourceLine) | undefined
}

/** What the rewritten module carries for it. */
export interface TrapSections {
  /** From `meter`. */
  readonly offsets: Uint8Array
  /** From `meter`: empty where there are none. */
  readonly lines: Uint8Array
  /** The name section. */
  readonly names: Uint8Array | undefined
}

/** V8's way to name a place in a module: its last words of a line. */
const FRAME = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/gm
const FUNCTION_NAMES = 1
/** As many as V8 names. A name with line breaks in it may look like more. */
const MOST_FRAMES = 10

function sizeOfU32(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1
  return size
}

/** Offset in the original of what is `distance` bytes behind the start of the rewritten code. */
function originalOf(steps: Reader, start: number, distance: number): number {
  let original = start
  let left = distance
  while (!steps.done) {
    const same = steps.u32()
    const odd = steps.u32()
    const added = Math.floor(odd / 2)
    const skipped = odd % 2 === 1 ? steps.s32() : 0
    if (left < same) return original + left
    left -= same
    original += same
    // What we put there stands for what is left out, or for what comes next.
    if (left < added) return original
    left -= added
    original += skipped
  }
  return original
}

/** A call that was not over when the guest trapped. */
interface Frame {
  readonly index: number
  /** In the original module. */
  readonly offset: number
  /** The same from the start of its code section's content, as debug information counts. */
  readonly address: number
}

/** The guest's function a place in the rewritten module lies in, and where in the original. */
function resolve(map: Reader, index: number, rewritten: number): Frame | undefined {
  let at = map.u32()
  const code = map.u32()
  const imported = map.u32()
  let originalEnd = 0
  for (let current = imported; !map.done; current += 1) {
    const start = originalEnd + map.u32()
    const size = map.u32()
    const declarations = map.u32()
    const steps = map.part(map.u32())
    at += sizeOfU32(size)
    if (current === index) {
      const distance = rewritten - at - declarations
      if (distance < 0 || rewritten >= at + size) return undefined
      const offset = originalOf(steps, start, distance)
      return { index, offset, address: offset - code }
    }
    at += size
    originalEnd = start
    while (!steps.done) {
      originalEnd += steps.u32()
      if (steps.u32() % 2 === 1) originalEnd += steps.s32()
    }
  }
  return undefined
}

/** V8 does not care whether a name section is right, so neither may we. */
function nameOf(section: Reader, wanted: number): string | undefined {
  try {
    while (!section.done) {
      const id = section.byte()
      const names = section.part(section.u32())
      if (id !== FUNCTION_NAMES) continue
      for (let left = names.u32(); left > 0; left -= 1) {
        const index = names.u32()
        const name = names.name()
        if (index === wanted) return name
      }
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
  }
  return undefined
}

/** From the innermost outwards. */
function framesOf(offsets: Uint8Array, stack: string): readonly Frame[] {
  const frames: Frame[] = []
  let seen = 0
  for (const [, index = '', offset = ''] of stack.matchAll(FRAME)) {
    const own = resolve(new Reader(offsets), Number(index), Number.parseInt(offset, 16))
    if (own !== undefined) frames.push(own)
    seen += 1
    if (seen === MOST_FRAMES) break
  }
  return frames
}

/**
 * The innermost of the guest's own functions that a trap went through, the instruction of the
 * original module that it stood at, and the line of the source where the module says it.
 *
 * @param stack - of the error that V8 threw.
 * @returns undefined where the stack names no function of the guest.
 */
export function trapPlace(
  { offsets, lines, names }: TrapSections,
  stack: string,
): TrapPlace | undefined {
  const frames = framesOf(offsets, stack)
  const [innermost] = frames
  if (innermost === undefined) return undefined
  const named = ({ index }: Frame): NamedFunction => ({
    index,
    name: names && nameOf(new Reader(names), index),
  })
  const { offset } = innermost
  const addresses = frames.map(({ address }) => address)
  const found = lines.length === 0 ? undefined : findLine(lines, addresses)
  const frame = frames[found?.which ?? -1]
  if (found === undefined || frame === undefined) {
    return { ...named(innermost), offset, source: undefined }
  }
  const { file, line } = found
  return { ...named(innermost), offset, source: { ...named(frame), file, line } }
}

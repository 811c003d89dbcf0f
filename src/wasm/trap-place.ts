import { EngineError } from '../contract/errors.ts'
import { Reader } from './decode/reader.ts'

/** Where a guest trapped, in terms of the module as its author knows it. */
export interface TrapPlace {
  /** Index of the function. */
  readonly index: number
  /** From the name section, as the guest's author wrote it: not to be printed as it is. */
  readonly name: string | undefined
  /** Of the instruction, in bytes from the start of the original module. */
  readonly offset: number
}

/** V8's way to name a place in a module: its last words of a line. */
const FRAME = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/gm
const FUNCTION_NAMES = 1

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
    const skipped = odd % 2 === 1 ? steps.u32() : 0
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

/** The guest's function a place in the rewritten module lies in, and where in the original. */
function resolve(map: Reader, index: number, offset: number): number | undefined {
  let at = map.u32()
  const imported = map.u32()
  let originalEnd = 0
  for (let current = imported; !map.done; current += 1) {
    const start = originalEnd + map.u32()
    const size = map.u32()
    const declarations = map.u32()
    const steps = map.part(map.u32())
    at += sizeOfU32(size)
    if (current === index) {
      const distance = offset - at - declarations
      return distance < 0 || offset >= at + size ? undefined : originalOf(steps, start, distance)
    }
    at += size
    originalEnd = start
    while (!steps.done) {
      originalEnd += steps.u32()
      if (steps.u32() % 2 === 1) originalEnd += steps.u32()
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

/**
 * The innermost of the guest's own functions that a trap went through, and the instruction of the
 * original module that it stood at.
 *
 * @param offsets - of the module that ran, from `meter`.
 * @param names - its name section.
 * @param stack - of the error that V8 threw.
 * @returns undefined where the stack names no function of the guest.
 */
export function trapPlace(
  offsets: Uint8Array,
  names: Uint8Array | undefined,
  stack: string,
): TrapPlace | undefined {
  for (const [, index = '', offset = ''] of stack.matchAll(FRAME)) {
    const own = resolve(new Reader(offsets), Number(index), Number.parseInt(offset, 16))
    if (own === undefined) continue
    const name = names && nameOf(new Reader(names), Number(index))
    return { index: Number(index), name, offset: own }
  }
  return undefined
}

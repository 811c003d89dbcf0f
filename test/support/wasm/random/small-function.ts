import { I32, i32, localGet, localSet, localTee, u32, VOID } from '../encoding.ts'
import { op } from '../recipes/recipe.ts'
import type { Choices } from './choices.ts'
import * as values from './values.ts'

const END = 0x0b
const ELSE = 0x05
const ADDRESS_MASK = 0x3ff8
/** Its two locals: what it is given, and one more. */
const GIVEN = 0
const OTHER = 1

export const SMALL = { params: [I32], results: [I32], locals: [I32] } as const

/**
 * The code of a function that is called by its name only, and from which nothing else of the guest is
 * reached but others like it of lower index: so its callers may pay for it.
 *
 * @param below - indices of those
 */
export function smallCode(choices: Choices, below: readonly number[]): number[] {
  const value = (): number[] =>
    choices.from([
      () => localGet(GIVEN),
      () => localGet(OTHER),
      () => values.constant(choices, I32),
    ])()
  const sum = (): number[] => [
    ...[...value(), ...value(), ...choices.from(values.BINARY.get(I32) ?? [])],
  ]
  const assignment = (): number[] => [...sum(), ...localSet(OTHER)]
  const call = (): number[] => {
    if (below.length === 0) return assignment()
    return [...value(), ...op('call', ...u32(choices.from(below))), ...localSet(OTHER)]
  }
  const statements = (most: number): number[] =>
    Array.from({ length: choices.below(most + 1) }, () => statement()).flat()
  const condition = (): number[] => [...sum(), ...i32(3), ...op('i32.and')]
  const statement = (): number[] =>
    choices.from([
      assignment,
      assignment,
      call,
      call,
      () => [...value(), ...i32(ADDRESS_MASK), ...op('i32.and'), ...op('i32.load', 2, 0), 0x1a],
      () => [...condition(), 0x04, VOID, ...statements(2), ELSE, ...statements(2), END],
      () => [0x02, VOID, ...condition(), ...op('br_if', 0), ...statements(3), END],
      // Three trips, known beforehand; the step is the last but one of its instructions.
      () => [
        ...[...i32(3), ...localSet(OTHER), 0x03, VOID, ...localGet(GIVEN), ...i32(5)],
        ...[...op('i32.mul'), ...localSet(GIVEN), ...localGet(OTHER), ...i32(1)],
        ...[...op('i32.sub'), ...localTee(OTHER), ...op('br_if', 0), END],
      ],
    ])()
  return [...statements(4), ...(choices.chance(20) ? [...value(), ...op('return')] : []), ...sum()]
}

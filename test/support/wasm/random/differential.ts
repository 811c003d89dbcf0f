import { compare, type How } from '../compare.ts'
import { Cursor, instructionsOf } from '../instructions.ts'
import { Choices, shrink } from './choices.ts'
import { randomModule } from './random-module.ts'

/** A random module on which two of plain, reference and product disagree. */
export interface Finding {
  readonly seed: number
  /** What decides the smallest module that still shows it. */
  readonly choices: readonly number[]
  readonly bytes: Uint8Array
  readonly differences: readonly string[]
}

function differences(choices: Choices, how: How): { bytes: Uint8Array; found: readonly string[] } {
  const one = randomModule(choices)
  if (!WebAssembly.validate(one.bytes)) {
    return { bytes: one.bytes, found: ['the generator made an invalid module'] }
  }
  try {
    return { bytes: one.bytes, found: compare(one, how) }
  } catch (error) {
    return { bytes: one.bytes, found: [String(error)] }
  }
}

/** Tries the module of one seed; where it fails, the smallest that fails, too. */
export function trySeed(seed: number, how: How = {}): Finding | undefined {
  const choices = Choices.seeded(seed)
  if (differences(choices, how).found.length === 0) return undefined
  const small = shrink(
    choices.made,
    (list) => differences(Choices.given(list), how).found.length > 0,
  )
  const { bytes, found } = differences(Choices.given(small), how)
  return { seed, choices: small, bytes, differences: found }
}

/** The code of each function, an instruction a line: its bytes, and its name. */
function listing(bytes: Uint8Array): string {
  const cursor = new Cursor(bytes, 8)
  const lines: string[] = []
  while (cursor.at < bytes.length) {
    const id = cursor.byte()
    const size = cursor.u32()
    const end = cursor.at + size
    if (id === 10) {
      for (let left = cursor.u32(); left > 0; left -= 1) lines.push(...bodyListing(bytes, cursor))
    }
    cursor.at = end
  }
  return lines.join('\n')
}

function bodyListing(bytes: Uint8Array, cursor: Cursor): readonly string[] {
  const size = cursor.u32()
  const end = cursor.at + size
  for (let groups = cursor.u32(); groups > 0; groups -= 1) {
    cursor.u32()
    cursor.byte()
  }
  const lines = [...instructionsOf(bytes, cursor.at, end)].map(({ opcode, at, next }) => {
    const hex = Buffer.from(bytes.subarray(at, next)).toString('hex')
    return `  ${opcode.name} (${hex})`
  })
  cursor.at = end
  return ['function', ...lines]
}

/** Everything one needs to see it again. */
export const describeFinding = ({ seed, choices, bytes, differences }: Finding): string =>
  [
    `seed ${seed}, shrunk to the choices ${JSON.stringify(choices)}`,
    ...differences,
    listing(bytes),
    `module: ${Buffer.from(bytes).toString('hex')}`,
  ].join('\n')

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { EngineError } from '../../../src/contract/errors.ts'
import { admit } from '../../../src/wasm/admit.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { u32 } from '../../support/wasm/encoding.ts'
import { Cursor } from '../../support/wasm/instructions.ts'
import { Choices } from '../../support/wasm/random/choices.ts'
import { randomModule } from '../../support/wasm/random/random-module.ts'

/** `npm run test:nightly` tries more. */
const MUTANTS = Number(process.env['BULKHEAD_MUTANTS'] ?? 4_000)
const BATCH = 1_000
/** No mutant of a few kilobytes may keep the decoder longer, in ms of its own time: a hang is endless. */
const MOST_MS = 5_000

interface Section {
  readonly id: number
  readonly payload: Uint8Array
}

function sectionsOf(bytes: Uint8Array): readonly Section[] {
  const cursor = new Cursor(bytes, 8)
  const sections: Section[] = []
  while (cursor.at < bytes.length) {
    const id = cursor.byte()
    const size = cursor.u32()
    sections.push({ id, payload: bytes.slice(cursor.at, cursor.at + size) })
    cursor.at += size
  }
  return sections
}

const joined = (sections: readonly Section[]): Uint8Array =>
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...sections.flatMap(({ id, payload }) => [id, ...u32(payload.length), ...payload]),
  ])

const within = (choices: Choices, bytes: Uint8Array): number => choices.below(bytes.length)

/** What one change does to a module. */
const MUTATIONS: readonly ((choices: Choices, bytes: Uint8Array) => Uint8Array)[] = [
  (choices, bytes) => {
    const at = within(choices, bytes)
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << choices.below(8)))
  },
  (choices, bytes) => bytes.with(within(choices, bytes), choices.below(256)),
  (choices, bytes) => bytes.slice(0, within(choices, bytes)),
  // A byte becomes a number that is written longer, or far too long.
  (choices, bytes) => {
    const at = within(choices, bytes)
    const padding = new Uint8Array(1 + choices.below(10)).fill(0x80)
    const first = (bytes[at] ?? 0) | 0x80
    return Uint8Array.from([...bytes.slice(0, at), first, ...padding, 0, ...bytes.slice(at + 1)])
  },
  // A number becomes huge.
  (choices, bytes) => {
    const at = within(choices, bytes)
    const huge = [0xff, 0xff, 0xff, 0xff, 0x0f]
    return Uint8Array.from([...bytes.slice(0, at), ...huge, ...bytes.slice(at + 1)])
  },
  // Bytes go away, or come twice.
  (choices, bytes) => {
    const at = within(choices, bytes)
    return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1 + choices.below(8))])
  },
  (choices, bytes) => {
    const at = within(choices, bytes)
    return Uint8Array.from([...bytes.slice(0, at + choices.below(16)), ...bytes.slice(at)])
  },
  // Sections change places, come twice, or go; the module stays well formed otherwise.
  (choices, bytes) => joined(reordered(choices, sectionsOf(bytes))),
  ...[0, 1, 2].map(() => (choices: Choices, bytes: Uint8Array) => codeChanged(choices, bytes)),
  // A byte inside a section, whose size is right again.
  (choices, bytes) => {
    const sections = sectionsOf(bytes)
    const changed = choices.below(sections.length)
    return joined(
      sections.map(({ id, payload }, index) => {
        if (index !== changed || payload.length === 0) return { id, payload }
        const at = within(choices, payload)
        const insert = Array.from({ length: choices.below(3) }, () => choices.below(256))
        const rest = payload.slice(at + choices.below(2))
        return { id, payload: Uint8Array.from([...payload.slice(0, at), ...insert, ...rest]) }
      }),
    )
  },
]

/** A byte of the code section becomes another, mostly a likely one. */
function codeChanged(choices: Choices, bytes: Uint8Array): Uint8Array {
  const sections = sectionsOf(bytes)
  const value = choices.chance(70) ? choices.below(0x45) : choices.below(256)
  return joined(
    sections.map(({ id, payload }) =>
      id === 10 && payload.length > 0
        ? { id, payload: payload.with(within(choices, payload), value) }
        : { id, payload },
    ),
  )
}

function reordered(choices: Choices, sections: readonly Section[]): readonly Section[] {
  const [from, to] = [choices.below(sections.length), choices.below(sections.length)]
  const moved = sections[from]
  if (moved === undefined) return sections
  const others = choices.chance(30) ? sections : sections.toSpliced(from, 1)
  return choices.chance(20) ? others : others.toSpliced(to, 0, moved)
}

/** Our guests as far as they are small, and modules with every kind of section and code. */
function subjects(): readonly Uint8Array[] {
  const guests = ['hello-world', 'hostile-cpu'].flatMap((name) => {
    try {
      return [Uint8Array.from(readFileSync(`guests/build/${name}.wasm`))]
    } catch {
      return []
    }
  })
  const random = Array.from({ length: 40 }, (_, seed) => randomModule(Choices.seeded(seed)).bytes)
  return [...guests, ...random]
}

const all = subjects()

/** One of the subjects with one to three changes. */
function mutant(seed: number): Uint8Array {
  const choices = Choices.seeded(seed)
  let bytes = choices.from(all)
  const changes = choices.chance(70) ? 1 : 1 + choices.below(3)
  for (let left = changes; left > 0 && bytes.length > 8; left -= 1) {
    bytes = choices.from(MUTATIONS)(choices, bytes)
  }
  return bytes
}

type Verdict = 'refused by us' | 'refused by V8' | 'accepted'

/** What becomes of hostile bytes: metered, or one line that says why not. Anything else throws. */
function verdictOn(bytes: Uint8Array): Verdict {
  try {
    admit(bytes)
  } catch (error) {
    if (error instanceof EngineError && error.code === 'INVALID_MODULE') {
      expect(error.message).toMatch(/^[^\n]+$/)
      // What V8 would run is refused by name or by number, never as malformed.
      if (WebAssembly.validate(bytes)) expect(error.message).toMatch(/unsupported|exceeds? /)
      return 'refused by us'
    }
    throw error
  }
  const valid = WebAssembly.validate(bytes)
  try {
    const { bytes: output } = meter(bytes)
    expect(valid).toBe(true)
    expect(WebAssembly.validate(output)).toBe(true)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'INVALID_MODULE') throw error
    // What V8 takes as it is we can rewrite.
    expect(valid, error.message).toBe(false)
    return 'refused by V8'
  }
}

const batches = Array.from({ length: Math.ceil(MUTANTS / BATCH) }, (_, index) => index * BATCH)

it.each(batches)(
  'mutated modules are refused in one line, or rewritten to valid ones, in bounded time: from seed %i',
  (first) => {
    const counts: Record<Verdict, number> = { 'refused by us': 0, 'refused by V8': 0, accepted: 0 }
    for (let seed = first; seed < first + BATCH; seed += 1) {
      const bytes = mutant(seed)
      const before = process.cpuUsage()
      try {
        counts[verdictOn(bytes)] += 1
      } catch (error) {
        expect.fail(`seed ${seed}: ${String(error)}\n${Buffer.from(bytes).toString('hex')}`)
      }
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1_000, `seed ${seed}`).toBeLessThan(MOST_MS)
    }
    // Each of the three happens: neither the decoder nor V8 alone decides everything.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(BATCH / 50)
  },
)

import { describe, expect, it } from 'vitest'
import { visitFunctions } from '../../../src/wasm/admit.ts'
import { calleesOf } from '../../../src/wasm/callees.ts'
import { decodeModule } from '../../../src/wasm/decode/module.ts'
import { DEFAULT_MODULE_LIMITS } from '../../../src/wasm/limits.ts'
import { type Metered, meter } from '../../../src/wasm/meter.ts'
import type { How } from '../../support/wasm/compare.ts'
import { Cursor, instructionsOf } from '../../support/wasm/instructions.ts'
import { type Fault, naiveMeter } from '../../support/wasm/naive-meter.ts'
import { Choices } from '../../support/wasm/random/choices.ts'
import { describeFinding, type Finding, trySeed } from '../../support/wasm/random/differential.ts'
import { randomModule } from '../../support/wasm/random/random-module.ts'
import { naiveSubject, namesOf, observe } from '../../support/wasm/subject.ts'

/** `npm run test:nightly` tries more. One seed after the other, from the first. */
const MODULES = Number(process.env['BULKHEAD_RANDOM_MODULES'] ?? 2_000)
const FIRST = Number(process.env['BULKHEAD_RANDOM_SEED'] ?? 1)
const BATCH = 100

const batches = Array.from({ length: Math.ceil(MODULES / BATCH) }, (_, index) => {
  const from = FIRST + index * BATCH
  return [from, Math.min(from + BATCH, FIRST + MODULES) - 1] as const
})

describe('random modules do the same plain and metered, and cost what the reference says', () => {
  it.each(batches)('seeds %i to %i', (from, to) => {
    for (let seed = from; seed <= to; seed += 1) {
      const finding = trySeed(seed)
      if (finding !== undefined) expect.fail(describeFinding(finding))
    }
  })
})

it('the choices that made a module make it again', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const choices = Choices.seeded(seed)
    const made = randomModule(choices)
    expect(randomModule(Choices.given(choices.made))).toEqual(made)
  }
})

it('many of them throw on the way, catch it or not, and are compared', () => {
  let [caught, thrown] = [0, 0]
  for (let seed = 1; seed <= 300; seed += 1) {
    const { bytes, host, calls } = randomModule(Choices.seeded(seed))
    const counted = new WebAssembly.Module(naiveMeter(bytes))
    const names = namesOf(new WebAssembly.Module(bytes))
    for (const seen of observe(() => naiveSubject(counted, host, names), calls)) {
      if (!seen.exact) continue
      if (seen.outcome === 'exception') thrown += 1
      else if ((seen.thrown ?? 0n) > 0n) caught += 1
    }
  }
  expect(caught).toBeGreaterThan(20)
  expect(thrown).toBeGreaterThan(20)
})

it('many of them have loops whose trips are written several times', () => {
  let unrolled = 0
  for (let seed = 1; seed <= 300; seed += 1) {
    const module = decodeModule(randomModule(Choices.seeded(seed)).bytes, DEFAULT_MODULE_LIMITS)
    visitFunctions(module, DEFAULT_MODULE_LIMITS, ({ events }) => {
      if (events.some(({ code }) => code !== undefined)) unrolled += 1
    })
  }
  expect(unrolled).toBeGreaterThan(100)
})

it('many of them have ways that are padded, and ways that are not', () => {
  let [padded, others] = [0, 0]
  for (let seed = 1; seed <= 300; seed += 1) {
    const module = decodeModule(randomModule(Choices.seeded(seed)).bytes, DEFAULT_MODULE_LIMITS)
    visitFunctions(module, DEFAULT_MODULE_LIMITS, ({ events }) => {
      for (const { opcode, padTrue, padFalse } of events) {
        if (opcode.class !== 'if' && opcode.class !== 'br-if') continue
        if (padTrue + padFalse > 0) padded += 1
        else others += 1
      }
    })
  }
  expect(padded).toBeGreaterThan(1_000)
  expect(others).toBeGreaterThan(1_000)
})

it('many of them have a br_table whose ways are padded', () => {
  let padded = 0
  for (let seed = 1; seed <= 300; seed += 1) {
    const module = decodeModule(randomModule(Choices.seeded(seed)).bytes, DEFAULT_MODULE_LIMITS)
    visitFunctions(module, DEFAULT_MODULE_LIMITS, ({ events }) => {
      for (const { targets } of events) {
        if (targets.some(({ group, rest }) => rest !== (group?.level ?? rest))) padded += 1
      }
    })
  }
  expect(padded).toBeGreaterThan(50)
})

it('many of them have functions that their callers pay for, in part or one by way of another', () => {
  let [partly, priced, calling] = [0, 0, 0]
  for (let seed = 1; seed <= 300; seed += 1) {
    const module = decodeModule(randomModule(Choices.seeded(seed)).bytes, DEFAULT_MODULE_LIMITS)
    const callees = calleesOf(module, DEFAULT_MODULE_LIMITS, module.tags.length > 0)
    const imported = module.imports.filter(({ kind }) => kind === 'function').length
    visitFunctions(module, DEFAULT_MODULE_LIMITS, ({ events }, place) => {
      const { isFree, prepaid } = callees.at(imported + place)
      if (!isFree) {
        if (prepaid > 0) partly += 1
        return
      }
      priced += 1
      if (events.some(({ opcode }) => opcode.class === 'call')) calling += 1
    })
  }
  expect(partly).toBeGreaterThan(100)
  expect(priced).toBeGreaterThan(100)
  expect(calling).toBeGreaterThan(10)
})

/** The first of a hundred seeds that fails. */
function firstFinding(how: How): Finding {
  for (let seed = 1; seed <= 100; seed += 1) {
    const finding = trySeed(seed, { slices: [1_000n], ...how })
    if (finding !== undefined) return finding
  }
  throw new TypeError('nobody noticed')
}

/** Where the first instruction of this name stands in a module's code. */
function placeOf(bytes: Uint8Array, name: string): number | undefined {
  const cursor = new Cursor(bytes, 8)
  for (let id = cursor.byte(); id !== 10; id = cursor.byte()) {
    const size = cursor.u32()
    cursor.at += size
  }
  cursor.u32()
  for (let left = cursor.u32(); left > 0; left -= 1) {
    const size = cursor.u32()
    const end = cursor.at + size
    for (let groups = cursor.u32(); groups > 0; groups -= 1) cursor.at += 2
    const found = [...instructionsOf(bytes, cursor.at, end)].find((one) => one.opcode.name === name)
    if (found !== undefined) return found.at
    cursor.at = end
  }
  return undefined
}

/** A pass that gets one instruction wrong. */
function wrongPass(name: string, instead: number): (bytes: Uint8Array) => Metered {
  return (bytes) => {
    const at = placeOf(bytes, name)
    return meter(at === undefined ? bytes : bytes.with(at, instead), { linked: true })
  }
}

describe('a planted fault is found, and its module shrinks', () => {
  it.each<[string, Fault]>([
    ['one unit too much for each br_if', { overcharge: 'br_if' }],
    ['a br_if whose ways are not padded', { unpadded: 'br_if' }],
    ['an if whose arms are not padded', { unpadded: 'if' }],
    ['a br_table whose ways are not padded', { unpadded: 'br_table' }],
    ['one unit too much for each drop', { overcharge: 'drop' }],
    ['an else-arm that starts without paying', { forget: 'else' }],
    ['a loop that pays nothing at its header', { forget: 'loop' }],
    ['nothing paid behind a call', { forget: 'call' }],
  ])('%s', (_, fault) => {
    const finding = firstFinding({ reference: (bytes) => naiveMeter(bytes, fault) })
    expect(finding.differences.join('\n')).toContain('fuel of')
    expect(finding.bytes.length).toBeLessThan(500)
    expect(describeFinding(finding)).toContain(`seed ${finding.seed}`)
  })
  it.each([
    ['a condition turned round', 'i32.eqz', 0x69, /fuel|outcome|state|log/],
    ['one operation in place of another', 'i32.xor', 0x71, /fuel|outcome|state|log/],
  ])('%s', (_, name, instead, difference) => {
    const finding = firstFinding({ pass: wrongPass(name, instead) })
    expect(finding.differences.join('\n')).toMatch(difference)
    expect(finding.bytes.length).toBeLessThan(700)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit } from '../../../src/wasm/admit.ts'
import { DEFAULT_MODULE_LIMITS, type ModuleLimits } from '../../../src/wasm/limits.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { moduleOf, section, startModule } from '../../support/wasm-modules.ts'

const NOP = 0x01
const limits = (some: Partial<ModuleLimits>) => ({ ...DEFAULT_MODULE_LIMITS, ...some })

describe('admit refuses what is not a module, and says what it is', () => {
  it.each<[string, number[], string]>([
    ['nothing', [], 'exec format error: not a WebAssembly module'],
    ['text', [...Buffer.from('hello world')], 'exec format error: not a WebAssembly module'],
    ['an ELF file', [0x7f, 0x45, 0x4c, 0x46, 2], 'this is a Linux (ELF) binary'],
    ['a script', [...Buffer.from('#!/bin/sh')], 'this is a script (#!)'],
    ['a component', [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], 'this is a WebAssembly component'],
    ['an unknown version', [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0], 'unknown WebAssembly version 2'],
    ['a cut preamble', [0, 0x61, 0x73, 0x6d, 1], 'unexpected end of module at byte 5'],
  ])('%s', (_, bytes, message) => {
    expect(() => admit(Uint8Array.from(bytes))).toThrow(message)
    expect(() => admit(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'INVALID_MODULE' }),
    )
  })
})

describe('admit refuses what is not supported, by name', () => {
  it.each<[string, Uint8Array, string]>([
    ['a struct type', moduleOf(section(1, [1, 0x5f, 0])), 'garbage collection'],
    ['a typed reference', moduleOf(section(1, [1, 0x60, 1, 0x64, 0x70, 0])), 'garbage collection'],
    ['a 64-bit memory', moduleOf(section(5, [1, 4, 1])), 'memory64'],
    ['a shared memory', moduleOf(section(5, [1, 3, 1, 1])), 'threads'],
    ['two memories', moduleOf(section(5, [2, 0, 1, 0, 1])), '2 memories exceed 1'],
    [
      'a table with an initialiser',
      moduleOf(section(4, [1, 0x40, 0])),
      'typed function references',
    ],
    ['an atomic', startModule([0xfe, 0x03, 0x00]), 'threads (atomics)'],
    ['a call_ref', startModule([0x14, 0x00]), 'call_ref'],
    ['a struct.new', startModule([0xfb, 0x00, 0x00]), 'garbage collection'],
    ['an unknown opcode', startModule([0xff]), 'unknown opcode 0xff'],
    ['a memory index', startModule([0x28, 0x42, 0x01, 0x00]), 'multi-memory'],
    ['an unknown section', moduleOf(section(14, [])), 'unknown section 14'],
    ['sections out of order', moduleOf(section(3, [0]), section(1, [0])), 'out of order'],
    ['a section twice', moduleOf(section(1, [0]), section(1, [0])), 'out of order'],
  ])('%s', (_, bytes, message) => {
    expect(() => admit(bytes)).toThrow(message)
  })
})

it('says how large a body is and may be', () => {
  const long = startModule(new Array<number>(2_202_009).fill(NOP))
  expect(() => admit(long)).toThrow('function body of 2.1 MB exceeds 1 MB')
})

describe('element segments', () => {
  const ref = [0xd2, 0, 0x0b]
  const none = [0xd0, 0x70, 0x0b]
  const at = [0x41, 0, 0x0b]
  it.each<[string, number[]]>([
    ['0: active, indices', [0, ...at, 1, 0]],
    ['1: passive, indices', [1, 0, 1, 0]],
    ['2: active, of a table, indices', [2, 0, ...at, 0, 1, 0]],
    ['3: declared, indices', [3, 0, 1, 0]],
    ['4: active, expressions', [4, ...at, 2, ...ref, ...none]],
    ['5: passive, expressions', [5, 0x70, 1, ...ref]],
    ['6: active, of a table, expressions', [6, 0, ...at, 0x70, 1, ...none]],
    ['7: declared, expressions', [7, 0x70, 1, ...ref]],
  ])('kind %s', (_, bytes) => {
    const module = moduleOf(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(4, [1, 0x70, 0, 9]),
      section(9, [1, ...bytes]),
      section(10, [1, 2, 0, 0x0b]),
    )
    expect(WebAssembly.validate(module)).toBe(true)
    expect(() => admit(module)).not.toThrow()
    expect(() => admit(module, limits({ elementEntries: 0 }))).toThrow('exceed 0')
  })
  it('of a kind that does not exist are refused', () => {
    expect(() => admit(moduleOf(section(9, [1, 8, 0])))).toThrow('unknown element segment 8')
  })
})

describe('hostile bytes', () => {
  const whole = meter(startModule([0x03, 0x40, 0x41, 0, 0x0d, 0, 0x0b])).bytes
  it('never make the decoder throw anything but INVALID_MODULE', () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = whole.slice()
        for (const { at, value } of changes) bytes[at] = value
        try {
          admit(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_MODULE' })
        }
      }),
      { numRuns: 2_000 },
    )
  })
  it('are refused at every length short of the whole', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length)
      if (WebAssembly.validate(cut)) continue
      expect(() => meter(cut), `cut at ${length}`).toThrow()
    }
  })
})

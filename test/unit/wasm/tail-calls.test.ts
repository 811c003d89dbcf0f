import { expect, it } from 'vitest'
import { compare } from '../../support/wasm/compare.ts'
import { FUNCREF, I32, i32, localGet, u32 } from '../../support/wasm/encoding.ts'
import { ModuleBuilder } from '../../support/wasm/module-builder.ts'
import type { Host } from '../../support/wasm/subject.ts'

const END = 0x0b
const EVEN = 1
const ODD = 2
const LAST = 0
const host: Host = (_, log) => ({ env: { last: (value: number) => log(`last ${value}`) } })

/** `even` and `odd` call each other until their parameter is 0; then the import is called. */
function pingPong(callTo: (index: number) => number[]): Uint8Array {
  const builder = new ModuleBuilder()
  const type = builder.type([I32], [])
  builder.import('env', 'last', 'function', u32(type))
  for (const next of [ODD, EVEN]) {
    const code = [
      ...[...localGet(0), 0x45, 0x04, 0x40, ...i32(42), ...callTo(LAST), END],
      ...[...localGet(0), ...i32(1), 0x6b, ...callTo(next)],
    ]
    builder.function({ type, locals: [], code })
  }
  builder.tables.push([FUNCREF, 0, 3])
  builder.elements.push([0, ...i32(0), END, 3, LAST, EVEN, ODD])
  builder.export('even', 'function', EVEN)
  return builder.build()
}

it.each([
  ['direct', (index: number) => [0x12, ...u32(index)]],
  ['indirect', (index: number) => [...i32(index), 0x13, 0, 0]],
])('a million %s tail calls need no stack, and count exactly', (_, callTo) => {
  const calls = [0, 1, 1_000_000].map((argument) => ({ name: 'even', args: [argument] }))
  expect(compare({ bytes: pingPong(callTo), host, calls })).toEqual([])
})
it('the same number of ordinary calls does not fit the stack', () => {
  const call = (index: number): number[] => [0x10, ...u32(index), 0x0f]
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(pingPong(call)),
    host(
      () => undefined,
      () => {},
    ),
  )
  const even = instance.exports['even'] as (count: number) => void
  expect(() => even(1_000_000)).toThrow('call stack')
})

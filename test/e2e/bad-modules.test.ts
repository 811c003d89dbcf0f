import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'

let directory = ''
const at = (name: string) => join(directory, name)
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
/** (import "env" "foo" (func)) */
const ENV_FOO = [
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 11, 1, 3, ...Buffer.from('env'), 3, ...Buffer.from('foo'), 0, 0],
]

/** One function whose body is `length` bytes of nop. */
function longBody(length: number): Uint8Array {
  const leb = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
  const body = [...leb(length + 2), 0, ...new Array<number>(length).fill(1), 0x0b]
  const code = [1, ...body]
  return Uint8Array.from([
    ...MAGIC,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    10,
    ...leb(code.length),
    ...code,
  ])
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  writeFileSync(at('text.wasm'), 'hello')
  writeFileSync(at('empty.wasm'), '')
  writeFileSync(at('elf.wasm'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]))
  writeFileSync(at('script.sh'), '#!/bin/sh\necho no\n')
  writeFileSync(at('cut.wasm'), Buffer.from([...MAGIC, 1, 40, 1]))
  writeFileSync(at('env.wasm'), Buffer.from([...MAGIC, ...ENV_FOO]))
  writeFileSync(at('long.wasm'), longBody(2_202_009))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('bulkhead run of something that cannot run', () => {
  it.each([
    ['text.wasm', 126, 'exec format error: not a WebAssembly module'],
    ['empty.wasm', 126, 'exec format error: not a WebAssembly module'],
    ['elf.wasm', 126, 'exec format error: this is a Linux (ELF) binary'],
    ['script.sh', 126, 'exec format error: this is a script (#!)'],
    ['cut.wasm', 126, 'exec format error: unexpected end of module'],
    ['env.wasm', 126, 'unknown import env.foo'],
    ['long.wasm', 126, 'function body of 2.1 MB exceeds 1 MB'],
    ['none.wasm', 127, 'none.wasm: no such file'],
  ])('%s ends with %i: %s', async (name, code, message) => {
    const done = await bulkhead(['run', at(name)])
    expect(done.code).toBe(code)
    expect(done.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(done.stderr).toContain(message)
    expect(done.stderr).not.toContain(directory)
  })
  it('an image nobody knows ends with 125 and names those that are known', async () => {
    const done = await bulkhead(['run', 'nonesuch'])
    expect(done.code).toBe(125)
    expect(done.stderr).toContain('nonesuch')
    expect(done.stderr).toContain('python')
  })
  it('a program the image does not have ends with 127', async () => {
    const done = await bulkhead(['run', '--entrypoint', 'nope', 'hello-world'])
    expect(done.code).toBe(127)
    expect(done.stderr).toContain('exec: "nope": executable file not found in $PATH')
  })
  it.each([
    [['--memory', 'lots'], 'invalid memory lots'],
    [['--colour'], "unknown option '--colour'"],
    [['-v', 'nothing'], 'invalid volume'],
    [['--stop-signal', 'SIGNOPE'], 'invalid signal: SIGNOPE'],
  ])('flags %j end with 125', async (flags, message) => {
    const done = await bulkhead(['run', ...flags, 'hello-world'])
    expect(done.code).toBe(125)
    expect(done.stderr).toContain(message)
  })
})

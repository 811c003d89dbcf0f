import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { build, forever, I32, op } from '../support/module-builder.ts'

const MODULE = 'guests/build/residue.wasm'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  // One slot: every run has the thread, the rings and the control block of the one before.
  host = await createHost({ dataDir: directory, slots: 1 })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const backwards = (text: string) => [...text].reverse().join('')
const pattern = () => randomBytes(8).toString('hex')
const plant = (text: string) =>
  host.run({
    module: MODULE,
    args: ['plant', text],
    env: { CANARY: text },
    stdin: text.repeat(2_000),
    files: { [`/tmp/in-${text}`]: text },
  })

it('a guest finds nothing of the guests before it in memory, files, descriptors or environment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const text = pattern()
    expect((await plant(text)).text()).toBe(`${text}\n`)
    const done = await host.run({ module: MODULE, args: ['search', backwards(text)] })
    expect([done.text(), done.exitCode]).toEqual(['found 0\n', 0])
  }
  expect(host.inUse().threads).toBeLessThanOrEqual(3)
})
it('what is there is found: in its own memory, files and environment', async () => {
  const text = pattern()
  const done = await host.run({ module: MODULE, args: ['search', backwards(text), text] })
  expect(done.text()).toMatch(/memory\nfound \d{6,}\n$/)
  const other = pattern()
  const search = { module: MODULE, args: ['search', backwards(other)] }
  const file = await host.run({ ...search, files: { '/var/x': other } })
  expect(file.text()).toBe('a file\nfound 1\n')
  const stdin = await host.run({ ...search, stdin: other })
  expect(stdin.text()).toBe('a file\nfound 1\n')
  const env = await host.run({ ...search, env: { X: other } })
  // Once in the memory of the guest itself, where its C library keeps the environment.
  expect(env.text()).toMatch(/found [1-9]/)
})

/**
 * A guest of two pages that never grow: the next one of that size may be given the same memory. Writes
 * all of it, or exits with 1 if a byte of it is set.
 */
function ofTwoPages(...code: readonly (readonly number[])[]): Uint8Array {
  return build({
    types: [
      [[], []],
      [[I32], []],
    ],
    imports: [['wasi_snapshot_preview1', 'proc_exit', 1]],
    memory: [2, 2],
    functions: [{ locals: [[1, I32]], code: code.flat() }],
  })
}
const SIZE = 2 * 65_536
const WRITE = [...op.i32(0), ...op.i32(0xab), ...op.i32(SIZE), ...op.memoryFill]
/** for (at = SIZE; at != 0; ) if (memory[at -= 4]) exit(1) */
const READ = [
  ...op.i32(SIZE),
  ...op.set(0),
  ...op.loop,
  ...[...op.get(0), ...op.i32(-4), ...op.add, ...op.tee(0), ...op.load],
  ...[...op.if, ...op.i32(1), ...op.call(0), ...op.end],
  ...[...op.get(0), ...op.brIf(0)],
  ...op.end,
]
const endsOf = { timeoutMs: 2_000, fuel: 10_000_000n }

it.each([
  ['returns', []],
  ['traps', op.unreachable],
  ['exits', [...op.i32(0), ...op.call(0)]],
  ['is out of fuel', forever()],
  ['exhausts the stack', op.call(1)],
])('a memory is empty after a guest that %s', async (_, end) => {
  await host.run({ module: ofTwoPages(WRITE, end), limits: endsOf })
  const { exitCode } = await host.run({ module: ofTwoPages(READ), limits: endsOf })
  expect(exitCode).toBe(0)
})
it('what is there of its own is found', async () => {
  const { exitCode } = await host.run({ module: ofTwoPages(WRITE, READ), limits: endsOf })
  expect(exitCode).toBe(1)
})

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { MEMORY_IMPORT } from '../../src/wasm/meter/assemble.ts'
import { METER_VERSION, type MeterManifest, meter } from '../../src/wasm/meter.ts'
import { build, forever, I32, name, op, section, u32 } from '../support/module-builder.ts'

/**
 * No guest of the corpus reaches `terminate()`: each ends at a safepoint or in a call, and the corpus
 * holds them to it. So the guest here is one that the meter has never seen: a loop without a
 * safepoint, put into the cache of rewritten modules.
 */
const store = (at: number, value: number) => [...op.i32(at), ...op.i32(value), ...op.store]
/** Says one byte, so that it is known to run, and then nothing any more. */
const CODE = [
  ...store(0, 64),
  ...store(4, 1),
  ...[1, 0, 1, 8].flatMap((value) => op.i32(value)),
  ...[...op.call(0), ...op.drop],
  ...forever(),
]
const I32X4 = [0x60, 4, I32, I32, I32, I32, 1, I32]

function unmetered({ fuel, hooks, hostMemory }: MeterManifest): Uint8Array {
  const { min = 0, max = 0 } = hostMemory ?? {}
  const memory = [...name(MEMORY_IMPORT.module), ...name(MEMORY_IMPORT.name), 2, 1]
  return build({
    more: [
      section(1, [2, ...I32X4, 0x60, 0, 0]),
      section(2, [
        ...[2, ...name('wasi_snapshot_preview1'), ...name('fd_write'), 0, 0],
        ...[...memory, ...u32(min), ...u32(max)],
      ]),
      section(3, [1, 1]),
      section(4, [1, 0x70, 0, 8]),
      section(6, [1, 0x7e, 1, ...op.i64(0), ...op.end]),
      section(7, [
        ...[4, ...name('_start'), 0, 1, ...name('memory'), 2, 0],
        ...[...name(fuel), 3, 0, ...name(hooks), 1, 0],
      ]),
      section(10, [1, CODE.length + 2, 0, ...CODE, ...op.end]),
    ],
  })
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let directory = ''
let host: Host
const original = build({
  types: [
    [[I32, I32, I32, I32], [I32]],
    [[], []],
  ],
  imports: [['wasi_snapshot_preview1', 'fd_write', 0]],
  functions: [{ type: 1, code: CODE }],
  memory: [1],
})
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: directory })
  const { manifest } = meter(original)
  const bytes = unmetered(manifest)
  expect(WebAssembly.validate(bytes)).toBe(true)
  const header = Buffer.from(`${JSON.stringify({ manifest, sha256: sha256(bytes) })}\n`)
  const file = join(directory, 'modules', `${sha256(original)}-m${METER_VERSION}.metered`)
  mkdirSync(join(directory, 'modules'))
  writeFileSync(file, Buffer.concat([header, bytes]))
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const hello = () => host.run({ image: 'hello-world' }).then((done) => done.exitCode)

it('a guest that looks at no flag is ended with its worker, and others run on', async () => {
  const controller = new AbortController()
  const stuck = host.run({
    module: original,
    stdout: () => controller.abort(new Error('enough')),
    signal: controller.signal,
  })
  const ended = expect(stuck).rejects.toThrow('enough')
  expect(await hello()).toBe(0)
  await ended
  expect(host.inUse().slots).toBe(0)
  expect(await hello()).toBe(0)
})
it('closing the host ends such a guest too', async () => {
  const other = await createHost({ dataDir: directory })
  let runs = (): void => {}
  const running = new Promise<void>((resolve) => {
    runs = resolve
  })
  const stuck = other.run({ module: original, stdout: () => runs() })
  const ended = expect(stuck).resolves.toMatchObject({ exitCode: 137 })
  await running
  await other.close()
  await ended
})

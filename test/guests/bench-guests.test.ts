import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: directory })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

describe('syscalls', () => {
  const module = 'guests/build/syscalls.wasm'
  const file = { '/data/file': new Uint8Array(65_536) }

  it.each(['open', 'pread', 'seek', 'pwrite', 'stat', 'missing', 'clock'])(
    '%s does what it should, as often as it is told',
    async (operation) => {
      const calls = async (times: number) => {
        const args = [operation, String(times), '/data']
        const done = await host.run({ module, args, files: file })
        expect([done.exitCode, done.message]).toEqual([0, undefined])
        return done.usage.syscalls
      }
      expect((await calls(100)) - (await calls(0))).toBeGreaterThanOrEqual(100)
    },
  )

  it.each([
    ['the file is missing', {}, 'pread', 1],
    ['the file is too short', { '/data/file': 'short' }, 'pread', 1],
    ['what should be missing is there', { ...file, '/data/missing': '' }, 'missing', 1],
    ['the operation is unknown', file, 'nothing', 2],
  ])('fails when %s', async (_, files, operation, exitCode) => {
    const done = await host.run({ module, args: [operation, '20', '/data'], files })
    expect(done.exitCode).toBe(exitCode)
  })
})

describe('endless', () => {
  const module = 'guests/build/endless.wasm'
  const compute = ['empty', 'counted', 'odd', 'table', 'recursion', 'indirect', 'divide']

  it.each([...compute, 'fill', 'copy', 'calls', 'flood', 'reading', 'asleep'])(
    '%s runs until it is killed',
    async (pattern) => {
      const abort = new AbortController()
      let heard = ''
      const run = host.run({
        module,
        args: [pattern],
        stdin: (async function* () {
          await new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
          yield new Uint8Array()
        })(),
        stdout: (bytes) => {
          if (heard === '') heard = new TextDecoder().decode(bytes.subarray(0, 8))
          abort.abort(new Error('enough'))
        },
        signal: abort.signal,
      })
      await expect(run).rejects.toThrow('enough')
      expect(heard).toBe('started\n')
    },
  )

  it('ends with 2 when it is told nothing it knows', async () => {
    expect((await host.run({ module, args: ['nothing'] })).exitCode).toBe(2)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, FilesTooLargeError, type Host, type RunResult } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

/** More than any cell may send, and nothing on the host's disk. */
const SPARSE = 2 ** 31
const MIB = 2 ** 20

async function failureOf(run: Promise<RunResult>): Promise<FilesTooLargeError> {
  const failed: unknown = await run.catch((why: unknown) => why)
  if (failed instanceof FilesTooLargeError) return failed
  throw new Error('not the error that was expected', { cause: failed })
}

describe.each(['in-process', 'child-process'] as const)('a guest, %s', (isolation) => {
  let bound = ''
  let host: Host
  beforeAll(async () => {
    bound = mkdtempSync(join(tmpdir(), 'collected-'))
    host = await createHost({ dataDir: DATA_DIRECTORY, isolation })
  })
  afterAll(async () => {
    await host.close()
    rmSync(bound, { recursive: true })
  })
  const truncated = (size: number, more = {}) =>
    host.run({
      image: 'python',
      cmd: ['-c', `print(open("/mnt/f", "w").truncate(${size}), flush=True)`],
      mounts: [{ type: 'bind', source: bound, target: '/mnt' }],
      collect: ['/mnt/f'],
      ...more,
    })

  it('that makes a collected file huge fails its own run alone, in words', async () => {
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    async function* input() {
      await ended
      yield Buffer.from('still here')
    }
    const beside = host.run({ image: 'base', cmd: ['cat'], stdin: input() })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const output = new Response(readable).text()
    expect(await failureOf(truncated(SPARSE, { stdout: writable }))).toMatchObject({
      code: 'FILES_TOO_LARGE',
      kind: 'TooLarge',
      message: `/mnt/f is too large to be collected: all collected files together may have ${64 * MIB} bytes (limits.collect, at most ${2 ** 30})`,
    })
    expect(await output).toBe(`${SPARSE}\n`)
    end()
    expect((await beside).text()).toBe('still here')
  })
  it('may bring back as much as its limit says', async () => {
    const limits = { collect: '70m' }
    const { files } = await truncated(70 * MIB, { limits })
    expect(files.get('/mnt/f')).toHaveLength(70 * MIB)
    const failed = await failureOf(truncated(70 * MIB + 1, { limits }))
    expect(failed.message).toContain('/mnt/f is too large')
    const { result } = failed
    expect(result).toMatchObject({ exitCode: 0, reason: 'exit', truncated: false })
    expect(result.text()).toBe(`${70 * MIB + 1}\n`)
    expect(result.usage.fuel).toBeGreaterThan(0n)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host, type LimitsSpec } from '../../dist/index.js'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'

const HOSTILE = 'guests/build/hostile.wasm'

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

const hostile = (trouble: string, limits: LimitsSpec, more = {}) =>
  host.run({ module: HOSTILE, args: [trouble], limits, ...more })

/** A well-behaved guest, to see that the others are not bothered. */
const neighbour = () => host.run({ image: 'hello-world' })

describe('a guest that does not end by itself', () => {
  const endless = [
    ['an endless loop', 'spin'],
    ['an endless call tree', 'bush'],
    ['an endless memory.fill loop', 'fill'],
    ['a flood of output', 'flood'],
  ] as const
  it.each(endless)('%s is ended by its timeout', async (_, trouble) => {
    const done = await hostile(trouble, { timeoutMs: 300 }, { stdout: 'ignore' })
    expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
    expect(done.message).toContain('timeout')
    expect((await neighbour()).exitCode).toBe(0)
  })
  it.each(endless)('%s is ended when it is out of fuel', async (_, trouble) => {
    const limits = { fuel: 20_000_000n }
    const done = await hostile(trouble, limits, { stdout: 'ignore' })
    expect(done).toMatchObject({ exitCode: 137, reason: 'fuel' })
    expect(done.message).toContain('out of fuel')
    expect(done.usage.fuel).toBeGreaterThanOrEqual(20_000_000n)
    expect(done.usage.fuel).toBeLessThan(21_000_000n)
  })
  it.each([
    ['its timeout', { timeoutMs: 300 }, 'timeout'],
    ['the end of its fuel', { fuel: 5_000_000n }, 'fuel'],
  ] as const)('a catch-all around everything does not catch %s', async (_, limits, reason) => {
    const done = await host.run({ module: CATCH_ALL_LOOP, limits })
    expect(done).toMatchObject({ exitCode: 137, reason })
  })
  it.each(['read', 'sleep'])(
    'a guest that waits in %s is woken by its timeout',
    async (trouble) => {
      const never = {
        async *[Symbol.asyncIterator]() {
          await new Promise<void>(() => {})
          yield new Uint8Array()
        },
      }
      const done = await hostile(trouble, { timeoutMs: 200 }, { stdin: never })
      expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
    },
  )
  it('is ended by an abort, whose reason is thrown', async () => {
    const controller = new AbortController()
    const run = hostile('spin', {}, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    expect(host.inUse().slots).toBe(0)
  })
  it('runs beside a neighbour that ends', async () => {
    const [spinning, hello] = await Promise.all([
      hostile('spin', { timeoutMs: 1_000 }),
      neighbour(),
    ])
    expect(spinning.exitCode).toBe(137)
    expect(hello.text()).toContain('Hello from bulkhead')
  })
})

describe('a guest that asks for too much', () => {
  it('ends with 134 when its stack is exhausted', async () => {
    const done = await hostile('recursion', {})
    expect(done).toMatchObject({ exitCode: 134, reason: 'trap' })
    expect(done.message).toMatch(/call stack|out of bounds/)
  })
  it('ends with 134 and the trap’s own words for a trap', async () => {
    const done = await hostile('trap', {})
    expect(done).toMatchObject({ exitCode: 134, reason: 'trap', message: 'trap: unreachable' })
  })
  it.each(['term', 'kill'] as const)(
    'is killed over its memory by the policy %s',
    async (policy) => {
      const done = await hostile('grow', { memory: '64m', oomPolicy: policy })
      expect(done).toMatchObject({ exitCode: 137, reason: 'memory', oomKilled: true })
      expect(done.usage.peakMemory).toBeLessThanOrEqual(64 * 2 ** 20)
      expect(done.usage.peakMemory).toBeGreaterThan(60 * 2 ** 20)
    },
  )
  it('is denied more memory by the policy fail, and runs on', async () => {
    const done = await hostile('grow', { memory: '64m', oomPolicy: 'fail' })
    expect(done).toMatchObject({ exitCode: 0, oomKilled: false })
    expect(done.text()).toMatch(/^denied after (9|10)\d\d pages\n$/)
  })
  it('gets EMFILE at its limit of open files, and runs on', async () => {
    const done = await hostile('fds', { openFiles: 20 })
    expect(done).toMatchObject({ exitCode: 0 })
    expect(done.text()).toBe('16 opened, then EMFILE\n')
  })
  it('gets ENOSPC at its limit of disk, to the byte, and runs on', async () => {
    const done = await hostile('disk', { disk: '1m' })
    expect(done).toMatchObject({ exitCode: 0 })
    const [, bytes, error] = /^(\d+) bytes, then (\w+)\n$/.exec(done.text()) ?? []
    expect(error).toBe('ENOSPC')
    expect(Number(bytes)).toBeGreaterThan(2 ** 20 - 2_048)
    expect(Number(bytes)).toBeLessThanOrEqual(2 ** 20)
  })
  it('gets EDQUOT at its limit of inodes, and runs on', async () => {
    const done = await hostile('inodes', { inodes: 50 })
    expect(done).toMatchObject({ exitCode: 0 })
    expect(done.text()).toMatch(/^\d+ files, then EDQUOT\n$/)
  })
})

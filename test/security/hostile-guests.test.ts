import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host, type LimitsSpec } from '../../dist/index.js'

type Group = 'cpu' | 'calls' | 'memory' | 'output' | 'file'

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

const hostile = (group: Group, trouble: string, limits: LimitsSpec, more = {}) =>
  host.run({ module: `guests/build/hostile-${group}.wasm`, args: [trouble], limits, ...more })

describe('a guest that does not end by itself', () => {
  it('is woken from a read that nobody answers', async () => {
    const never = {
      async *[Symbol.asyncIterator]() {
        await new Promise<void>(() => {})
        yield new Uint8Array()
      },
    }
    const done = await hostile('cpu', 'read', { timeoutMs: 200 }, { stdin: never })
    expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
  })
  it('is ended by an abort, whose reason is thrown', async () => {
    const controller = new AbortController()
    const run = hostile('cpu', 'spin', {}, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    expect(host.inUse().slots).toBe(0)
  })
  it('counts its fuel to the end, and no further', async () => {
    const done = await hostile('cpu', 'call-tree', { fuel: 20_000_000n })
    expect(done).toMatchObject({ exitCode: 137, reason: 'fuel' })
    expect(done.usage.fuel).toBeGreaterThanOrEqual(20_000_000n)
    expect(done.usage.fuel).toBeLessThan(21_000_000n)
  })
})

describe('many at once', () => {
  it('50 containers that take all the memory they may stay within the sum of their limits', async () => {
    const limits = { memory: '16m', oomPolicy: 'fail' } as const
    const before = process.memoryUsage.rss()
    const all = await Promise.all(
      Array.from({ length: 50 }, () => hostile('memory', 'grow', limits)),
    )
    for (const done of all) {
      expect(done).toMatchObject({ exitCode: 0 })
      expect(done.usage.peakMemory).toBeLessThanOrEqual(16 * 2 ** 20)
    }
    // Pages that nobody touches are not there: what is there are 50 threads, a few MB each.
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 16 * 2 ** 20)
  })
  it('eight that call the host as fast as they can are all ended, and a neighbour runs', async () => {
    const storms = Array.from({ length: 8 }, () =>
      hostile('calls', 'call-storm', { timeoutMs: 1_000 }),
    )
    const hello = await host.run({ image: 'hello-world' })
    expect(hello.text()).toContain('Hello from bulkhead')
    for (const done of await Promise.all(storms)) {
      expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
    }
  })
})

describe('a flood of output', () => {
  it('is held back by a reader that does not read', async () => {
    let taken = 0
    const reader = (bytes: Uint8Array) => {
      taken += bytes.length
      return new Promise<void>(() => {})
    }
    const controller = new AbortController()
    void hostile('output', 'flood', {}, { stdout: reader, signal: controller.signal })
    // The neighbour's runs are the clock: by their end a guest that is not held back is far ahead.
    for (let at = 0; at < 20; at += 1) await host.run({ image: 'hello-world' })
    expect(taken).toBeLessThanOrEqual(2 * 65_536)
  })
  it('of one GiB is cut at what a captured stream keeps, and the guest runs on to its end', async () => {
    const done = await hostile('output', 'gigabyte', {})
    expect(done).toMatchObject({ exitCode: 0, truncated: true })
    expect(done.stdout.length).toBe(64 * 2 ** 20)
  })
})

describe('what a guest held', () => {
  it('is free again for the next one', async () => {
    for (let round = 0; round < 3; round += 1) {
      const done = await hostile('file', 'fd-flood', { openFiles: 20 })
      expect(done.text()).toBe('16 opened, then EMFILE\nafter one close: SUCCESS\n')
    }
    expect(host.inUse().slots).toBeLessThanOrEqual(1)
  })
})

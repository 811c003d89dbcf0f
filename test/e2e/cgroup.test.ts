import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host, type LimitsSpec, type RunResult } from '../../dist/index.js'

const module = 'guests/build/cgroup.wasm'

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

const run = (limits: LimitsSpec, ...args: readonly string[]) => host.run({ module, args, limits })

/** Starts a guest for each of `limits`; all take their steps together, once the last is ready. */
async function together(
  limits: readonly LimitsSpec[],
  ...steps: readonly string[]
): Promise<{ readonly began: () => Promise<void>; readonly ended: Promise<RunResult[]> }> {
  let ready = 0
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  async function* whenAllAre(): AsyncGenerator<Uint8Array> {
    await gate
    yield new Uint8Array(1)
  }
  const stdout = (): void => {
    ready += 1
    if (ready === limits.length) open()
  }
  const ended = Promise.all(
    limits.map((one) =>
      host.run({ module, args: ['wait', ...steps], limits: one, stdin: whenAllAre(), stdout }),
    ),
  )
  return { began: () => gate, ended }
}

interface ThreadTimes {
  readonly runMs: number
  /** Ready to run, while others had the CPU. */
  readonly delayMs: number
}

/** Every thread of this process, as Linux counts it; none where it is not Linux. */
function threads(): ReadonlyMap<string, ThreadTimes> {
  const tasks = '/proc/self/task'
  if (process.platform !== 'linux') return new Map()
  return new Map(
    readdirSync(tasks).map((tid) => {
      const [run = 0, delay = 0] = readFileSync(join(tasks, tid, 'schedstat'), 'latin1')
        .split(' ')
        .map((ns) => Number(ns) / 1e6)
      return [tid, { runMs: run, delayMs: delay }]
    }),
  )
}

/** What the busiest thread, but for the main one, did between the two. */
function busiest(
  before: ReadonlyMap<string, ThreadTimes>,
  after: ReadonlyMap<string, ThreadTimes>,
): ThreadTimes | undefined {
  return [...after]
    .filter(([tid]) => tid !== String(process.pid))
    .map(([tid, { runMs, delayMs }]) => ({
      runMs: runMs - (before.get(tid)?.runMs ?? 0),
      delayMs: delayMs - (before.get(tid)?.delayMs ?? 0),
    }))
    .sort((one, two) => two.runMs - one.runMs)[0]
}

describe('cpus', () => {
  it('0.25 leave a spinning guest a quarter of one core, by the CPU time of its thread', async () => {
    const { began, ended } = await together([{ cpus: 0.25 }], 'spin:4000', 'show')
    await began()
    const [before, from] = [threads(), performance.now()]
    const [done] = await ended
    const wallMs = performance.now() - from
    const used = busiest(before, threads()) ?? { runMs: done?.usage.cpuMs ?? 0, delayMs: 0 }
    expect(used.runMs / wallMs).toBeLessThan((0.25 * 4) / 3)
    // On a crowded machine it may not get what it is allowed: then it was ready, and had to wait.
    expect((used.runMs + used.delayMs) / wallMs).toBeGreaterThan((0.25 * 2) / 3)
  })
  it('are told by cpu.max, and what they did by cpu.stat', async () => {
    const done = await run({ cpuQuota: 1_000, cpuPeriod: 20_000 }, 'spin:1000', 'show')
    const text = done.text()
    const figure = (name: string): number => Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1])
    expect(text).toContain('cpu.max: 1000 20000\n')
    expect(figure('nr_throttled')).toBeGreaterThan(0)
    expect(figure('nr_periods')).toBeGreaterThanOrEqual(figure('nr_throttled'))
    expect(figure('throttled_usec')).toBeGreaterThan(0)
    expect(figure('usage_usec')).toBe(figure('user_usec') + figure('system_usec'))
    expect(figure('usage_usec') / 1_000).toBeLessThanOrEqual(done.usage.cpuMs)
  })
  it('hold a guest that stays killable', async () => {
    const limits = { cpuQuota: 1_000, cpuPeriod: 1_000_000, timeoutMs: 300 }
    const done = await run(limits, 'spin')
    expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
    // A worker that had to be ended by force reports no usage.
    expect(done.usage.fuel).toBeGreaterThan(0n)
  })
})

describe('cpu shares', () => {
  it('of 1024 and 512 divide the CPUs two to one, within 15 %', async () => {
    const shares = [1_024, 1_024, 512, 512].map((cpuShares) => ({ cpuShares }))
    const { ended } = await together(shares, 'spin:5000')
    const [a = 0, b = 0, c = 0, d = 0] = (await ended).map(({ usage }) => usage.cpuMs)
    expect((a + b) / (c + d)).toBeGreaterThan(2 * 0.85)
    expect((a + b) / (c + d)).toBeLessThan(2 * 1.15)
  })
  it('are told by cpu.weight, as docker maps them', async () => {
    expect((await run({ cpuShares: 512 }, 'show')).text()).toContain('cpu.weight: 59\n')
    expect((await run({}, 'show')).text()).toContain('cpu.weight: 100\n')
  })
  it('leave a guest killable that waits for its turn', async () => {
    const heavy = { cpuShares: 262_144, timeoutMs: 1_500 }
    const light = { cpuShares: 2, timeoutMs: 500 }
    const { ended } = await together([heavy, heavy, heavy, light], 'spin')
    for (const done of await ended) {
      expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
      expect(done.usage.fuel).toBeGreaterThan(0n)
    }
  })
})

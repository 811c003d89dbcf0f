import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
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

/** Holds `count` runs, each of which says something and then reads, until the last is ready. */
function gateOf(count: number) {
  let ready = 0
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  async function* whenAllAre(): AsyncGenerator<Uint8Array> {
    await gate
    yield Buffer.from('\n')
  }
  const stdout = (): void => {
    ready += 1
    if (ready === count) open()
  }
  return { began: () => gate, ports: () => ({ stdin: whenAllAre(), stdout }) }
}

/** Starts a guest for each of `limits`; all take their steps together, once the last is ready. */
async function together(
  limits: readonly LimitsSpec[],
  ...steps: readonly string[]
): Promise<{ readonly began: () => Promise<void>; readonly ended: Promise<RunResult[]> }> {
  const gate = gateOf(limits.length)
  const ended = Promise.all(
    limits.map((one) =>
      host.run({ module, args: ['wait', ...steps], limits: one, ...gate.ports() }),
    ),
  )
  return { began: gate.began, ended }
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
  it.each([
    ['one that spins', 'while :; do :; done'],
    ['two that spin', 'while :; do :; done & while :; do :; done & wait'],
    ['short ones without end', 'while :; do /bin/true; done'],
    ['those that keep their kernel busy', 'while :; do ls -lR /etc >/dev/null; done'],
  ])('are for all processes of a container together: %s', async (_, script) => {
    const limits = { cpuQuota: 10_000, cpuPeriod: 100_000, timeoutMs: 3_000 }
    const { usage } = await host.run({ image: 'base', cmd: ['sh', '-c', script], limits })
    // On a crowded machine it is less. Before the first period there is a whole quota in store.
    expect(usage.cpuMs / usage.wallMs).toBeLessThan(0.15)
    expect(usage.cpuMs).toBeGreaterThan(0)
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
  it('are a container’s: eight processes get no more than one', async () => {
    const script = (count: number) =>
      `echo ready; read go; ${'while :; do :; done &'.repeat(count)} wait`
    // One container more than there are CPUs: none is due more than one of them.
    const counts = [8, ...Array.from({ length: availableParallelism() }, () => 1)]
    const gate = gateOf(counts.length)
    const limits = { timeoutMs: 8_000 }
    const ended = counts.map((count) =>
      host.run({ image: 'base', cmd: ['sh', '-c', script(count)], limits, ...gate.ports() }),
    )
    const [tree = 0, ...others] = (await Promise.all(ended)).map(({ usage }) => usage.cpuMs)
    const mean = others.reduce((sum, one) => sum + one, 0) / others.length
    // By processes it would be eight.
    expect(tree / mean).toBeGreaterThan(0.6)
    expect(tree / mean).toBeLessThan(1.7)
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

describe('memory', () => {
  it('that a guest grows over its limit is denied by the policy fail, and counted', async () => {
    const done = await run({ memory: '8m', oomPolicy: 'fail' }, 'grow', 'show')
    expect(done).toMatchObject({ exitCode: 0, oomKilled: false })
    const text = done.text()
    expect(text).toContain('memory.max: 8388608\n')
    expect(text).toContain('memory.events: low 0\nhigh 0\nmax 1\noom 0\noom_kill 0\n')
    const [, current] = /memory\.current: (\d+)/.exec(text) ?? []
    expect(Number(current)).toBeGreaterThan(8_388_608 - 65_536)
    expect(text).toContain(`memory.peak: ${current}\n`)
  })
  it.each(['/tmp/big', '/mnt/big'])('that files take is the same memory: %s', async (path) => {
    const done = await host.run({
      module,
      args: [`fill:${path}`, 'show'],
      limits: { memory: '8m', oomPolicy: 'kill' },
      mounts: [{ type: 'tmpfs', target: '/mnt' }],
    })
    // Files kill nobody.
    expect(done).toMatchObject({ exitCode: 0, oomKilled: false })
    const [, bytes] = /filled (\d+) bytes, then ENOSPC\n/.exec(done.text()) ?? []
    expect(Number(bytes)).toBeGreaterThan(6 * 2 ** 20)
    expect(Number(bytes)).toBeLessThan(8 * 2 ** 20)
    expect(done.text()).toMatch(/memory\.events: low 0\nhigh 0\nmax [1-9]\d*\noom 0\n/)
  })
})

describe('file I/O', () => {
  /** MB per second of the guest's own blocks, over three seconds. */
  const rate = (text: string): number => Number(/(?:wrote|read) (\d+) bytes/.exec(text)?.[1]) / 3e6

  it.each([
    ['writes to the writable layer', 'write', '/tmp/file', { writeBps: 10_000_000 }],
    ['reads from it', 'read', '/tmp/file', { readBps: 10_000_000 }],
    ['writes to a bind', 'write', '/mnt/file', { writeBps: 10_000_000 }],
    ['writes by number', 'write', '/tmp/file', { writeIops: 153 }],
  ] as const)('%s: 10 MB per second, within 15 %%', async (_, verb, path, limits) => {
    const done = await host.run({
      module,
      args: [`${verb}:${path}:65536:3000`, 'show'],
      limits,
      files: { '/tmp/file': new Uint8Array(65_536) },
      mounts: [{ type: 'bind', source: directory, target: '/mnt' }],
    })
    expect(rate(done.text())).toBeGreaterThan(8.5)
    expect(rate(done.text())).toBeLessThan(11.5)
    const told = { rbps: 'max', wbps: 'max', riops: 'max', wiops: 'max' }
    if ('writeBps' in limits) told.wbps = '10000000'
    if ('readBps' in limits) told.rbps = '10000000'
    if ('writeIops' in limits) told.wiops = '153'
    const words = Object.entries(told).map(([name, value]) => `${name}=${value}`)
    expect(done.text()).toContain(`io.max: 0:0 ${words.join(' ')}\n`)
    const bytes = /(?:wrote|read) (\d+) bytes/.exec(done.text())?.[1]
    expect(done.text()).toContain(`${verb === 'read' ? 'r' : 'w'}bytes=${bytes} `)
  })
  it('over its rate leaves a guest killable', async () => {
    const limits = { writeBps: 1, timeoutMs: 500 }
    const done = await run(limits, 'write:/tmp/file:65536:60000')
    expect(done).toMatchObject({ exitCode: 137, reason: 'timeout' })
    expect(done.usage.fuel).toBeGreaterThan(0n)
  })
  it('does not hold what is no file: output, and what the kernel makes up', async () => {
    const slow = { readBps: 1, writeBps: 1, readIops: 1, writeIops: 1, timeoutMs: 30_000 }
    const done = await run(slow, 'show', 'show')
    expect(done).toMatchObject({ exitCode: 0, reason: 'exit' })
    expect(done.text()).toContain('io.stat: 0:0 rbytes=0 wbytes=0 rios=0 wios=0')
  })
})

describe('processes and ulimits', () => {
  it('are told by pids.max and its files', async () => {
    const text = (await run({ pids: 7 }, 'show')).text()
    expect(text).toContain('pids.current: 1\npids.events: max 0\npids.max: 7\npids.peak: 1\n')
  })
  it('end a file at fsize with EFBIG, and descriptors at nofile with EMFILE', async () => {
    const done = await run({ fileSize: 100_000, openFiles: 10 }, 'fill:/tmp/big', 'open')
    expect(done.text()).toBe('filled 100000 bytes, then EFBIG\nopened 5, then EMFILE\n')
  })
})

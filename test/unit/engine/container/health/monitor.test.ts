import { afterEach, describe, expect, it, vi } from 'vitest'
import { EngineError } from '../../../../../src/contract/errors.ts'
import type { HealthConfig } from '../../../../../src/engine/container/root-source.ts'
import { deferred } from '../../../../../src/std/deferred.ts'
import { type ExecEngine, execEngine } from '../../../../support/exec-engine.ts'

const S = 1_000_000_000
const CHECK: HealthConfig = { Test: ['CMD', 'x', 'ping'], Interval: 10 * S, Timeout: 3 * S }

const open: ExecEngine[] = []
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.close()
})
async function engineOf(
  healthcheck: HealthConfig | undefined,
  programs?: readonly string[],
): Promise<ExecEngine> {
  const engine = await execEngine({
    spec: { spec: healthcheck ? { healthcheck } : {} },
    ...(programs && { programs }),
  })
  open.push(engine)
  return engine
}

const statusOf = ({ container }: ExecEngine) => container.record.health?.status
const logOf = ({ container }: ExecEngine) =>
  container.record.health?.log.map(({ exitCode, output }) => [exitCode, output])
const changesOf = (engine: ExecEngine) =>
  engine.events().filter((action) => action.startsWith('health_status'))

/** Lets the next probe begin after `ms`, and end. */
async function probed(engine: ExecEngine, ms: number, exitCode: number): Promise<void> {
  const before = engine.execs.length
  await engine.time.pass(ms)
  expect(engine.execs).toHaveLength(before + 1)
  engine.execs.at(-1)?.end(exitCode)
  await engine.time.pass(0)
}

describe('the health of a container', () => {
  it.each([
    ['no check', undefined],
    ['NONE', { Test: ['NONE'] }],
    ['an empty test', { Test: [], Interval: 10 * S }],
    ['a kind nobody knows', { Test: ['PING'] }],
  ])('is nobody’s business with %s', async (_, healthcheck) => {
    const engine = await engineOf(healthcheck)
    await engine.time.pass(3_600_000)
    expect([engine.container.record.health, engine.execs, engine.time.due()]).toEqual([
      undefined,
      [],
      [],
    ])
  })
  it('is looked at one interval after the start, and one after the end of each probe', async () => {
    const engine = await engineOf(CHECK)
    expect(statusOf(engine)).toBe('starting')
    await engine.time.pass(9_999)
    expect(engine.execs).toEqual([])
    await engine.time.pass(1)
    expect(engine.execs[0]?.job.exec.args).toEqual(['x', 'ping'])
    await engine.time.pass(2_000)
    engine.execs[0]?.end(0)
    await engine.time.pass(0)
    expect([statusOf(engine), engine.time.due()]).toEqual(['healthy', [10_000]])
    const [probe] = engine.container.record.health?.log ?? []
    expect([probe?.start, probe?.end]).toEqual([new Date(10_000), new Date(12_000)])
  })
  it('is told of when it changes, and only then, after all events of the probe', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 2 })
    for (const code of [0, 0, 1, 1, 1, 0]) await probed(engine, 10_000, code)
    expect(changesOf(engine)).toEqual([
      'health_status: healthy',
      'health_status: unhealthy',
      'health_status: healthy',
    ])
    expect(engine.events().slice(0, 5)).toEqual([
      'start',
      'exec_create: x ping',
      'exec_start: x ping',
      expect.stringMatching(/^exec_die 0 /),
      'health_status: healthy',
    ])
  })
  it('is not lost while a container may take its time, and is looked at more often then', async () => {
    const engine = await engineOf({
      ...CHECK,
      StartPeriod: 9 * S,
      StartInterval: 2 * S,
      Retries: 1,
    })
    for (const _ of [1, 2, 3, 4]) await probed(engine, 2_000, 1)
    expect(engine.container.record.health).toMatchObject({ status: 'starting', failingStreak: 0 })
    // The next pause begins inside the period, its probe after it.
    await probed(engine, 2_000, 1)
    expect(statusOf(engine)).toBe('unhealthy')
    expect(engine.time.due()).toEqual([10_000])
  })
  it('counts failures of what was well once, also while it may take its time', async () => {
    const engine = await engineOf({
      ...CHECK,
      StartPeriod: 90 * S,
      StartInterval: 2 * S,
      Retries: 1,
    })
    await probed(engine, 2_000, 0)
    expect(engine.time.due()).toEqual([10_000])
    await probed(engine, 10_000, 1)
    expect(statusOf(engine)).toBe('unhealthy')
  })
  it('has Docker’s times where nothing is said', async () => {
    const engine = await engineOf({ Test: ['CMD', 'x'] })
    for (const status of ['starting', 'starting', 'unhealthy']) {
      await probed(engine, 30_000, 1)
      expect(statusOf(engine)).toBe(status)
    }
    await engine.time.pass(30_000)
    expect(engine.time.due()).toEqual([30_000])
    await engine.time.pass(30_000)
    expect(logOf(engine)?.at(-1)).toEqual([-1, 'Health check exceeded timeout (30s)'])
  })
})

describe('a probe', () => {
  it('runs a line in the shell', async () => {
    const engine = await engineOf({ ...CHECK, Test: ['CMD-SHELL', 'test -f /ok'] })
    await probed(engine, 10_000, 0)
    expect(engine.execs[0]?.job.exec.args).toEqual(['/bin/sh', '-c', 'test -f /ok'])
  })
  it('runs a line, and what follows it, in the container’s own shell', async () => {
    const healthcheck = { ...CHECK, Test: ['CMD-SHELL', 'test -f /ok', 'more'] }
    const spec = { healthcheck, shell: ['/bin/own', '-e', '-c'] }
    const engine = await execEngine({ spec: { spec }, programs: ['/bin/x', '/bin/own'] })
    open.push(engine)
    await probed(engine, 10_000, 0)
    const args = ['/bin/own', '-e', '-c', 'test -f /ok', 'more']
    expect(engine.execs[0]?.job.exec.args).toEqual(args)
  })
  it('that cannot run counts as failed, and the log says why', async () => {
    const engine = await engineOf({ ...CHECK, Test: ['CMD-SHELL', 'true'], Retries: 2 }, ['/bin/x'])
    await engine.time.pass(20_000)
    expect(statusOf(engine)).toBe('unhealthy')
    expect(logOf(engine)).toEqual(
      Array.from({ length: 2 }, () => [
        -1,
        'OCI runtime exec failed: exec failed: unable to start container process: ' +
          'exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
      ]),
    )
    expect(engine.reports).toEqual([])
  })
  it('that the cell refuses later counts as failed', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 1 })
    await engine.time.pass(10_000)
    engine.execs[0]?.refuse(new EngineError('NO_FREE_SLOT', 'no slot is free'))
    await engine.time.pass(0)
    expect([statusOf(engine), logOf(engine)]).toEqual(['unhealthy', [[-1, 'no slot is free']]])
  })
  it.each([
    ['nothing', [], 'Health check exceeded timeout (3s)'],
    ['something', ['some', 'thing'], 'Health check exceeded timeout (3s): something'],
  ])('is killed after its timeout, and what it said is kept: %s', async (_, said, output) => {
    const engine = await engineOf({ ...CHECK, Retries: 1 })
    await engine.time.pass(10_000)
    const [probe] = engine.execs
    for (const text of said) await probe?.job.stdout(Buffer.from(text))
    await engine.time.pass(2_999)
    expect(probe?.kills).toEqual([])
    await engine.time.pass(1)
    expect([probe?.kills, statusOf(engine), logOf(engine)]).toEqual([
      ['timeout'],
      'unhealthy',
      [[-1, output]],
    ])
  })
  it('has its time from its start on, however long that takes', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 1 })
    const ready = deferred<void>()
    engine.hold = ready.promise
    await engine.time.pass(10_000)
    await engine.time.pass(29_999)
    expect(engine.execs).toEqual([])
    ready.resolve()
    await engine.time.pass(0)
    await engine.time.pass(2_999)
    expect([engine.execs[0]?.kills, logOf(engine)]).toEqual([[], []])
    await engine.time.pass(1)
    expect([engine.execs[0]?.kills, logOf(engine)]).toEqual([
      ['timeout'],
      [[-1, 'Health check exceeded timeout (3s)']],
    ])
  })
  it('that has not started in 30 s counts as failed, and is killed when it does', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 1 })
    const ready = deferred<void>()
    engine.hold = ready.promise
    await engine.time.pass(10_000)
    await engine.time.pass(30_000)
    const text = `timed out starting health check for container ${engine.container.id}`
    expect([statusOf(engine), logOf(engine)]).toEqual(['unhealthy', [[-1, text]]])
    ready.resolve()
    await engine.time.pass(0)
    expect([engine.execs[0]?.kills, engine.reports]).toEqual([['killed'], []])
  })
  it.each([
    [4_096, 'x'.repeat(4_096)],
    [4_097, `${'x'.repeat(4_096)}...`],
    [1_000_000, `${'x'.repeat(4_096)}...`],
  ])('says %i bytes, of which the first 4096 are kept', async (length, output) => {
    const engine = await engineOf(CHECK)
    await engine.time.pass(10_000)
    const [probe] = engine.execs
    await probe?.job.stdout(Buffer.from('x'.repeat(length - 1)))
    await probe?.job.stderr(Buffer.from('x'))
    probe?.end(0)
    await engine.time.pass(0)
    expect(logOf(engine)).toEqual([[0, output]])
  })
})

describe('what is known of the health of a container', () => {
  const stored = async ({ parts }: ExecEngine) => (await parts.store.all())[0]?.health
  it('is stored when its status changes, and what probes found with whatever comes next', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 2 })
    expect(await stored(engine)).toEqual({ status: 'starting', failingStreak: 0, log: [] })
    await probed(engine, 10_000, 0)
    expect(await stored(engine)).toEqual(engine.container.record.health)
    await probed(engine, 10_000, 1)
    expect(engine.container.record.health).toMatchObject({ status: 'healthy', failingStreak: 1 })
    expect(await stored(engine)).toMatchObject({ status: 'healthy', failingStreak: 0 })
    await engine.verbs.update(engine.container, {})
    expect(await stored(engine)).toEqual(engine.container.record.health)
    await probed(engine, 10_000, 1)
    expect(await stored(engine)).toMatchObject({ status: 'unhealthy', failingStreak: 2 })
    await probed(engine, 10_000, 1)
    await engine.end(0)
    const last = await stored(engine)
    expect([last?.status, last?.failingStreak, last?.log.length]).toEqual(['unhealthy', 3, 4])
  })
  it('is stored before it is told', async () => {
    const engine = await engineOf(CHECK)
    const told: unknown[] = []
    engine.parts.events.subscribe(({ action }) => {
      if (!action.startsWith('health_status')) return
      told.push(stored(engine))
    })
    await probed(engine, 10_000, 0)
    expect(await Promise.all(told)).toMatchObject([{ status: 'healthy' }])
  })
  it('is changed in the container’s turn: a change of another kind loses nothing of it', async () => {
    const engine = await engineOf(CHECK)
    const { put } = engine.parts.store
    const held = deferred<void>()
    vi.spyOn(engine.parts.store, 'put').mockImplementationOnce(async (record) => {
      await held.promise
      await put(record)
    })
    const renamed = engine.verbs.rename(engine.container, 'renamed')
    await probed(engine, 10_000, 0)
    expect(statusOf(engine)).toBe('starting')
    held.resolve()
    await renamed
    await engine.time.pass(0)
    expect(engine.container.record).toMatchObject({
      name: 'renamed',
      health: { status: 'healthy' },
    })
    expect(await engine.parts.store.all()).toEqual([engine.container.record])
  })
  it('goes on where it cannot be stored, and that is reported', async () => {
    const engine = await engineOf(CHECK)
    vi.spyOn(engine.parts.store, 'put').mockRejectedValueOnce(new Error('disk full'))
    await probed(engine, 10_000, 0)
    expect([statusOf(engine), changesOf(engine)]).toEqual(['healthy', ['health_status: healthy']])
    expect(engine.reports).toEqual([expect.objectContaining({ message: 'disk full' })])
    await probed(engine, 10_000, 0)
  })
})

describe('nobody looks at a container', () => {
  it('that is paused: its probe is killed, and it counts as unhealthy until the next good one', async () => {
    const engine = await engineOf(CHECK)
    await probed(engine, 10_000, 0)
    await engine.time.pass(10_000)
    await engine.verbs.pause(engine.container)
    await engine.time.pass(3_600_000)
    expect([engine.execs[1]?.kills, statusOf(engine), engine.execs.length]).toEqual([
      ['killed'],
      'unhealthy',
      2,
    ])
    expect(changesOf(engine)).toEqual(['health_status: healthy'])
    expect(logOf(engine)).toHaveLength(1)
    await engine.verbs.unpause(engine.container)
    await probed(engine, 10_000, 0)
    expect(changesOf(engine)).toEqual(['health_status: healthy', 'health_status: healthy'])
  })
  it('that has ended, until it is started again', async () => {
    const engine = await engineOf(CHECK)
    await probed(engine, 10_000, 0)
    await engine.end(0)
    await engine.time.pass(3_600_000)
    expect([statusOf(engine), engine.execs.length, engine.time.due()]).toEqual(['unhealthy', 1, []])
    await engine.verbs.start(engine.container)
    expect(engine.container.record.health).toMatchObject({ status: 'starting', failingStreak: 0 })
    await probed(engine, 10_000, 0)
    expect(statusOf(engine)).toBe('healthy')
  })
  it('whose end comes while a probe is under way: the probe ends with it and counts not', async () => {
    const engine = await engineOf({ ...CHECK, Retries: 1 })
    await engine.time.pass(10_000)
    await engine.end(0)
    await engine.time.pass(3_600_000)
    expect([logOf(engine), changesOf(engine), engine.time.due()]).toEqual([[], [], []])
  })
})

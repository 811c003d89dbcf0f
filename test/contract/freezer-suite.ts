import { describe, expect, it } from 'vitest'
import type { Cell, CellProcess, ProcessStats } from '../../src/contract/cell.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import { HOSTILE_CPU, HOSTILE_OUTPUT, type JobSpec, jobOf, never } from '../support/cell-jobs.ts'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}
const statsOf = async (process: CellProcess): Promise<Partial<ProcessStats>> =>
  (await process.stats()) ?? {}

/** An input that gives one piece when it is told to, and ends. */
function oneLater(text: string) {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  async function* pieces() {
    await given
    yield Buffer.from(text)
  }
  return { input: pieces(), give }
}

interface Run extends Omit<JobSpec, 'stderr' | 'stdout'> {
  readonly limits?: Partial<Limits>
}

/** How a process comes to where it is paused. Each would run for ever. */
const PLACES: readonly (readonly [string, Run, (process: CellProcess) => Promise<void>])[] = [
  [
    'computes',
    { module: CATCH_ALL_LOOP },
    (one) => until(async () => ((await statsOf(one)).safepoints ?? 0) > 2),
  ],
  [
    'waits in a read',
    { args: ['copy'], stdin: never().input },
    (one) => until(async () => (await statsOf(one)).state === 'blocked'),
  ],
  [
    'waits in poll',
    { args: ['poll'], stdin: never().input },
    (one) => until(async () => (await statsOf(one)).state === 'blocked'),
  ],
  [
    'is held by its quota',
    { args: ['spin'], limits: { cpuQuota: 1_000, cpuPeriod: 1_000_000 } },
    (one) => until(async () => (await statsOf(one)).state === 'blocked'),
  ],
  ['writes to whom it can', { module: HOSTILE_OUTPUT, args: ['flood'] }, async () => {}],
  ['has just been started', { module: HOSTILE_CPU, args: ['spin'] }, async () => {}],
]

/** Pause, unpause and limits that change, of every cell. */
export function freezerSuite(name: string, cellOf: () => Cell): void {
  async function begin({ limits, guest, ...run }: Run) {
    const cell = cellOf()
    const written = { text: '' }
    const job = await jobOf(cell, {
      ...run,
      stdout: (bytes) => {
        written.text += Buffer.from(bytes).toString('latin1')
      },
      guest: { limits: { ...DEFAULT_LIMITS, ...limits }, ...guest },
    })
    return { process: cell.start(job), written }
  }
  /** A neighbour's whole run: time in which a process that may run does. */
  async function neighbour(): Promise<void> {
    const { process, written } = await begin({ args: ['pattern', '1000000'] })
    expect((await process.ended).exitCode).toBe(0)
    expect(written.text).toHaveLength(1_000_000)
  }
  /** It stands still: whatever it counts stays as it is while others run. */
  async function standsStill(process: CellProcess): Promise<void> {
    await until(async () => (await statsOf(process)).state === 'paused')
    const before = await process.stats()
    await neighbour()
    expect(await process.stats()).toEqual(before)
  }
  async function end(process: CellProcess, reason: 'killed' | 'timeout' = 'killed') {
    process.kill(reason)
    expect(await process.ended).toMatchObject({ exitCode: 137, reason })
    expect(cellOf().inUse().slots).toBe(0)
  }

  describe.each(PLACES)(`${name}: a process that %s`, (_, run, comesThere) => {
    it('stands still when it is paused, and goes on when it is let go', async () => {
      const { process } = await begin(run)
      await comesThere(process)
      await process.pause()
      await standsStill(process)
      process.unpause()
      await until(async () => (await statsOf(process)).state !== 'paused')
      await end(process)
    })
    it.each(['killed', 'timeout'] as const)('and is paused ends by a kill: %s', async (reason) => {
      const { process } = await begin(run)
      await comesThere(process)
      await process.pause()
      await end(process, reason)
    })
    it('ends by a kill that comes together with a pause and an unpause', async () => {
      const { process } = await begin(run)
      await comesThere(process)
      const still = process.pause()
      process.unpause()
      const again = process.pause()
      await end(process)
      await Promise.all([still, again])
    })
    it('stands still when it is paused twice, and once let go goes on', async () => {
      const { process } = await begin(run)
      await comesThere(process)
      await Promise.all([process.pause(), process.pause()])
      await standsStill(process)
      process.unpause()
      await until(async () => (await statsOf(process)).state !== 'paused')
      await process.pause()
      await standsStill(process)
      await end(process)
    })
  })

  describe(`${name}: a paused process`, () => {
    it('finds what came meanwhile when it is let go, and not before', async () => {
      const { input, give } = oneLater('late')
      const { process, written } = await begin({ args: ['copy'], stdin: input })
      await until(async () => (await statsOf(process)).state === 'blocked')
      await process.pause()
      give()
      await standsStill(process)
      expect(written.text).toBe('')
      process.unpause()
      expect((await process.ended).exitCode).toBe(0)
      expect(written.text).toBe('late')
    })
    it('that has ended is paused and let go without effect', async () => {
      const { process } = await begin({ args: ['both'] })
      await process.ended
      await process.pause()
      process.unpause()
      process.update({ memory: 1 })
      // Whoever sits there next is not paused.
      await neighbour()
    })
    it('takes new limits, and stays paused', async () => {
      const { process } = await begin({ module: CATCH_ALL_LOOP })
      await until(async () => ((await statsOf(process)).safepoints ?? 0) > 2)
      await process.pause()
      process.update({ memory: 2 ** 27 })
      await until(async () => (await statsOf(process)).memoryLimit === 2 ** 27)
      await standsStill(process)
      await end(process)
    })
  })

  describe(`${name}: limits that change`, () => {
    it.each([
      ['while it computes', { module: CATCH_ALL_LOOP }],
      ['while it waits', { args: ['copy'], stdin: never().input }],
      ['before it has a thread', { args: ['spin'] }],
    ])('hold from its next safepoint on: %s', async (when, run) => {
      const { process } = await begin(run)
      if (!when.startsWith('before'))
        await until(async () => ((await statsOf(process)).syscalls ?? -1) >= 0)
      process.update({ memory: 2 ** 26 })
      process.update({ pids: 3 })
      await until(async () => (await statsOf(process)).memoryLimit === 2 ** 26)
      await end(process)
    })
    it('free one that was held by its quota', async () => {
      const limits = { cpuQuota: 1_000, cpuPeriod: 1_000_000 }
      const { process } = await begin({ args: ['spin'], limits })
      await until(async () => (await statsOf(process)).state === 'blocked')
      process.update({ cpuQuota: undefined })
      await until(async () => (await statsOf(process)).state === 'running')
      const { safepoints = 0 } = await statsOf(process)
      await until(async () => ((await statsOf(process)).safepoints ?? 0) > safepoints + 20)
      await end(process)
    })
  })
}

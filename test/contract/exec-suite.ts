import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellProcess, ExecProcess, ProcessStats } from '../../src/contract/cell.ts'
import type { ExecSpec } from '../../src/contract/guest-spec.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import {
  HOSTILE_CPU,
  HOSTILE_MEMORY,
  HOSTILE_OUTPUT,
  type JobSpec,
  jobOf,
  never,
} from '../support/cell-jobs.ts'
import { leadersOfSuite } from '../support/leaders.ts'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'
import type { OpenCell } from './cell-suite.ts'

const TREE = 'guests/build/tree.wasm'
const HELLO = 'guests/build/hello-world.wasm'
const SLOTS = 20

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}
const statsOf = async (process: CellProcess | ExecProcess): Promise<Partial<ProcessStats>> =>
  (await process.stats()) ?? {}
const isBlocked = (process: CellProcess | ExecProcess) => () =>
  until(async () => (await statsOf(process)).state === 'blocked')
const runs = (process: CellProcess | ExecProcess) => () =>
  until(async () => ((await statsOf(process)).safepoints ?? 0) > 2)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Run extends Omit<JobSpec, 'stderr' | 'stdout'> {
  readonly limits?: Partial<Limits>
}
interface Exec extends Omit<JobSpec, 'guest' | 'stderr' | 'stdout'> {
  readonly spec?: Partial<ExecSpec>
}

/** Bytes given piece by piece, as somebody says. */
function giver() {
  const pieces: (Uint8Array | undefined)[] = []
  let wake = (): void => {}
  async function* input() {
    for (;;) {
      const piece = pieces.shift()
      if (piece !== undefined) yield piece
      else if (pieces.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else return
    }
  }
  return {
    input: input(),
    give: (text: string) => {
      pieces.push(Buffer.from(text))
      wake()
    },
  }
}

/** What PID 1 does meanwhile. Each would go on for ever. */
const LEADERS: readonly (readonly [string, Run])[] = [
  ['waits for input', { args: ['copy'], stdin: never().input }],
  ['waits in poll', { args: ['poll'], stdin: never().input }],
  ['computes', { module: CATCH_ALL_LOOP }],
  ['writes to whom it can', { module: HOSTILE_OUTPUT, args: ['flood'] }],
  ['is held by its quota', { args: ['spin'], limits: { cpuQuota: 1_000, cpuPeriod: 1_000_000 } }],
]

/** What a process beside it does when somebody ends it. */
const PLACES: readonly (readonly [string, Exec, (one: ExecProcess) => Promise<void>])[] = [
  ['computes', { module: CATCH_ALL_LOOP }, (one) => runs(one)()],
  ['waits for input', { args: ['copy'], stdin: never().input }, (one) => isBlocked(one)()],
  ['waits in poll', { args: ['poll'], stdin: never().input }, (one) => isBlocked(one)()],
  ['floods its output', { module: HOSTILE_OUTPUT, args: ['flood'] }, (one) => runs(one)()],
  ['has just been started', { args: ['spin'] }, async () => {}],
]

/** One whose container ended: it was killed, or had not begun. */
async function expectGone(one: ExecProcess): Promise<void> {
  const end = await one.ended.catch(({ code }) => ({ exitCode: 137, reason: code as string }))
  expect(end.exitCode).toBe(137)
  expect(['killed', 'PROCESS_GONE']).toContain(end.reason)
}

/** Processes beside PID 1, of every cell. */
export function execSuite(name: string, open: OpenCell): void {
  let dataDirectory = ''
  let cell: Cell
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'exec-suite-'))
    cell = open({ dataDirectory, slots: SLOTS, faulty: true })
  })
  const leaders = leadersOfSuite()
  afterAll(async () => {
    await cell[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
  })

  async function begin({ limits, guest, ...run }: Run) {
    const written = { text: '' }
    const job = await jobOf(cell, {
      ...run,
      stdout: (bytes) => {
        written.text += Buffer.from(bytes).toString('latin1')
      },
      guest: { limits: { ...DEFAULT_LIMITS, ...limits }, ...guest },
    })
    const process = cell.start(job)
    leaders.push(process)
    return { process, written }
  }
  async function jobBeside({ spec, ...exec }: Exec) {
    const written = { stdout: '', stderr: '' }
    const keep = (stream: keyof typeof written) => (bytes: Uint8Array) => {
      written[stream] += Buffer.from(bytes).toString('latin1')
    }
    const { module, stdin, guest } = await jobOf(cell, exec)
    const { args, environment, workingDirectory, user } = guest
    const job = {
      module,
      exec: { args, environment, workingDirectory, user, terminal: undefined, ...spec },
      stdin,
      stdout: keep('stdout'),
      stderr: keep('stderr'),
    }
    return { job, written }
  }
  async function beside(leader: CellProcess, exec: Exec) {
    const { job, written } = await jobBeside(exec)
    return { process: leader.exec(job), written }
  }
  async function ran(leader: CellProcess, exec: Exec) {
    const { process, written } = await beside(leader, exec)
    return { ...(await process.ended), ...written }
  }
  const sleeper = () => begin({ args: ['copy'], stdin: never().input })
  async function endAll(leader: CellProcess): Promise<void> {
    leader.kill('killed')
    expect(await leader.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
    await until(async () => cell.inUse().slots === 0)
  }

  describe.each(LEADERS)(`${name}: beside a PID 1 that %s`, (_, leader) => {
    it('a process runs, writes to its own streams, and ends with its own code', async () => {
      const { process } = await begin(leader)
      const one = await ran(process, { args: ['both'] })
      expect(one).toMatchObject({ exitCode: 7, reason: 'exit', stdout: 'out\n', stderr: 'err\n' })
      expect(one.usage.syscalls).toBeGreaterThan(1)
      expect(one.usage.fuel).toBeGreaterThan(100n)
      await endAll(process)
    })
    it('hello runs again and again', async () => {
      const { process } = await begin(leader)
      for (let turn = 0; turn < 3; turn += 1) {
        const { exitCode, stdout } = await ran(process, { module: HELLO })
        expect([exitCode, stdout.includes('Hello from bulkhead!')]).toEqual([0, true])
      }
      await endAll(process)
    })
  })

  describe(`${name}: the streams of a process beside PID 1`, () => {
    it('carry 3 MB in and out as they are', async () => {
      const { process } = await sleeper()
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_v, i) => (i * 31) ^ (i >>> 8))
      const { exitCode, stdout } = await ran(process, { args: ['copy'], stdin: bytes })
      expect(exitCode).toBe(0)
      expect(sha256(Buffer.from(stdout, 'latin1'))).toBe(sha256(bytes))
      await endAll(process)
    })
    it('are at their end when there is no input', async () => {
      const { process } = await sleeper()
      expect(await ran(process, { args: ['copy'] })).toMatchObject({ exitCode: 0, stdout: '' })
      await endAll(process)
    })
    it('end with their input, whenever it comes', async () => {
      const { process } = await sleeper()
      const late = async function* () {
        yield Buffer.from('one ')
        await new Promise((resolve) => setImmediate(resolve))
        yield Buffer.from('two')
      }
      const one = await ran(process, { args: ['copy'], stdin: late() })
      expect(one).toMatchObject({ exitCode: 0, stdout: 'one two' })
      await endAll(process)
    })
    it('wake a process that polls them', async () => {
      const { process } = await sleeper()
      const { input, give } = giver()
      const poller = await beside(process, { args: ['poll'], stdin: input })
      await isBlocked(poller.process)()
      give('x')
      expect((await poller.process.ended).exitCode).toBe(0)
      expect(poller.written.stdout).toBe('1 ready\n')
      await endAll(process)
    })
  })

  describe(`${name}: the container of a process beside PID 1`, () => {
    it('is one: what either writes the other reads', async () => {
      const { input, give } = giver()
      const steps = ['write:/from-init:hello exec', 'wait', 'read:/from-exec']
      const { process, written } = await begin({ module: TREE, args: steps, stdin: input })
      await until(async () => written.text === 'ready\n')
      const reader = await ran(process, { module: TREE, args: ['read:/from-init'] })
      expect(reader.stdout).toBe('/from-init = hello exec\n')
      expect((await ran(process, { args: ['keep', '/from-exec', 'hello init'] })).exitCode).toBe(0)
      give('x')
      expect((await process.ended).exitCode).toBe(0)
      expect(written.text).toBe('ready\n/from-exec = hello init\n')
    })
    it('counts the bytes of its files for all, and not those of their streams', async () => {
      const { process } = await sleeper()
      const moved = { readBytes: 4, writtenBytes: 4 }
      const one = await ran(process, { module: TREE, args: ['write:/tmp/f:text', 'read:/tmp/f'] })
      expect(one.usage).toMatchObject(moved)
      expect((await ran(process, { args: ['copy'], stdin: Buffer.from('much') })).stdout).toBe(
        'much',
      )
      expect(await process.stats()).toMatchObject(moved)
      await endAll(process)
    })
    it('has it in /proc, under its own number, as long as it lives', async () => {
      const { process } = await sleeper()
      const waiting = await beside(process, { args: ['copy'], stdin: never().input })
      await isBlocked(waiting.process)()
      const pids = async (): Promise<readonly string[]> => {
        const args = ['read:/proc/self/status', 'read:/proc/1/status', 'read:/proc/2/status']
        const { stdout } = await ran(process, { module: TREE, args })
        return stdout.match(/^Pid:\t\d+|No such file/gm) ?? []
      }
      expect(await pids()).toEqual(['Pid:\t3', 'Pid:\t1', 'Pid:\t2'])
      waiting.process.kill('killed')
      await waiting.process.ended
      expect(await pids()).toEqual(['Pid:\t4', 'Pid:\t1', 'No such file'])
      await endAll(process)
    })
    it.each([
      ['', 'Uid:\t0\t0\t0\t0'],
      ['7:9', 'Uid:\t7\t7\t7\t7'],
    ])('knows it as the user it was given: “%s”', async (user, line) => {
      const { process } = await sleeper()
      const spec = { user, args: ['tree', 'read:/proc/self/status'] }
      expect((await ran(process, { module: TREE, spec })).stdout).toContain(line)
      await endAll(process)
    })
    it('has its working directory', async () => {
      const { process } = await sleeper()
      await ran(process, { args: ['keep', '/tmp/here', 'found'] })
      const spec = { workingDirectory: '/tmp', args: ['tree', 'read:here'] }
      expect((await ran(process, { module: TREE, spec })).stdout).toBe('here = found\n')
      await endAll(process)
    })
    it('ends it with a trap of its own, and nobody else', async () => {
      const { process } = await sleeper()
      const one = await ran(process, { module: TREE, args: ['trap'] })
      expect(one).toMatchObject({ exitCode: 134, reason: 'trap' })
      expect((await ran(process, { args: ['both'] })).exitCode).toBe(7)
      await endAll(process)
    })
    it('holds all its memory in one account, and has it back', async () => {
      const { process } = await begin({
        args: ['copy'],
        stdin: never().input,
        limits: { memory: 2 ** 25 },
      })
      for (let turn = 0; turn < 4; turn += 1) {
        const one = await ran(process, { module: TREE, args: ['grow'] })
        expect(one).toMatchObject({ exitCode: 137, reason: 'memory', oomKilled: true })
      }
      expect((await ran(process, { args: ['both'] })).exitCode).toBe(7)
      await endAll(process)
    })
  })

  describe(`${name}: a process beside PID 1 that cannot be`, () => {
    const refusal = async (leader: CellProcess, exec: Exec) => {
      const { process } = await beside(leader, exec)
      return await process.ended.then(
        () => 'started',
        (error: { code: string }) => error.code,
      )
    }
    it.each<[string, Exec, Partial<Limits>, string]>([
      ['has no such user', { spec: { user: 'nobody-here' } }, {}, 'INVALID_ARGUMENT'],
      ['has no such directory', { spec: { workingDirectory: '/no' } }, {}, 'INVALID_ARGUMENT'],
      [
        'has a file for a directory',
        { spec: { workingDirectory: '/hello' } },
        {},
        'INVALID_ARGUMENT',
      ],
      ['is one too many', {}, { pids: 1 }, 'INVALID_LIMIT'],
      ['has no room beside PID 1', {}, { memory: 2 ** 18 }, 'INVALID_LIMIT'],
    ])('is refused when it %s, and leaves nothing behind', async (_, exec, limits, code) => {
      const { process } = await begin({ args: ['copy'], stdin: never().input, limits })
      await isBlocked(process)()
      for (let turn = 0; turn < 3; turn += 1) expect(await refusal(process, exec)).toBe(code)
      expect(cell.inUse().slots).toBe(1)
      await endAll(process)
    })
    it('is refused when its container has ended', async () => {
      const { process } = await begin({ args: ['both'] })
      await process.ended
      expect(await refusal(process, { args: ['both'] })).toBe('PROCESS_GONE')
      expect(cell.inUse().slots).toBe(0)
    })
    it('is refused at once when there is no slot, and starts when there is one again', async () => {
      const { process } = await sleeper()
      const { job } = await jobBeside({ args: ['copy'], stdin: never().input })
      const others = Array.from({ length: SLOTS - 1 }, () => process.exec(job))
      expect(await refusal(process, { args: ['both'] })).toBe('NO_FREE_SLOT')
      for (const other of others) other.kill('killed')
      await Promise.all(others.map((other) => other.ended))
      expect((await ran(process, { args: ['both'] })).exitCode).toBe(7)
      await endAll(process)
    })
  })

  describe.each(PLACES)(`${name}: a process beside PID 1 that %s`, (_, exec, comesThere) => {
    it.each(['killed', 'timeout'] as const)('ends by a kill: %s', async (reason) => {
      const { process } = await sleeper()
      const one = await beside(process, exec)
      await comesThere(one.process)
      one.process.kill(reason)
      expect(await one.process.ended).toMatchObject({ exitCode: 137, reason })
      expect(await one.process.stats()).toBeUndefined()
      expect((await ran(process, { args: ['both'] })).exitCode).toBe(7)
      await endAll(process)
    })
    it('ends with its container', async () => {
      const { process } = await sleeper()
      const some = await Promise.all([beside(process, exec), beside(process, exec)])
      await Promise.all(some.map((one) => comesThere(one.process)))
      const gone = Promise.all(some.map((one) => expectGone(one.process)))
      process.kill('timeout')
      expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'timeout' })
      await gone
      expect(cell.inUse().slots).toBe(0)
    })
    it('ends when PID 1 ends by itself, which keeps its own code', async () => {
      const { input, give } = giver()
      const { process } = await begin({ module: TREE, args: ['wait'], stdin: input })
      const one = await beside(process, exec)
      await comesThere(one.process)
      const gone = expectGone(one.process)
      give('x')
      expect(await process.ended).toMatchObject({ exitCode: 0, reason: 'exit' })
      await gone
      expect(cell.inUse().slots).toBe(0)
    })
    it('ends when the thread of PID 1 dies', async () => {
      const { input, give } = giver()
      const { process } = await begin({ args: ['copy'], stdin: input })
      const one = await beside(process, exec)
      await comesThere(one.process)
      const gone = expectGone(one.process)
      give('worker exits')
      expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'lost' })
      await gone
      expect(cell.inUse().slots).toBe(0)
    })
    it('stands still with its container, and goes on with it', async () => {
      const { process } = await sleeper()
      const one = await beside(process, exec)
      await comesThere(one.process)
      await process.pause()
      const state = async () => (await statsOf(one.process)).state
      // Not begun, or at its pause: a wait ends in one.
      await until(async () => [undefined, 'free', 'paused'].includes(await state()))
      // One that has not begun may get its thread meanwhile.
      const told = async () => {
        const stats = await one.process.stats()
        return stats?.state === 'free' ? undefined : stats
      }
      const before = await told()
      const neighbour = await begin({ args: ['pattern', '1000000'] })
      await neighbour.process.ended
      expect(await told()).toEqual(before)
      process.unpause()
      await until(async () => (await state()) !== 'paused')
      await process.pause()
      one.process.kill('killed')
      expect(await one.process.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
      await endAll(process)
    })
  })

  describe(`${name}: in a paused container`, () => {
    it.each(LEADERS)('whose PID 1 %s, a process begins when it goes on', async (_, leader) => {
      const { process } = await begin(leader)
      await process.pause()
      const one = await beside(process, { args: ['both'] })
      const neighbour = await begin({ args: ['pattern', '1000000'] })
      await neighbour.process.ended
      expect(one.written.stdout).toBe('')
      process.unpause()
      expect((await one.process.ended).exitCode).toBe(7)
      await endAll(process)
    })
    it('a process that waits for its kernel is answered, and ends by a kill', async () => {
      const { process } = await sleeper()
      await process.pause()
      const one = await beside(process, { args: ['both'] })
      one.process.kill('killed')
      expect(await one.process.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
      await endAll(process)
    })
  })

  describe(`${name}: many processes beside PID 1`, () => {
    it('run one after another', async () => {
      const { process } = await sleeper()
      for (let turn = 0; turn < 50; turn += 1) {
        expect(await ran(process, { args: ['both'] })).toMatchObject({
          exitCode: 7,
          stdout: 'out\n',
        })
      }
      expect(cell.inUse().slots).toBe(1)
      await endAll(process)
    })
    it('run at once, each with its own streams', async () => {
      const { process } = await sleeper()
      const all = Array.from({ length: 16 }, (_, index) =>
        ran(process, { args: ['copy'], stdin: Buffer.from(`${index}`.repeat(20_000)) }),
      )
      for (const [index, one] of (await Promise.all(all)).entries()) {
        expect([one.exitCode, one.stdout === `${index}`.repeat(20_000)]).toEqual([0, true])
      }
      expect(cell.inUse().slots).toBe(1)
      await endAll(process)
    })
    it.each(Array.from({ length: 20 }, (_, turns) => [turns]))(
      'are ended with their container after %i turns of the event loop',
      async (turns) => {
        const { job } = await jobBeside({ args: ['both'] })
        const { process } = await sleeper()
        const some = [process.exec(job), process.exec(job), process.exec(job)]
        const ends = Promise.all(
          some.map((one) =>
            one.ended.then(
              ({ reason }) => reason,
              ({ code }) => code as string,
            ),
          ),
        )
        for (let turn = 0; turn < turns; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve))
        }
        process.kill('killed')
        for (const end of await ends) expect(['exit', 'killed', 'PROCESS_GONE']).toContain(end)
        await process.ended
        expect(cell.inUse().slots).toBe(0)
      },
    )
  })

  describe(`${name}: a hostile process beside PID 1`, () => {
    it.each<[string, Exec]>([
      ['spins', { module: HOSTILE_CPU, args: ['spin'] }],
      ['catches everything', { module: CATCH_ALL_LOOP }],
      ['floods', { module: HOSTILE_OUTPUT, args: ['flood'] }],
      ['takes memory', { module: HOSTILE_MEMORY, args: ['grow'] }],
    ])('%s: others go on, and it ends by a kill', async (_, exec) => {
      const { process } = await sleeper()
      const one = await beside(process, exec)
      for (let turn = 0; turn < 3; turn += 1) {
        expect((await ran(process, { args: ['both'] })).exitCode).toBe(7)
      }
      one.process.kill('killed')
      expect((await one.process.ended).exitCode).toBe(137)
      await endAll(process)
    })
  })
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellProcess } from '../../src/contract/cell.ts'
import type { LayerFile } from '../../src/contract/layer.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import { GUEST, never } from '../support/cell-jobs.ts'
import { leadersOfSuite } from '../support/leaders.ts'
import type { OpenCell } from './cell-suite.ts'

const USERLAND = 'guests/build/userland.wasm'
const SPAWNS = 'guests/build/spawns.wasm'
const BOTH_WAYS = 'guests/build/both-ways.wasm'
const BOMB = 'guests/build/hostile-processes.wasm'
const SLOTS = 56
/** Of a cell that is soon full. */
const FEW = 4
/** One after the other in one container; 10,000 in scripts/nightly.mjs. */
const CYCLES = Number(process.env['BULKHEAD_SPAWN_CYCLES'] ?? 1_000)
/** For a thousand of them. */
const CYCLES_MS = 60_000
const EXECS = 50

const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n }
const directory = (path: string): LayerFile => ({ ...plain, path, type: 'directory', size: 0 })
const link = (path: string): LayerFile => ({
  ...plain,
  path,
  type: 'symlink',
  size: 0,
  linkTarget: 'userland',
})
function program(path: string, from: string): LayerFile {
  const bytes = readFileSync(from)
  const source = { kind: 'bytes', bytes } as const
  return { ...plain, path, type: 'regular', size: bytes.length, source }
}
const APPLETS = ['sh', 'true', 'echo', 'cat', 'sleep', 'ls', 'wc', 'head', 'kill']
const filesOf = (): readonly LayerFile[] => [
  directory('/'),
  directory('/bin'),
  directory('/tmp'),
  program('/bin/userland', USERLAND),
  program('/bin/spawns', SPAWNS),
  program('/bin/self', BOTH_WAYS),
  program('/p', BOMB),
  ...APPLETS.map((name) => link(`/bin/${name}`)),
]
const ENVIRONMENT = ['PATH=/bin']

/** Text as it comes, and who waits for a part of it. */
class Heard {
  text = ''
  readonly #waiting: { readonly part: string; readonly tell: () => void }[] = []

  readonly take = (bytes: Uint8Array): void => {
    this.text += Buffer.from(bytes).toString('latin1')
    for (const { part, tell } of this.#waiting) if (this.text.includes(part)) tell()
  }

  until(part: string): Promise<void> {
    if (this.text.includes(part)) return Promise.resolve()
    return new Promise((tell) => this.#waiting.push({ part, tell }))
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn()
}

/** Input that is given when somebody says so. */
function giver() {
  let give = (_: string): void => {}
  const given = new Promise<string>((resolve) => {
    give = resolve
  })
  async function* input() {
    yield Buffer.from(await given)
  }
  return { input: input(), give: (text: string) => give(text) }
}

const BYTES = 300_000
interface Script {
  readonly name: string
  readonly script: string
  /** What it writes when nobody is stuck. */
  readonly text: string
}
/** What fills pipes, and has everybody wait for somebody. */
const FILLED: readonly Script[] = [
  {
    name: 'two processes fill a pipe each way',
    script: 'self through',
    text: 'ok both ways\n',
  },
  {
    name: 'a parent waits while children fill pipes',
    script: `a=$(head -c ${BYTES} /dev/zero | cat | wc -c); head -c ${BYTES} /dev/zero | cat | wc -c & wait; echo $a`,
    text: `${BYTES}\n${BYTES}\n`,
  },
  {
    name: 'a reader of a chain goes away',
    script: 'while :; do echo yes; done | cat | head -n 2; echo done',
    text: 'yes\nyes\ndone\n',
  },
]

/** What the others do when PID 1 ends; each says `there` first, or PID 1 does. */
const OTHERS: readonly (readonly [string, string])[] = [
  ['spin', '(echo there; while :; do :; done) & (while :; do :; done) &'],
  ['wait in pipes', 'cat /dev/zero | (echo there; sleep 1000) & self stuck >/dev/null &'],
  [
    'are being started',
    '(echo there; while :; do /bin/true; done) & (while :; do /bin/true; done) &',
  ],
  ['start pipelines', '(echo there; while :; do echo | cat | cat >/dev/null; done) &'],
]

/** What a container holds, as it says itself and without a process of its own for it. */
const LOOK = [
  'set -- /proc/self/fd/*; a=$#',
  'set -- /proc/[0-9]*; b=$#',
  'read c </sys/fs/cgroup/pids.current',
  'read d </sys/fs/cgroup/memory.current',
  'echo $a descriptors, $b in /proc, $c pids, $d bytes',
].join('; ')

async function* piecesOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

/** Processes that processes of a container start, of every cell. */
export function processSuite(name: string, open: OpenCell): void {
  let dataDirectory = ''
  let cell: Cell
  let few: Cell
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'process-suite-'))
    cell = open({ dataDirectory, slots: SLOTS, faulty: false })
    few = open({ dataDirectory, slots: FEW, faulty: false })
  })
  const leaders = leadersOfSuite()
  afterAll(async () => {
    for (const one of [cell, few]) await one[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
  })

  const rootOf = (where: Cell) => where.prepareRoot('processes', async () => filesOf())
  const moduleOf = (where: Cell, path: string) => where.prepareModule({ kind: 'host-file', path })

  interface Run {
    readonly where?: Cell
    readonly module?: string
    readonly limits?: Partial<Limits>
    readonly stdin?: AsyncIterable<Uint8Array>
  }
  async function begin(args: readonly string[], run: Run = {}) {
    const { where = cell, module = USERLAND, limits, stdin } = run
    const heard = new Heard()
    const errors = new Heard()
    const process = where.start({
      module: await moduleOf(where, module),
      root: await rootOf(where),
      guest: {
        ...GUEST,
        args,
        environment: ENVIRONMENT,
        limits: { ...DEFAULT_LIMITS, ...limits },
      },
      program: '/bin/userland',
      stdin,
      stdout: heard.take,
      stderr: errors.take,
    })
    leaders.push(process)
    return { process, heard, errors }
  }
  const shell = (script: string, run?: Run) => begin(['sh', '-c', script], run)
  async function ran(script: string, run?: Run) {
    const { process, heard } = await shell(script, run)
    return { ...(await process.ended), text: heard.text }
  }
  async function beside(leader: CellProcess, args: readonly string[], stdin?: Run['stdin']) {
    const heard = new Heard()
    const exec = leader.exec({
      module: await moduleOf(cell, USERLAND),
      exec: {
        args,
        environment: ENVIRONMENT,
        workingDirectory: '/',
        user: '',
        terminal: undefined,
      },
      program: '/bin/userland',
      stdin,
      stdout: heard.take,
      stderr: heard.take,
    })
    return { exec, heard }
  }

  /** Nothing of a container is left. */
  async function allGone(process: CellProcess, where = cell) {
    const end = await process.ended
    expect(where.inUse()).toMatchObject({ slots: 0, wedged: 0 })
    return end
  }

  describe(`${name}: processes one after another`, () => {
    it(
      `${CYCLES} of them, and pipelines, leave nothing behind`,
      async () => {
        const cycle = (count: number) =>
          `spawns ${count} true | wc -l; spawns ${count / 10} sh -c 'echo | cat | cat' >/dev/null; ${LOOK}`
        const { input, give } = giver()
        const script = `${cycle(10)}; ${LOOK}; echo warm; ${cycle(CYCLES)}; echo over; read end`
        const { process, heard } = await shell(script, { stdin: input })
        await heard.until('warm\n')
        const { modules } = cell.inUse()
        await heard.until('over\n')
        expect(cell.inUse()).toMatchObject({ modules, wedged: 0 })
        expect(cell.inUse().threads).toBeLessThanOrEqual(SLOTS)
        give('x\n')
        expect((await allGone(process)).exitCode).toBe(0)
        const [, , warm, , count, last] = heard.text.split('\n')
        expect([count, last]).toEqual([String(CYCLES), warm])
      },
      Math.max(CYCLES_MS, (CYCLES_MS * CYCLES) / 1_000),
    )
  })

  describe(`${name}: what a container with many processes tells`, () => {
    /** Looks until there is an answer that will do. */
    async function seen<T>(look: () => Promise<T | undefined>): Promise<T> {
      for (;;) {
        const found = await look()
        if (found !== undefined) return found
        await turn()
      }
    }
    it.each([
      ['waits', 'read end'],
      ['computes', 'while :; do :; done'],
    ])('is all of them, the dead too, while PID 1 %s', async (_, then) => {
      // Its child ends when it is another program, which never asks for it.
      const child = '(until read c </proc/$$/comm && [ "$c" = sleep ]; do :; done) &'
      const script = `sh -c '${child} exec sleep 1000' & echo ready; ${then}`
      const { process, heard } = await shell(script, { stdin: never().input })
      await heard.until('ready\n')
      const { exec } = await beside(process, ['sh', '-c', 'sleep 2000; true'])
      const rows = await seen(async () => {
        const all = (await process.processes()) ?? []
        const asleep = all.filter((one) => one.command === 'sleep' && one.state === 'sleeping')
        const dead = all.some(({ state }) => state === 'zombie')
        return all.length === 5 && asleep.length === 2 && dead ? all : undefined
      })
      const of = (command: string, more = '') =>
        rows.find((one) => one.command === command && one.commandLine.includes(more))
      expect(rows[0]).toMatchObject({
        pid: process.pid,
        parentPid: 0,
        commandLine: `sh -c ${script}`,
      })
      expect(of('sleep', '1000')).toMatchObject({ parentPid: process.pid, state: 'sleeping' })
      const dead = rows.find(({ state }) => state === 'zombie')
      expect(dead).toMatchObject({ parentPid: of('sleep', '1000')?.pid, commandLine: '' })
      expect(of('sleep', '2000')?.parentPid).toBe(exec.pid)
      expect(rows.find(({ pid }) => pid === exec.pid)).toMatchObject({
        command: 'sh',
        parentPid: 0,
      })
      expect(new Set(rows.map(({ pid }) => pid)).size).toBe(5)
      // Numbers stay.
      const again = (await process.processes()) ?? []
      expect(again.map(({ pid }) => pid)).toEqual(rows.map(({ pid }) => pid))
      expect((await process.stats())?.processes).toBe(5)
      process.kill('killed')
      // A container does not wait for whoever reads the output of its execs.
      await exec.ended
      await allGone(process)
      expect(await process.processes()).toBeUndefined()
    })
    it('is their memory and their CPU time together, which never falls', async () => {
      const spin = 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done'
      const script = `echo ready; while :; do sh -c '${spin}' & sh -c '${spin}'; wait; done`
      const { process, heard } = await shell(script)
      await heard.until('ready\n')
      const own = (await process.processes())?.[0]?.memory ?? 0
      const stats = async () => {
        const now = await process.stats()
        if (now === undefined) throw new Error('it has ended')
        return now
      }
      let last = await stats()
      let most = 0
      while (last.cpuMs < 400) {
        const now = await stats()
        expect(now.cpuMs).toBeGreaterThanOrEqual(last.cpuMs)
        expect(now.fuel).toBeGreaterThanOrEqual(last.fuel)
        most = Math.max(most, now.memory)
        last = now
        await turn()
      }
      expect(most).toBeGreaterThan(2 * own)
      const listed = (await process.processes()) ?? []
      const [init] = listed
      // Most of it is of processes that are no more.
      expect(listed.reduce((sum, { cpuMs }) => sum + cpuMs, 0)).toBeLessThan(last.cpuMs)
      expect(init?.cpuMs).toBeLessThan(last.cpuMs / 2)
      process.kill('killed')
      const { usage } = await allGone(process)
      expect(usage.cpuMs).toBeGreaterThanOrEqual(last.cpuMs)
      expect(usage.fuel).toBeGreaterThanOrEqual(last.fuel)
    })
    it('is told inside too: cpu.stat and pids.current', async () => {
      const spin = 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'
      const look =
        'read a b </sys/fs/cgroup/cpu.stat; echo $b; read c </sys/fs/cgroup/pids.current; echo $c'
      const { exitCode, text, usage } = await ran(
        `${look}; sh -c '${spin}'; sleep 1000 & ${look}; kill $!`,
      )
      expect(exitCode).toBe(0)
      const [before, one, after, two] = text.trim().split('\n').map(Number)
      expect([one, two]).toEqual([1, 2])
      const grown = ((after ?? 0) - (before ?? 0)) / 1_000
      expect(grown).toBeGreaterThan(0.5 * usage.cpuMs)
      expect(grown).toBeLessThanOrEqual(usage.cpuMs)
    })
  })

  describe(`${name}: the fuel of a container`, () => {
    const SPIN = 'while :; do :; done'
    const LIMIT = 200_000_000n
    const PORTION = 8_000_000n
    const DEBT = 100_000n
    const limits = { fuel: LIMIT }
    const spent = { reason: 'fuel', exitCode: 137 }

    it('is used by all of its processes, which all end for want of it', async () => {
      const { process, heard } = await shell('echo ready; read end', {
        limits: { fuel: 2_000_000_000n },
        stdin: never().input,
      })
      await heard.until('ready\n')
      const { exec: sleeps } = await beside(process, ['sh', '-c', 'sleep 1000; true'])
      const { exec: computes } = await beside(process, ['sh', '-c', SPIN])
      // PID 1 and one of them sleep, and would not have found out.
      for (const one of [computes, sleeps, process]) expect(await one.ended).toMatchObject(spent)
      await allGone(process)
    })
    it.each([1, 4, 8])('is the same for %i that spin at once', async (count) => {
      const { reason, usage } = await ran(`${`${SPIN} & `.repeat(count)} wait; echo survived`, {
        limits,
      })
      expect(reason).toBe('fuel')
      // What others held when one found nothing, and what each of them may owe.
      const processes = BigInt(count + 1)
      expect(usage.fuel).toBeGreaterThan(LIMIT - processes * PORTION)
      expect(usage.fuel).toBeLessThan(LIMIT + processes * DEBT)
    })
    it('is what all have used together, to the unit, where nobody can see who was first', async () => {
      const script = 'i=0; while [ $i -lt 20 ]; do /bin/true; i=$((i+1)); done; echo done'
      const { usage, text } = await ran(script)
      expect(text).toBe('done\n')
      // What a process has paid for and not run yet, its last look may find: see metering-cost.md.
      const room = 1_000n
      const enough = await ran(script, { limits: { fuel: usage.fuel + room } })
      expect([enough.text, enough.usage.fuel]).toEqual(['done\n', usage.fuel])
      const less = await ran(script, { limits: { fuel: usage.fuel - 100_000n } })
      expect([less.text, less.reason]).toEqual(['', 'fuel'])
    })
  })

  describe(`${name}: ${EXECS} execs at once`, () => {
    it.each([
      ['waits', 'echo ready; read end'],
      ['spins', 'echo ready; while :; do :; done'],
      ['starts processes itself', 'echo ready; while :; do /bin/true; done'],
    ])('are all answered rightly while PID 1 %s', async (_, script) => {
      const { process, heard } = await shell(script, { stdin: never().input })
      await heard.until('ready\n')
      const all = await Promise.all(
        Array.from({ length: EXECS }, async (_unused, index) => {
          const args = index % 2 === 0 ? ['echo', `number ${index}`] : ['true']
          const { exec, heard: own } = await beside(process, args)
          return { index, exitCode: (await exec.ended).exitCode, text: own.text }
        }),
      )
      expect(all).toEqual(
        all.map(({ index }) => ({
          index,
          exitCode: 0,
          text: index % 2 === 0 ? `number ${index}\n` : '',
        })),
      )
      process.kill('killed')
      await allGone(process)
    })
  })

  describe(`${name}: a child of an exec, of more than a stream holds`, () => {
    const BYTES = 300_000
    it.each([
      ['its output', 'head -c $BYTES /dev/zero; exit 3', BYTES, undefined],
      ['its errors', 'head -c $BYTES /dev/zero >&2; exit 3', BYTES, undefined],
      ['its input', 'wc -c; exit 3', `${BYTES}\n`.length, [new Uint8Array(BYTES)]],
    ])('gets %s through while PID 1 sleeps', async (_, script, length, input) => {
      const { process } = await shell('sleep 1000')
      const args = ['sh', '-c', `BYTES=${BYTES}; ${script}`]
      const { exec, heard } = await beside(process, args, input && piecesOf(input))
      expect((await exec.ended).exitCode).toBe(3)
      expect(heard.text).toHaveLength(length)
      process.kill('killed')
      await allGone(process)
    })
  })

  describe.each(FILLED)(`${name}: $name`, ({ script, text }) => {
    it('and nobody is stuck', async () => {
      const { process, heard } = await shell(script)
      expect((await allGone(process)).exitCode).toBe(0)
      expect(heard.text).toBe(text)
    })
    it('nor after pauses in the middle', async () => {
      const { process, heard } = await shell(`echo began; ${script}`)
      await heard.until('began\n')
      for (const count of [0, 1, 3, 10, 30, 100]) {
        await process.pause()
        await turns(5)
        process.unpause()
        await turns(count)
      }
      expect((await allGone(process)).exitCode).toBe(0)
      expect(heard.text).toBe(`began\n${text}`)
    })
    it.each([0, 5, 40])('a kill in a pause, %i turns later, ends all', async (count) => {
      const { process, heard } = await shell(`echo began; ${script}`)
      await heard.until('began\n')
      await turns(count)
      await process.pause()
      process.kill('killed')
      const { reason } = await allGone(process)
      // It may have been over before.
      expect(['exit', 'killed']).toContain(reason)
    })
  })

  describe(`${name}: two processes that wait for each other`, () => {
    it.each([false, true])('end with their container; in a pause: %s', async (paused) => {
      const { process, heard } = await shell('self stuck')
      await heard.until('ok stuck\n')
      await process.pause()
      if (!paused) process.unpause()
      process.kill('killed')
      expect((await allGone(process)).reason).toBe('killed')
    })
  })

  describe(`${name}: when there is no place for one more`, () => {
    it.each([
      // The shell, a sleep, the shell within, and one that is free.
      ['slots', () => ({ where: few })],
      ['pids', () => ({ limits: { pids: FEW } })],
    ])(
      'for want of %s: the shell says so, and all goes on when there are some',
      async (_, runOf) => {
        const run: Run = runOf()
        // What waits in the pipe holds its place until the shell within has given up.
        const chain = "sh -c 'cat /dev/zero | cat | cat'; echo status $?"
        const script = `sleep 1000 & ${chain}; kill $!; wait $!; echo one | cat; echo two | cat`
        const { process, heard, errors } = await shell(script, run)
        expect((await allGone(process, run.where)).exitCode).toBe(0)
        expect(errors.text).toMatch(/^sh: (1: )?Cannot fork\nTerminated\n$/)
        expect(heard.text).toBe('status 2\none\ntwo\n')
      },
    )
    it('a bomb has all of its cell, and is removed with all of it', async () => {
      const args = ['/p', 'bomb']
      const { process, heard } = await begin(args, { where: few, module: BOMB })
      await heard.until('EAGAIN\n')
      process.kill('killed')
      expect((await allGone(process, few)).reason).toBe('killed')
      const all = Array.from({ length: FEW }, () => ran('echo free', { where: few }))
      for (const { exitCode, text } of await Promise.all(all)) {
        expect([exitCode, text]).toEqual([0, 'free\n'])
      }
    })
  })

  describe.each(OTHERS)(`${name}: others %s`, (_, others) => {
    it('when PID 1 ends by itself: all are gone', async () => {
      const { input, give } = giver()
      const { process, heard } = await shell(`${others} read end; exit 7`, { stdin: input })
      await heard.until('there\n')
      give('x\n')
      expect((await allGone(process)).exitCode).toBe(7)
    })
    it.each([0, 1, 2, 5, 11, 23])('when it is killed %i turns later', async (count) => {
      const { process, heard } = await shell(`${others} read end`, { stdin: never().input })
      await heard.until('there\n')
      await turns(count)
      process.kill('killed')
      expect((await allGone(process)).exitCode).toBe(137)
    })
  })
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellProcess } from '../../src/contract/cell.ts'
import type { LayerFile } from '../../src/contract/layer.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import { GUEST, never } from '../support/cell-jobs.ts'
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
  /** A test that fails leaves nothing to the next. */
  const leaders: CellProcess[] = []
  afterEach(async () => {
    for (const leader of leaders.splice(0)) {
      leader.kill('killed')
      await leader.ended
    }
  })
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
  async function beside(leader: CellProcess, args: readonly string[]) {
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
      stdin: undefined,
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
        expect(errors.text).toMatch(/^sh: (1: )?cannot fork: Resource temporarily unavailable\n$/)
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

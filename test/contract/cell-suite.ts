import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellExit, OutputConsumer } from '../../src/contract/cell.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import {
  FILES,
  GUEST,
  HOSTILE_CPU,
  HOSTILE_MEMORY,
  HOSTILE_OUTPUT,
  type JobSpec,
  jobOf,
  never,
  STREAMS,
} from '../support/cell-jobs.ts'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'
import { freezerSuite } from './freezer-suite.ts'
import { signalSuite } from './signal-suite.ts'

const TREE = 'guests/build/tree.wasm'

/** What a test asks of the cell it opens. */
export interface CellOptions {
  readonly dataDirectory: string
  readonly slots: number
  /** Workers with planted faults: `test/contract/programs/faulty-entry.ts`. */
  readonly faulty: boolean
}
export type OpenCell = (options: CellOptions) => Cell

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** Byte i of the guest's pattern is (i * 31 + i / 256) mod 256. */
const patternDigest = (total: number): string =>
  sha256(Uint8Array.from({ length: total }, (_, i) => i * 31 + Math.floor(i / 256)))

interface Run extends Omit<JobSpec, 'stderr'> {
  readonly limits?: Partial<Limits>
}

/** A process and what it has written so far. */
async function begin(cell: Cell, { limits, guest, ...run }: Run) {
  const written = { stdout: '', stderr: '' }
  const keep = (stream: keyof typeof written) => (bytes: Uint8Array) => {
    written[stream] += Buffer.from(bytes).toString('latin1')
  }
  const job = await jobOf(cell, {
    stdout: keep('stdout'),
    stderr: keep('stderr'),
    ...run,
    guest: { limits: { ...DEFAULT_LIMITS, ...limits }, ...guest },
  })
  return { process: cell.start(job), written }
}

async function ran(cell: Cell, run: Run) {
  const { process, written } = await begin(cell, run)
  return { ...(await process.ended), ...written }
}

/** Started, and known to run guest code: its first byte of output has arrived. */
async function beginAndHear(cell: Cell, run: Run) {
  let heard = (): void => {}
  const first = new Promise<void>((resolve) => {
    heard = resolve
  })
  const started = await begin(cell, { ...run, stdout: () => heard() })
  return { ...started, first }
}

/** What every cell does, wherever its guests run. Nothing here shares memory with the cell. */
export function cellSuite(name: string, open: OpenCell): void {
  let dataDirectory = ''
  let cell: Cell
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'cell-suite-'))
    cell = open({ dataDirectory, slots: 4, faulty: false })
  })
  afterAll(async () => {
    await cell[Symbol.asyncDispose]()
    rmSync(dataDirectory, { recursive: true })
  })
  /** Nothing is left of a run, whatever its end. */
  const isIdle = () => expect(cell.inUse().slots).toBe(0)
  const ownCell = (slots: number, faulty = false) =>
    open({ dataDirectory: join(dataDirectory, 'own'), slots, faulty })

  describe(`${name}: a module`, () => {
    it('is prepared from bytes and from a file, with the digest of its bytes', async () => {
      const bytes = readFileSync(STREAMS)
      const digest = sha256(bytes)
      expect((await cell.prepareModule({ kind: 'bytes', bytes })).digest).toBe(digest)
      const path = STREAMS
      expect((await cell.prepareModule({ kind: 'host-file', path })).digest).toBe(digest)
      expect((await cell.prepareModule({ kind: 'host-file', path, digest })).digest).toBe(digest)
    })
    it('whose digest is known and prepared is not read again', async () => {
      const path = join(dataDirectory, 'moved.wasm')
      copyFileSync(STREAMS, path)
      const digest = sha256(readFileSync(path))
      await cell.prepareModule({ kind: 'host-file', path, digest })
      rmSync(path)
      expect((await cell.prepareModule({ kind: 'host-file', path, digest })).digest).toBe(digest)
    })
    it.each([
      ['is no module', Buffer.from('#!/bin/sh\n'), 'exec format error'],
      ['is cut short', readFileSync('guests/build/hello-world.wasm').subarray(0, 200), ''],
      ['is empty', new Uint8Array(), 'exec format error'],
    ])('that %s is refused with a reason', async (_, bytes, reason) => {
      await expect(cell.prepareModule({ kind: 'bytes', bytes })).rejects.toMatchObject({
        code: 'INVALID_MODULE',
        message: expect.stringContaining(reason) as string,
      })
    })
    it('that was refused is looked at again when its file was mended', async () => {
      const path = join(dataDirectory, 'mended.wasm')
      writeFileSync(path, 'not yet')
      const source = { kind: 'host-file', path } as const
      await expect(cell.prepareModule(source)).rejects.toMatchObject({ code: 'INVALID_MODULE' })
      copyFileSync(STREAMS, path)
      await expect(cell.prepareModule(source)).resolves.toMatchObject({
        digest: sha256(readFileSync(STREAMS)),
      })
    })
    it('that is not there is a missing file, named without its folder', async () => {
      const path = join(dataDirectory, 'absent.wasm')
      await expect(cell.prepareModule({ kind: 'host-file', path })).rejects.toMatchObject({
        code: 'NO_SUCH_FILE',
        message: 'absent.wasm: no such file',
      })
    })
    it('without a _start fails when it is started, as an error and not as an exit', async () => {
      const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
      await expect(ran(cell, { module })).rejects.toMatchObject({ code: 'INVALID_MODULE' })
      isIdle()
    })
  })

  describe(`${name}: a root`, () => {
    it('is built once for each key, also when many ask at once', async () => {
      let built = 0
      const files = async () => {
        built += 1
        return FILES
      }
      const [first, second] = await Promise.all([
        cell.prepareRoot('once', files),
        cell.prepareRoot('once', files),
      ])
      expect([first.key, second.key]).toEqual(['once', 'once'])
      await cell.prepareRoot('once', files)
      await cell.prepareRoot('twice', files)
      expect(built).toBe(2)
    })
    it('whose files cannot be read is not remembered', async () => {
      const broken = cell.prepareRoot('broken', () => Promise.reject(new Error('no files')))
      await expect(broken).rejects.toThrow('no files')
      await expect(cell.prepareRoot('broken', async () => FILES)).resolves.toEqual(
        expect.objectContaining({ key: 'broken' }),
      )
    })
    it('is what the guest sees, and what one guest writes the next does not see', async () => {
      const collect = ['/hello', '/mark']
      const one = await ran(cell, { args: ['keep', '/mark', 'x'], guest: { collect } })
      expect([...one.files.keys()]).toEqual(['/hello', '/mark'])
      const two = await ran(cell, { args: ['both'], guest: { collect } })
      expect([...two.files.keys()]).toEqual(['/hello'])
    })
  })

  describe(`${name}: standard input`, () => {
    it('that is absent is at its end', async () => {
      expect(await ran(cell, { args: ['copy'] })).toMatchObject({ exitCode: 0, stdout: '' })
    })
    it('of bytes arrives whole, also when it is larger than any buffer', async () => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7)
      const done = await ran(cell, { args: ['copy'], stdin: bytes })
      expect(sha256(Buffer.from(done.stdout, 'latin1'))).toBe(sha256(bytes))
    })
    it('of a stream arrives in order, and its end is the end', async () => {
      async function* pieces() {
        for (const text of ['one ', '', 'two ', 'three']) yield Buffer.from(text)
      }
      const done = await ran(cell, { args: ['copy'], stdin: pieces() })
      expect(done).toMatchObject({ exitCode: 0, stdout: 'one two three' })
    })
    it('of a stream that fails ends where it failed', async () => {
      async function* failing() {
        yield Buffer.from('so far')
        throw new Error('planted')
      }
      const done = await ran(cell, { args: ['copy'], stdin: failing() })
      expect(done).toMatchObject({ exitCode: 0, stdout: 'so far' })
    })
    it('that never ends is let go when the guest ends', async () => {
      const { input, closed } = never()
      const done = await ran(cell, { args: ['both'], stdin: input })
      expect(done.exitCode).toBe(7)
      await closed
    })
    it('wakes a guest that waits for it in poll', async () => {
      let give = (): void => {}
      const given = new Promise<void>((resolve) => {
        give = resolve
      })
      async function* late() {
        await given
        yield Buffer.from('x')
      }
      const { process, written } = await begin(cell, { args: ['poll'], stdin: late() })
      give()
      expect((await process.ended).exitCode).toBe(0)
      expect(written.stdout).toBe('1 ready\n')
    })
  })

  describe(`${name}: output`, () => {
    it('arrives whole and in order through a consumer that takes its time', async () => {
      const TOTAL = 400_000
      const pieces: Uint8Array[] = []
      let open = 0
      let most = 0
      const stdout: OutputConsumer = async (bytes) => {
        open += 1
        most = Math.max(most, open)
        await new Promise((resolve) => setImmediate(resolve))
        pieces.push(bytes)
        open -= 1
      }
      const done = await ran(cell, { args: ['pattern', `${TOTAL}`], stdout })
      expect(done.exitCode).toBe(0)
      expect(sha256(Buffer.concat(pieces))).toBe(patternDigest(TOTAL))
      expect(most).toBe(1)
    })
    it('that nobody takes stops the guest, and nothing is held for it', async () => {
      let bytes = 0
      let take = (): void => {}
      const taken = new Promise<void>((resolve) => {
        take = resolve
      })
      const stdout: OutputConsumer = (piece) => {
        bytes += piece.length
        return taken
      }
      const TOTAL = 2_000_000
      const { process } = await begin(cell, { args: ['pattern', `${TOTAL}`], stdout })
      // A neighbour's whole run passes, and the first has got no further than its ring.
      await ran(cell, { args: ['pattern', '1000000'] })
      expect(bytes).toBeLessThanOrEqual(65_536)
      take()
      expect((await process.ended).exitCode).toBe(0)
      expect(bytes).toBe(TOTAL)
    })
    it.each([
      [
        'throws',
        () => {
          throw new Error('planted')
        },
      ],
      ['rejects', () => Promise.reject(new Error('planted'))],
    ] as const)('of a consumer that %s is lost, and the guest runs on', async (_, stdout) => {
      const done = await ran(cell, { args: ['pattern', '200000'], stdout })
      expect(done).toMatchObject({ exitCode: 0, reason: 'exit' })
      isIdle()
    })
    it('goes to the stream it was written to', async () => {
      expect(await ran(cell, { args: ['both'] })).toMatchObject({
        stdout: 'out\n',
        stderr: 'err\n',
      })
    })
    it('is consumed to its last byte before the process has ended', async () => {
      let waiting = 0
      const stdout: OutputConsumer = async () => {
        waiting += 1
        for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
        waiting -= 1
      }
      await ran(cell, { args: ['both'], stdout })
      expect(waiting).toBe(0)
      isIdle()
    })
  })

  describe(`${name}: the end of a process`, () => {
    const ENDS: readonly (readonly [CellExit['reason'], number, Run])[] = [
      ['exit', 7, { args: ['both'] }],
      ['trap', 134, { module: HOSTILE_CPU, args: ['trap'] }],
      ['fuel', 137, { module: HOSTILE_CPU, args: ['spin'], limits: { fuel: 5_000_000n } }],
      ['memory', 137, { module: HOSTILE_MEMORY, args: ['grow'], limits: { memory: 8 * 2 ** 20 } }],
    ]
    it.each(ENDS)('for the reason %s has the code %i and an account', async (reason, code, run) => {
      const done = await ran(cell, run)
      expect(done).toMatchObject({ reason, exitCode: code, oomKilled: reason === 'memory' })
      expect(done.usage.fuel).toBeGreaterThan(0n)
      expect(done.usage.peakMemory).toBeGreaterThanOrEqual(65_536)
      isIdle()
    })
    it.each(['killed', 'timeout'] as const)('by kill(%s) has that reason', async (reason) => {
      const run = { module: HOSTILE_OUTPUT, args: ['flood'] }
      const { process, first } = await beginAndHear(cell, run)
      await first
      process.kill(reason)
      process.kill('killed')
      expect(await process.ended).toMatchObject({ exitCode: 137, reason })
      isIdle()
    })
    it('by kill comes also before the guest has begun', async () => {
      const { process } = await begin(cell, { module: CATCH_ALL_LOOP })
      process.kill('killed')
      expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
      isIdle()
    })
    it('by kill after it has ended changes nothing', async () => {
      const { process } = await begin(cell, { args: ['both'] })
      const done = await process.ended
      process.kill('killed')
      expect(await process.ended).toBe(done)
    })
    it('brings the files that were asked for and are there', async () => {
      const collect = ['/tmp/kept', '/absent', '/tmp']
      const done = await ran(cell, { args: ['keep', '/tmp/kept', 'text'], guest: { collect } })
      expect([...done.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual(
        [['/tmp/kept', 'text']],
      )
    })
    it('brings none where they are larger together than it may, and says so', async () => {
      const run = { args: ['keep', '/tmp/kept', 'text'], guest: { collect: ['/tmp/kept'] } }
      const whole = await ran(cell, { ...run, limits: { collect: 4 } })
      expect([whole.files.size, whole.filesLoss]).toEqual([1, undefined])
      expect(await ran(cell, { ...run, limits: { collect: 3 } })).toMatchObject({
        exitCode: 0,
        reason: 'exit',
        files: new Map(),
        filesLoss: expect.stringContaining('/tmp/kept is too large') as string,
      })
      isIdle()
    })
  })

  describe(`${name}: what a running process has used`, () => {
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
    }
    it('is read from outside, while it waits and while it computes', async () => {
      const { process } = await begin(cell, { args: ['copy'], stdin: never().input })
      await until(async () => (await process.stats())?.state === 'blocked')
      const waiting = await process.stats()
      expect(waiting?.memoryLimit).toBe(512 * 2 ** 20)
      expect(waiting?.syscalls).toBeGreaterThan(0)
      expect(waiting?.memory).toBeGreaterThanOrEqual(2 * 65_536)
      expect(waiting?.fuel).toBeGreaterThan(0n)
      process.kill('killed')
      await process.ended
      expect(await process.stats()).toBeUndefined()

      const spinning = await begin(cell, { args: ['spin'] })
      const safepoints = async () => (await spinning.process.stats())?.safepoints ?? 0
      await until(async () => (await safepoints()) > 2)
      const early = await spinning.process.stats()
      await until(async () => (await safepoints()) > (early?.safepoints ?? 0) + 2)
      // The clock of a thread moves in the steps of its host.
      await until(async () => ((await spinning.process.stats())?.cpuMs ?? 0) > (early?.cpuMs ?? 0))
      const late = await spinning.process.stats()
      expect(late?.state).toBe('running')
      expect(late?.fuel).toBeGreaterThan(early?.fuel ?? 0n)
      spinning.process.kill('killed')
      await spinning.process.ended
    })
    it('counts the bytes of its files, and not those of its streams', async () => {
      const steps = ['write:/tmp/f:0123456789', 'read:/tmp/f', 'read:/proc/self/status', 'wait']
      const { process } = await begin(cell, { module: TREE, args: steps, stdin: never().input })
      await until(async () => (await process.stats())?.state === 'blocked')
      const moved = { readBytes: 10, writtenBytes: 10 }
      expect(await process.stats()).toMatchObject(moved)
      process.kill('killed')
      expect((await process.ended).usage).toMatchObject(moved)
    })
  })

  freezerSuite(name, () => cell)
  signalSuite(name, () => cell)

  describe(`${name}: slots`, () => {
    it('are refused at once when all are taken, and are free again afterwards', async () => {
      const small = ownCell(2)
      const run = { module: HOSTILE_OUTPUT, args: ['flood'] }
      const two = [await beginAndHear(small, run), await beginAndHear(small, run)]
      await expect(begin(small, run)).rejects.toMatchObject({ code: 'NO_FREE_SLOT' })
      for (const { process } of two) process.kill('killed')
      await Promise.all(two.map(({ process }) => process.ended))
      expect((await ran(small, { args: ['both'] })).exitCode).toBe(7)
      await small[Symbol.asyncDispose]()
    })
    it('all run at once: a guest that waits for its neighbour is not behind it', async () => {
      const small = ownCell(3)
      // Each of two waits for what the third writes, which starts last.
      let hear = (_: string): void => {}
      const heard = new Promise<string>((resolve) => {
        hear = resolve
      })
      async function* whatTheThirdSays() {
        yield Buffer.from(await heard)
      }
      const waiting = await Promise.all(
        [1, 2].map(() => begin(small, { args: ['copy'], stdin: whatTheThirdSays() })),
      )
      const third = await ran(small, { args: ['both'] })
      hear(third.stdout)
      for (const { process, written } of waiting) {
        expect((await process.ended).exitCode).toBe(0)
        expect(written.stdout).toBe('out\n')
      }
      await small[Symbol.asyncDispose]()
    })
  })

  describe(`${name}: disposal`, () => {
    it('ends what runs, and refuses what comes', async () => {
      const own = ownCell(2)
      const root = await own.prepareRoot('suite', async () => FILES)
      const module = await own.prepareModule({ kind: 'host-file', path: HOSTILE_OUTPUT })
      const { process, first } = await beginAndHear(own, {
        module: HOSTILE_OUTPUT,
        args: ['flood'],
      })
      await first
      await own[Symbol.asyncDispose]()
      await own[Symbol.asyncDispose]()
      expect(await process.ended).toMatchObject({ exitCode: 137, reason: 'killed' })
      const refused = { code: 'HOST_CLOSED' }
      const job = { module, root, guest: GUEST, stdin: undefined, stdout() {}, stderr() {} }
      expect(() => own.start(job)).toThrow(expect.objectContaining(refused) as Error)
      await expect(own.prepareModule({ kind: 'host-file', path: STREAMS })).rejects.toMatchObject(
        refused,
      )
      await expect(own.prepareRoot('a', async () => FILES)).rejects.toMatchObject(refused)
      expect(own.inUse()).toMatchObject({ slots: 0, threads: 0 })
    })
  })

  describe(`${name}: a worker that dies`, () => {
    let faulty: Cell
    beforeAll(() => {
      faulty = ownCell(2, true)
    })
    afterAll(() => faulty[Symbol.asyncDispose]())

    it.each(['worker exits', 'internal fault', 'heap limit'])(
      'of “%s” is the end of its own process alone',
      async (fault) => {
        const neighbour = await beginAndHear(faulty, { module: HOSTILE_OUTPUT, args: ['flood'] })
        await neighbour.first
        const lost = await ran(faulty, { guest: { args: [fault] } })
        expect(lost).toMatchObject({ reason: 'lost', exitCode: 137, oomKilled: false })
        expect(lost.message).toContain('its worker died')
        // The seat is free again, and whoever sits there next notices nothing.
        expect(await ran(faulty, { args: ['both'] })).toMatchObject({
          exitCode: 7,
          stdout: 'out\n',
        })
        neighbour.process.kill('killed')
        expect(await neighbour.process.ended).toMatchObject({ reason: 'killed' })
        expect(faulty.inUse().slots).toBe(0)
      },
    )
  })
}

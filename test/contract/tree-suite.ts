import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Cell, CellProcess } from '../../src/contract/cell.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import type { Tree, TreeAnswer, TreeRequest } from '../../src/contract/tree.ts'
import { GUEST, jobOf, never } from '../support/cell-jobs.ts'
import { piecesOf, tarOf } from '../support/tar.ts'
import type { OpenCell } from './cell-suite.ts'

const TREE = 'guests/build/tree.wasm'
const RULES = { noOverwriteDirNonDir: false, copyUIDGID: false }

/** What can be asked of a container's files, whatever cell has them, and whether something runs there. */
export function treeSuite(name: string, open: OpenCell): void {
  let directory = ''
  let cell: Cell
  let layer = ''
  let count = 0
  let running: CellProcess | undefined
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tree-suite-'))
    cell = open({ dataDirectory: directory, slots: 4, faulty: false })
  })
  afterAll(async () => {
    await cell[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })
  beforeEach(() => {
    running = undefined
    count += 1
    layer = join(directory, `${count}`, 'upper')
  })

  async function start(steps: readonly string[], limits: Partial<Limits> = {}) {
    const all = { ...DEFAULT_LIMITS, ...limits }
    let heard = (): void => {}
    const ready = new Promise<void>((resolve) => {
      heard = resolve
    })
    const stdout = () => heard()
    const spec = { module: TREE, args: steps, stdin: never().input, stdout, guest: { limits: all } }
    const process = cell.start({ ...(await jobOf(cell, spec)), writableLayer: layer })
    return { process, ready }
  }
  async function ask<R extends TreeRequest>(
    request: R,
    input?: AsyncIterable<Uint8Array>,
    more: Partial<Tree> = {},
  ): Promise<TreeAnswer<R['verb']>> {
    const { root } = await jobOf(cell, {})
    const { mounts, readOnlyRoot, limits, user } = GUEST
    const guest = { mounts, readOnlyRoot, limits, user }
    const tree = { root, writableLayer: layer, guest, pid: running?.pid, ...more }
    return await cell.tree(tree, request, input)
  }
  async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const pieces: Uint8Array[] = []
    for await (const piece of bytes) pieces.push(piece)
    return Buffer.concat(pieces)
  }
  const put = async (path: string, content: string) =>
    await ask(
      { verb: 'put', path: '/', rules: RULES },
      piecesOf(await tarOf([{ name: path, content }])),
    )

  /** Each way a container may be while it is asked. */
  const STATES: Readonly<Record<string, (steps: readonly string[]) => Promise<void>>> = {
    'that rests': async (steps) => {
      await (await start(steps)).process.ended
    },
    'whose guest computes': async (steps) => {
      const { process, ready } = await start([...steps, 'spin'])
      running = process
      await ready
    },
    'whose guest waits': async (steps) => {
      const { process, ready } = await start([...steps, 'wait'])
      running = process
      await ready
    },
    'whose guest is held to a part of a CPU': async (steps) => {
      const { process, ready } = await start([...steps, 'spin'], { cpuQuota: 5_000 })
      running = process
      await ready
    },
  }

  describe.each(Object.keys(STATES))(`${name}: the files of a container %s`, (state) => {
    const begin = (steps: readonly string[]) => STATES[state]?.(steps) ?? Promise.resolve()
    const end = async (): Promise<void> => {
      running?.kill('killed')
      await running?.ended
      running = undefined
    }
    it('are told, got, and found changed', async () => {
      await begin(['write:/new:text', 'symlink:new:/link', 'remove:/hello'])
      expect((await ask({ verb: 'stat', path: '/link' })).value).toMatchObject({
        name: 'link',
        type: 'symlink',
        linkTarget: '/new',
      })
      const got = await ask({ verb: 'get', path: '/new' })
      expect(got.value).toMatchObject({ name: 'new', type: 'regular', size: 4, mode: 0o644 })
      expect((await whole(got.bytes)).toString('latin1')).toContain('text')
      expect((await ask({ verb: 'changes' })).value).toEqual(
        [
          { path: '/dev', kind: 'added' },
          { path: '/hello', kind: 'deleted' },
          { path: '/link', kind: 'added' },
          { path: '/new', kind: 'added' },
          { path: '/proc', kind: 'added' },
          { path: '/sys', kind: 'added' },
          { path: '/sys/fs', kind: 'added' },
          { path: '/sys/fs/cgroup', kind: 'added' },
          // What this image lacks, and its container has for its own files and mounts.
          { path: '/etc', kind: 'added' },
        ].sort((a, b) => (a.path < b.path ? -1 : 1)),
      )
      expect((await ask({ verb: 'size' })).value).toBeGreaterThan(0)
      await end()
    })
    it('take an archive, and the next run finds it', async () => {
      await begin(['write:/old:x'])
      await put('made/by/hand', 'content')
      expect((await ask({ verb: 'stat', path: '/made/by/hand' })).value.size).toBe(7)
      await end()
      expect((await (await start(['read:/made/by/hand'])).process.ended).exitCode).toBe(0)
      expect((await (await start(['read:/old'])).process.ended).exitCode).toBe(0)
    })
    it('refuse what is not there, and what is no archive, and stay as they were', async () => {
      await begin([])
      await expect(ask({ verb: 'stat', path: '/none' })).rejects.toMatchObject({
        code: 'NO_SUCH_PATH',
      })
      await expect(ask({ verb: 'get', path: '/none' })).rejects.toMatchObject({
        code: 'NO_SUCH_PATH',
      })
      const broken = ask({ verb: 'put', path: '/', rules: RULES }, piecesOf(Buffer.alloc(700, 'x')))
      await expect(broken).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' })
      const climbing = await tarOf([{ name: '../../../x', content: '' }])
      const out = ask({ verb: 'put', path: '/tmp', rules: RULES }, piecesOf(climbing))
      await expect(out).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' })
      await expect(ask({ verb: 'stat', path: '/x' })).rejects.toMatchObject({
        code: 'NO_SUCH_PATH',
      })
      await end()
    })
    it('are got as they were when they were asked for, though they change meanwhile', async () => {
      await begin(['fill:/large:2'])
      const { bytes } = await ask({ verb: 'get', path: '/large' })
      const first = await bytes.next()
      await put('large', 'small now')
      const rest = await whole(bytes)
      expect((first.value?.length ?? 0) + rest.length).toBeGreaterThan(2 * 2 ** 20)
      expect((await ask({ verb: 'stat', path: '/large' })).value.size).toBe(9)
      await end()
    })
    it('are let go by whoever wants no more of them', async () => {
      await begin(['fill:/large:2'])
      for (let times = 0; times < 3; times += 1) {
        const { bytes } = await ask({ verb: 'get', path: '/large' })
        await bytes.next()
        await bytes.return()
      }
      await end()
      const scratch = join(directory, 'tmp')
      expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([])
    })
  })

  describe(`${name}: a process that has ended`, () => {
    it('cannot be asked any more', async () => {
      const { process } = await start([])
      await process.ended
      const asked = ask({ verb: 'stat', path: '/' }, undefined, { pid: process.pid })
      await expect(asked).rejects.toMatchObject({ code: 'PROCESS_GONE' })
    })
    it('may be asked before it has a thread', async () => {
      const own = open({ dataDirectory: join(directory, 'own'), slots: 1, faulty: false })
      const job = await jobOf(own, { module: TREE, args: ['spin'] })
      const process = own.start({ ...job, writableLayer: layer })
      const { mounts, readOnlyRoot, limits, user } = GUEST
      const guest = { mounts, readOnlyRoot, limits, user }
      const tree = { root: job.root, writableLayer: layer, guest, pid: process.pid }
      expect((await own.tree(tree, { verb: 'stat', path: '/hello' })).value.size).toBe(6)
      process.kill('killed')
      await process.ended
      await own[Symbol.asyncDispose]()
    })
    it('answers nothing that it was asked too late', async () => {
      const { process, ready } = await start(['spin'])
      await ready
      running = process
      process.kill('killed')
      const asked = await Promise.allSettled([ask({ verb: 'stat', path: '/' }), process.ended])
      expect(asked[1]).toMatchObject({ status: 'fulfilled' })
      // Asked before its end it may have answered; after it, never.
      if (asked[0].status === 'rejected') {
        expect(asked[0].reason).toMatchObject({ code: 'PROCESS_GONE' })
      }
      running = undefined
      // The worker's next process is not asked in its place.
      expect((await (await start(['show:/tmp'])).process.ended).exitCode).toBe(0)
    })
  })
}

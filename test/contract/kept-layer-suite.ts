import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellExit } from '../../src/contract/cell.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/contract/limits.ts'
import { jobOf, never } from '../support/cell-jobs.ts'
import type { OpenCell } from './cell-suite.ts'

const TREE = 'guests/build/tree.wasm'

interface Run {
  readonly limits?: Partial<Limits>
  readonly keep?: boolean
}

/** What a container's files are after its end, whatever cell ran it. */
export function keptLayerSuite(name: string, open: OpenCell): void {
  let directory = ''
  let layer = ''
  let cell: Cell
  let files = 0
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kept-layer-'))
    cell = open({ dataDirectory: directory, slots: 4, faulty: false })
  })
  afterAll(async () => {
    await cell[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })
  const newLayer = (): void => {
    files += 1
    layer = join(directory, 'containers', `${files}`, 'upper')
  }

  async function begin(on: Cell, args: readonly string[], { limits, keep = true }: Run = {}) {
    let stdout = ''
    let heard = (): void => {}
    const first = new Promise<void>((resolve) => {
      heard = resolve
    })
    const job = await jobOf(on, {
      module: TREE,
      args,
      stdin: never().input,
      stdout: (bytes) => {
        stdout += Buffer.from(bytes).toString()
        heard()
      },
      guest: { limits: { ...DEFAULT_LIMITS, ...limits } },
    })
    const process = on.start({ ...job, ...(keep && { writableLayer: layer }) })
    return { process, first, written: () => stdout }
  }
  async function ran(args: readonly string[], run: Run = {}) {
    const { process, written } = await begin(cell, args, run)
    const exit = await process.ended
    return { ...exit, stdout: written() }
  }
  const shown = async (...paths: readonly string[]): Promise<string> =>
    (await ran(paths.map((path) => `show:${path}`))).stdout

  describe(`${name}: a kept writable layer`, () => {
    it('is taken up by the next run: files, links, directories, what was removed', async () => {
      newLayer()
      const steps = [
        'mkdir:/d',
        'write:/d/text:one',
        'link:/d/text:/d/again',
        'symlink:../hello:/d/link',
        'mkdir:/d/empty',
        'fill:/d/large:3',
        'remove:/hello',
        'rename:/tmp:/var-tmp',
      ]
      expect(await ran(steps)).toMatchObject({ exitCode: 0, stdout: '', layerLoss: undefined })
      const tree = [
        '/d/',
        '/d/again 3 bytes, 2 names',
        '/d/empty/',
        '/d/large 3145728 bytes, 1 names',
        '/d/link -> ../hello',
        '/d/text 3 bytes, 2 names',
        '/var-tmp/',
        'show:/hello: No such file or directory',
        'show:/tmp: No such file or directory',
        '',
      ].join('\n')
      const again = ['/d', '/var-tmp', '/hello', '/tmp']
      expect(await shown(...again)).toBe(tree)
      expect(await shown(...again)).toBe(tree)
      // Both names are still one file.
      expect((await ran(['write:/d/again:two!', 'read:/d/text'])).stdout).toBe('/d/text = two!\n')
    })
    it('is not there for a job that asks for none', async () => {
      newLayer()
      await ran(['write:/mine:x'], { keep: false })
      expect((await ran(['read:/mine'])).stdout).toBe('read:/mine: No such file or directory\n')
      expect((await ran(['read:/mine'], { keep: false })).exitCode).toBe(1)
    })
    it.each<[string, readonly string[], Partial<Limits>, Partial<CellExit>]>([
      ['its own code', ['write:/a:x', 'nothing'], {}, { reason: 'exit', exitCode: 1 }],
      ['a trap', ['write:/a:x', 'trap'], {}, { reason: 'trap' }],
      ['its fuel', ['write:/a:x', 'spin'], { fuel: 50_000_000n }, { reason: 'fuel' }],
      ['its memory', ['write:/a:x', 'grow'], { memory: 2 ** 24 }, { reason: 'memory' }],
    ])('is kept by a run that ends by %s', async (_, steps, limits, exit) => {
      newLayer()
      expect(await ran(steps, { limits })).toMatchObject({ ...exit, layerLoss: undefined })
      expect((await ran(['read:/a'])).stdout).toBe('/a = x\n')
    })
    it.each([
      ['computes', 'spin', 'killed'],
      ['waits', 'wait', 'killed'],
      ['computes', 'spin', 'timeout'],
    ] as const)('is kept when a guest that %s (%s) is ended: %s', async (_, last, reason) => {
      newLayer()
      const { process, first } = await begin(cell, ['write:/a:x', last])
      await first
      process.kill(reason)
      expect(await process.ended).toMatchObject({ reason, layerLoss: undefined })
      expect((await ran(['read:/a'])).stdout).toBe('/a = x\n')
    })
    it('stays as it was when a worker dies, and the exit says so', async () => {
      newLayer()
      await ran(['write:/a:before'])
      const before = readFileSync(layer)
      const own = open({ dataDirectory: join(directory, 'own'), slots: 1, faulty: true })
      const job = await jobOf(own, { module: TREE })
      const guest = { ...job.guest, args: ['worker exits'] }
      const exit = await own.start({ ...job, guest, writableLayer: layer }).ended
      expect(exit).toMatchObject({
        reason: 'lost',
        layerLoss: expect.stringContaining('lost') as string,
      })
      await own[Symbol.asyncDispose]()
      expect(readFileSync(layer).equals(before)).toBe(true)
      expect((await ran(['read:/a'])).stdout).toBe('/a = before\n')
    })
    it('is kept by a cell that is closed while the guest runs', async () => {
      newLayer()
      const own = open({ dataDirectory: join(directory, 'own'), slots: 1, faulty: false })
      const { process, first } = await begin(own, ['write:/a:x', 'spin'])
      await first
      await own[Symbol.asyncDispose]()
      expect(await process.ended).toMatchObject({ reason: 'killed', layerLoss: undefined })
      expect((await ran(['read:/a'])).stdout).toBe('/a = x\n')
    })
    it('that cannot be written is told, and leaves nothing half made', async () => {
      newLayer()
      // A name that is as long as names may be leaves no room for the one it is made under.
      const own = layer
      layer = own.replace(/upper$/, 'u'.repeat(255))
      expect(await ran(['write:/a:x'])).toMatchObject({
        exitCode: 0,
        reason: 'exit',
        layerLoss: expect.stringMatching(
          /^what the container had written .* is lost: .*ENAMETOOLONG/,
        ) as string,
      })
      layer = own
      await ran([])
    })
    it('that is damaged refuses the start with a reason', async () => {
      newLayer()
      await ran(['write:/a:x'])
      const whole = readFileSync(layer)
      for (const bytes of [whole.subarray(0, 30), whole.subarray(0, -1), Buffer.from('no layer')]) {
        writeFileSync(layer, bytes)
        await expect(ran(['read:/a'])).rejects.toMatchObject({ code: 'LAYER_DAMAGED' })
        expect(readFileSync(layer).equals(bytes)).toBe(true)
      }
    })
    it('that holds more than the limits allow refuses the start', async () => {
      newLayer()
      await ran(['fill:/large:2'])
      const limits = { disk: 2 ** 20 }
      await expect(ran(['read:/a'], { limits })).rejects.toMatchObject({ code: 'INVALID_LIMIT' })
      expect((await ran(['show:/large'])).stdout).toBe('/large 2097152 bytes, 1 names\n')
    })
    it('leaves no other file beside it', () => {
      for (const each of readdirSync(join(directory, 'containers'))) {
        expect(readdirSync(join(directory, 'containers', each))).toEqual(['upper'])
      }
    })
  })
}

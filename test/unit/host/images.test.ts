import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NpmPackage } from '../../../src/engine/image/catalogue.ts'
import { openImages } from '../../../src/host/images.ts'
import { tarballOf } from '../../support/archives.ts'
import { cutAfter, openRegistry } from '../../support/npm-registry.ts'

let registry: Awaited<ReturnType<typeof openRegistry>>
let base = ''
let source: NpmPackage
const SHARED = randomBytes(50_000)

/** A catalogue of three images of one package, and a host's images with that catalogue. */
async function open() {
  const entry = (files: readonly object[]) => ({
    description: 'd',
    licence: 'l',
    source,
    files,
    config: { Entrypoint: ['/bin/x'] },
  })
  const common = { from: 'shared', to: '/bin/shared' }
  const catalogue = {
    a: entry([{ from: 'a', to: '/bin/x' }, common]),
    b: entry([{ from: 'b', to: '/bin/x' }, common]),
    tree: entry([{ unpack: 'tree.tar.gz', strip: 1, to: '/sys' }]),
  }
  writeFileSync(join(base, 'catalogue.json'), JSON.stringify(catalogue))
  return openImages({ dataDirectory: join(base, 'data'), packageRoot: base })
}
const files = (kind: string): readonly string[] => {
  try {
    return readdirSync(join(base, 'data', kind))
  } catch {
    return []
  }
}
const whole = (): readonly string[] => files('downloads').filter((name) => !name.endsWith('.part'))

beforeEach(async () => {
  registry = await openRegistry()
  base = mkdtempSync(join(tmpdir(), 'images-'))
  mkdirSync(join(base, 'guests'))
  const tree = await tarballOf([
    [{ name: 'top', type: 'directory', mode: 0o700 }],
    [{ name: 'top/lib/x' }, 'library'],
    [{ name: 'top/link', type: 'symlink', linkname: 'lib/x' }],
  ])
  const tarball = await tarballOf([
    [{ name: 'package/a' }, 'a'],
    [{ name: 'package/b' }, 'b'],
    [{ name: 'package/shared' }, SHARED],
    [{ name: 'package/tree.tar.gz' }, tree],
  ])
  source = registry.publish('1.0.0', tarball)
})
afterEach(async () => {
  await registry.close()
  rmSync(base, { recursive: true })
})

describe('images of one package', () => {
  it('need one download: the second is pulled with no registry in reach', async () => {
    const { surface } = await open()
    await surface.pull('a')
    await registry.shut()
    const progress: string[] = []
    const image = await surface.pull('b', { onProgress: ({ status }) => progress.push(status) })
    expect(image.files.map(({ path }) => path)).toEqual(['/bin/x', '/bin/shared'])
    expect(new Set(progress)).toEqual(new Set(['Extracting']))
  })
  it('cannot be pulled with no registry in reach and nothing here', async () => {
    await registry.shut()
    const { surface } = await open()
    await expect(surface.pull('a')).rejects.toMatchObject({ code: 'PULL_FAILED' })
  })
  it('share a download that is under way', async () => {
    const { surface } = await open()
    const pulled = await Promise.all(['a', 'b', 'a', 'tree'].map((name) => surface.pull(name)))
    expect(pulled.map(({ name }) => name)).toEqual(['a', 'b', 'a', 'tree'])
    expect(registry.asked).toHaveLength(1)
  })
  it('share a download although the one who began it leaves', async () => {
    const { surface } = await open()
    const controller = new AbortController()
    registry.answers.push(cutAfter(30_000))
    const leaving = surface.pull('a', {
      signal: controller.signal,
      onProgress: ({ received }) => received > 0 && controller.abort('bored'),
    })
    const staying = surface.pull('b')
    await expect(leaving).rejects.toBe('bored')
    expect((await staying).name).toBe('b')
  })
  it('keep what others need when one is removed, and nothing when all are', async () => {
    const { surface } = await open()
    for (const name of ['a', 'b', 'tree']) await surface.pull(name)
    // a, b, what they share, and the library.
    expect([files('blobs/sha256').length, whole().length]).toEqual([4, 1])
    await surface.remove('a')
    expect([files('blobs/sha256').length, whole().length]).toEqual([3, 1])
    expect((await (await open()).root('b', {})).config.Entrypoint).toEqual(['/bin/x'])
    await surface.remove('b')
    expect([files('blobs/sha256').length, whole().length]).toEqual([1, 1])
    await surface.remove('tree')
    expect([files('blobs/sha256'), whole()]).toEqual([[], []])
    expect(await surface.list()).toEqual([])
  })
})

describe('an image', () => {
  it('has the files of an archive, where the catalogue says', async () => {
    const { root } = await open()
    const layer = await (await root('tree', {})).files()
    const own = layer.filter(({ path }) => /^\/sys\/li/.test(path))
    expect(own).toMatchObject([
      { path: '/sys/lib', type: 'directory', mode: 0o755, uid: 0 },
      { path: '/sys/lib/x', type: 'regular', mode: 0o644, size: 7, uid: 0 },
      { path: '/sys/link', type: 'symlink', linkTarget: 'lib/x' },
    ])
    expect(layer.find(({ path }) => path === '/sys')?.mode).toBe(0o755)
  })
  it('that is here is not pulled again, unless its catalogue entry changes', async () => {
    const first = await (await open()).surface.pull('a')
    await registry.shut()
    const again = await (await open()).surface.pull('a')
    expect(again).toEqual(first)
    source = { ...source, bytes: source.bytes + 1 }
    await expect((await open()).surface.pull('a')).resolves.not.toEqual(first)
  })
  it('that lost a blob is pulled again, by name and by a run', async () => {
    const { surface, root } = await open()
    const image = await surface.pull('a')
    rmSync(join(base, 'data', 'blobs'), { recursive: true })
    await (await open()).root('a', {})
    expect(files('blobs/sha256')).toHaveLength(2)
    rmSync(join(base, 'data', 'blobs'), { recursive: true })
    expect((await surface.pull('a')).id).toBe(image.id)
    expect(files('blobs/sha256')).toHaveLength(2)
    expect((await root('a', {})).key).toBe(image.id)
  })
  it('that another host removes and pulls again is looked up again', async () => {
    const { surface, root } = await open()
    const first = await root('a', {})
    expect(await root('a', {})).toBe(first)
    const other = (await open()).surface
    await other.remove('a')
    await registry.shut()
    await expect(root('a', {})).rejects.toMatchObject({ code: 'PULL_FAILED' })
    await expect(surface.inspect('a')).rejects.toMatchObject({ code: 'NO_SUCH_IMAGE' })
  })
  it('of a record of another format is not there, and is replaced by a pull', async () => {
    const { surface } = await open()
    const image = await surface.pull('a')
    const record = join(base, 'data', 'images', 'a%3Alatest.json')
    writeFileSync(record, JSON.stringify({ ...image, format: undefined }))
    expect(await surface.list()).toEqual([])
    await surface.pull('a')
    expect(await surface.list()).toHaveLength(1)
  })
  it('has one layer and the size of its files', async () => {
    const { surface } = await open()
    const image = await surface.pull('a')
    expect(image.size).toBe(50_001)
    const inspected = await surface.inspect('a')
    expect(inspected.RootFS.Layers).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)])
    expect(inspected.Size).toBe(50_001)
  })
})

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
async function open(now = () => 0) {
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
    below: {
      description: 'd',
      licence: 'l',
      source: { guest: 'tools' },
      files: [
        { directory: '1777', to: '/tmp' },
        { from: 'tools.wasm', to: '/bin/tools', applets: '/bin' },
        { link: '/bin/ls', to: '/usr/bin/ls' },
        { own: 'below/motd', to: '/etc/motd', mode: '644' },
        { own: 'below/motd', to: '/bin/x', mode: '600' },
      ],
      config: { Cmd: ['ls'], Env: ['PATH=/bin', 'A=below'] },
    },
    above: {
      ...entry([{ from: 'a', to: '/bin/x' }]),
      from: 'below',
      config: { Entrypoint: ['/bin/x'], Env: ['A=above'] },
    },
  }
  writeFileSync(join(base, 'catalogue.json'), JSON.stringify(catalogue))
  return openImages({ dataDirectory: join(base, 'data'), packageRoot: base, now })
}
/** A module of many tools, as far as an image looks at it. */
const toolsNamed = (names: string): Buffer =>
  Buffer.from(`\0asm\x01\0\0\0\0${String.fromCharCode(8 + names.length)}\x07applets${names}`)
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
  mkdirSync(join(base, 'guests', 'build'), { recursive: true })
  mkdirSync(join(base, 'images', 'below'), { recursive: true })
  writeFileSync(join(base, 'images', 'below', 'motd'), 'hello')
  writeFileSync(join(base, 'guests', 'build', 'tools.wasm'), toolsNamed('ls\nsh\n'))
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
  it('that another host removes is looked up again, after 10 ms', async () => {
    let now = 0
    const { surface, root } = await open(() => now)
    const first = await root('a', {})
    expect(await root('a', {})).toBe(first)
    const other = (await open()).surface
    await other.remove('a')
    await registry.shut()
    now += 9.9
    expect(await root('a', {})).toBe(first)
    now += 0.1
    await expect(root('a', {})).rejects.toMatchObject({ code: 'PULL_FAILED' })
    await expect(surface.inspect('a')).rejects.toMatchObject({ code: 'NO_SUCH_IMAGE' })
  })
  it('that is removed here is looked up again at once', async () => {
    const { surface, root } = await open()
    await root('a', {})
    await surface.remove('a')
    await registry.shut()
    await expect(root('a', {})).rejects.toMatchObject({ code: 'PULL_FAILED' })
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

describe('an image of the package itself', () => {
  it('has a link for each name of its program, and the files it ships', async () => {
    const { surface } = await open()
    const image = await surface.pull('below')
    expect(image.files.map(({ modified: _, ...file }) => file)).toMatchObject([
      { type: 'directory', path: '/tmp', mode: 0o1777 },
      { type: 'regular', path: '/bin/tools', mode: 0o755 },
      { type: 'symlink', path: '/bin/ls', target: 'tools' },
      { type: 'symlink', path: '/bin/sh', target: 'tools' },
      { type: 'symlink', path: '/usr/bin/ls', target: '/bin/ls' },
      { type: 'regular', path: '/etc/motd', mode: 0o644, size: 5 },
      { type: 'regular', path: '/bin/x', mode: 0o600, size: 5 },
    ])
    expect(registry.asked).toEqual([])
  })
  it('is made anew when its program or one of its files is another, and only then', async () => {
    const { surface } = await open()
    const first = await surface.pull('below')
    expect(await surface.pull('below')).toEqual(first)
    writeFileSync(join(base, 'guests', 'build', 'tools.wasm'), toolsNamed('ls\ncp\n'))
    const second = await surface.pull('below')
    expect(second.files.map(({ path }) => path)).toContain('/bin/cp')
    writeFileSync(join(base, 'images', 'below', 'motd'), 'goodbye')
    const third = await surface.pull('below')
    expect(new Set([first.id, second.id, third.id]).size).toBe(3)
  })
  it('cannot be pulled where its program was not built', async () => {
    rmSync(join(base, 'guests', 'build', 'tools.wasm'))
    const { surface } = await open()
    await expect(surface.pull('above')).rejects.toMatchObject({
      code: 'PULL_FAILED',
      message: 'tools.wasm is not in this package; npm run build:guests makes guests',
    })
  })
})

describe('an image on another one', () => {
  it('has the files of both, its own before the other’s, and tells two layers', async () => {
    const { surface } = await open()
    const below = await surface.pull('below')
    const image = await surface.pull('above')
    expect(image.files.map(({ path }) => path)).toEqual(below.files.map(({ path }) => path))
    const [own, other] = [image, below].map(({ files: all }) =>
      all.find(({ path }) => path === '/bin/x'),
    )
    expect([own, other]).toMatchObject([{ mode: 0o755, size: 1 }, { mode: 0o600 }])
    const [layer] = (await surface.inspect('below')).RootFS.Layers
    const { RootFS, Size } = await surface.inspect('above')
    expect(RootFS.Layers).toEqual([layer, expect.stringMatching(/^sha256:[0-9a-f]{64}$/)])
    expect(new Set(RootFS.Layers).size).toBe(2)
    // What lies under a file of its own takes no room in what it is.
    expect(Size).toBe(below.size - 5 + 1)
  })
  it('has the variables of both, and its own command', async () => {
    const { config } = await (await open()).surface.pull('above')
    expect(config).toMatchObject({ Entrypoint: ['/bin/x'], Cmd: [], Env: ['PATH=/bin', 'A=above'] })
  })
  it('does without the other’s record, and is changed with it', async () => {
    const { surface } = await open()
    const first = await surface.pull('above')
    expect((await surface.list()).map(({ name }) => name)).toEqual(['above'])
    writeFileSync(join(base, 'images', 'below', 'motd'), 'goodbye')
    expect((await surface.pull('above')).id).not.toBe(first.id)
    await surface.remove('above')
    expect(files('blobs/sha256')).toEqual([])
  })
  it('keeps what it shares when the other is removed', async () => {
    const { surface, root } = await open()
    await surface.pull('below')
    const image = await surface.pull('above')
    await surface.remove('below')
    await registry.shut()
    expect((await root('above', {})).key).toBe(image.id)
  })
})

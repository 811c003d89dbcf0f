import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { BindFileSystem } from '../../../../src/kernel/mount/fs/bind.ts'
import { NodeHostDirectory } from '../../../../src/thread/host-directory.ts'
import { packRoot } from '../../../../src/thread/tree/pack.ts'
import { putArchive } from '../../../../src/thread/tree/put-archive.ts'
import { stagedArchive } from '../../../../src/thread/tree/staged-archive.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'
import { forgedHeader, piecesOf, type TarEntry, tarOf } from '../../../support/tar.ts'

const ROOM = 2 ** 20
const RULES = { noOverwriteDirNonDir: false, copyUIDGID: false }
const IMAGE = [
  directoryEntry('/in'),
  directoryEntry('/in/full'),
  fileEntry('/in/full/file', 'f'),
  fileEntry('/in/file', 'before'),
  linkEntry('/in/out', '/etc'),
  linkEntry('/in/up', '../..'),
  linkEntry('/in/self', 'self'),
  directoryEntry('/etc'),
  fileEntry('/etc/passwd', 'root'),
]

/** Every path of a container after this was put into /in. */
async function put(archive: Uint8Array, rules: Partial<typeof RULES> = {}, room = ROOM) {
  const ledger = new Ledger({ disk: room, inodes: 50 })
  const tree = treeOf(IMAGE, { ledger })
  const entries = await stagedArchive(piecesOf(archive), room)
  putArchive(tree.walker, '/in', entries, { rules: { ...RULES, ...rules }, owner: undefined })
  return tree
}

async function putEntries(entries: readonly TarEntry[], rules: Partial<typeof RULES> = {}) {
  const tree = await put(await tarOf(entries), rules)
  const names: string[] = []
  for (const entry of await stagedArchive(packRoot(tree.walker), ROOM)) {
    const { bytes, text } = entry
    const what = entry.type === 'symlink' ? ` -> ${text}` : ` ${Buffer.from(bytes)}`
    names.push(`${entry.names.join('/')}${entry.type === 'directory' ? '/' : what}`)
  }
  return names.filter(
    (name) => !IMAGE.some(({ path, type }) => type === 'directory' && `/${name}` === `${path}/`),
  )
}

describe('an entry of an archive', () => {
  it.each<[string, readonly TarEntry[], readonly string[]]>([
    ['an absolute name', [{ name: '/abs', content: 'x' }], ['in/abs x']],
    ['dots inside', [{ name: './a/../b/./c', content: 'x' }], ['in/b/', 'in/b/c x']],
    [
      'no directory before it',
      [{ name: 'a/b/c', content: 'x' }],
      ['in/a/', 'in/a/b/', 'in/a/b/c x'],
    ],
    ['the name __proto__', [{ name: '__proto__', content: 'x' }], ['in/__proto__ x']],
    [
      'a link that leads anywhere',
      [{ name: 'l', type: 'symlink', linkname: '../../../x' }],
      ['in/l -> ../../../x'],
    ],
    [
      'a name through a link: the container follows it in its own root',
      [{ name: 'out/new', content: 'x' }],
      ['etc/new x'],
    ],
    [
      'a name through a link above the root: it stays there',
      [{ name: 'up/up/new', content: 'x' }],
      ['up/', 'up/new x'],
    ],
    ['a name that is a link: the link gives way', [{ name: 'out', content: 'x' }], ['in/out x']],
    [
      'a second name',
      [
        { name: 'one', content: 'x' },
        { name: 'two', type: 'link', linkname: 'one' },
      ],
      ['in/one x', 'in/two '],
    ],
  ])('with %s goes where Docker puts it', async (_, entries, expected) => {
    const names = await putEntries(entries)
    expect(
      names
        .filter(
          (name) =>
            !/^(in\/(file|full|up|self|out)|etc\/passwd)( |$|\/)/.test(name) ||
            expected.includes(name),
        )
        .toSorted(),
    ).toEqual([...expected].toSorted())
  })
  it.each<[string, readonly TarEntry[], string]>([
    ['climbs', [{ name: '../x', content: '' }], 'leads out of the directory'],
    ['climbs in its middle', [{ name: 'a/../../x', content: '' }], 'leads out of the directory'],
    [
      'links to what climbs',
      [{ name: 'x', type: 'link', linkname: '../../etc/passwd' }],
      'leads out of the directory',
    ],
    [
      'links to nothing',
      [{ name: 'x', type: 'link', linkname: 'none' }],
      'links to what is not there',
    ],
    [
      'is a device',
      [{ name: 'x', type: 'character-device', devmajor: 1 }],
      'is a character-device',
    ],
    ['is a block device', [{ name: 'x', type: 'block-device' }], 'is a block-device'],
    ['is a pipe', [{ name: 'x', type: 'fifo' }], 'is a fifo'],
    ['has a long name', [{ name: 'n'.repeat(256), content: '' }], 'is too long'],
    ['is deep', [{ name: 'd/'.repeat(257), type: 'directory' }], 'is too deep'],
    ['goes through a file', [{ name: 'file/x', content: '' }], 'not a directory'],
    ['goes through a link to itself', [{ name: 'self/x', content: '' }], 'too many levels'],
    [
      'is larger than the room',
      [{ name: 'x', content: new Uint8Array(ROOM) }],
      'no space left on device',
    ],
  ])('that %s is refused', async (_, entries, text) => {
    await expect(putEntries(entries)).rejects.toMatchObject({
      code: 'INVALID_ARCHIVE',
      message: expect.stringContaining(text) as string,
    })
  })
  it('replaces what stands there, unless the rules say no', async () => {
    const asFile = [{ name: 'full', content: 'x' }]
    const asDirectory = [{ name: 'file', type: 'directory' } as const]
    expect(await putEntries(asFile)).toContain('in/full x')
    expect(await putEntries(asDirectory)).toContain('in/file/')
    const rules = { noOverwriteDirNonDir: true }
    await expect(putEntries(asFile, rules)).rejects.toThrow('cannot overwrite directory')
    await expect(putEntries(asDirectory, rules)).rejects.toThrow('cannot overwrite non-directory')
  })
  it('that would take more inodes than there are ends the archive', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `n${at}`, content: '' }))
    await expect(putEntries(many)).rejects.toThrow('no space left on device')
  })
})

describe('an archive', () => {
  const one = { name: 'file', content: 'after' }
  it('may be gzipped', async () => {
    const { walker } = await put(gzipSync(await tarOf([one])))
    const found = walker.root.vnode.lookup('in')
    expect(found.ok && found.value.lookup('file').ok).toBe(true)
  })
  it('that is empty changes nothing', async () => {
    expect((await put(new Uint8Array())).root.memory.quota.bytes).toBe(0)
  })
  it.each([
    [
      'is cut short',
      async () => (await tarOf([{ name: 'x', content: 'y'.repeat(5_000) }])).subarray(0, 2_000),
    ],
    ['is no archive', async () => Buffer.from('no archive'.repeat(100))],
    ['is cut short and gzipped', async () => gzipSync(await tarOf([one])).subarray(0, 40)],
    ['claims a file of 8 GiB', () => forgedHeader(one, [[124, '77777777777\0']])],
    ['claims a size that is no number', () => forgedHeader(one, [[124, '9x9x9x9x9x9\0']])],
    [
      'claims a size beyond all',
      () => forgedHeader(one, [[124, '\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff']]),
    ],
    [
      'inflates without end',
      async () => gzipSync(await tarOf([{ name: 'z', content: new Uint8Array(ROOM) }])),
    ],
  ])('that %s is refused, and what was there stays', async (_, archive) => {
    await expect(put(await archive())).rejects.toMatchObject({ code: 'INVALID_ARCHIVE' })
  })
  it('is not put into what is no directory, or not there', async () => {
    const { walker } = treeOf(IMAGE)
    const at = (path: string) => () =>
      putArchive(walker, path, [], { rules: RULES, owner: undefined })
    expect(at('/in/file')).toThrow('extraction point is not a directory')
    expect(at('/none')).toThrow('Could not find the file /none')
    expect(at('/in/out')).not.toThrow()
  })
})

describe('what is mounted', () => {
  const host = mkdtempSync(join(tmpdir(), 'bound-'))
  writeFileSync(join(host, 'own'), 'own')
  const bound = (readOnly: boolean) => {
    const tree = treeOf(IMAGE)
    tree.mounts.mount('/in/full', new BindFileSystem(new NodeHostDirectory(host), 9), { readOnly })
    return tree
  }
  const into = async (
    tree: ReturnType<typeof treeOf>,
    path: string,
    entries: readonly TarEntry[],
  ) => {
    const staged = await stagedArchive(piecesOf(await tarOf(entries)), ROOM)
    putArchive(tree.walker, path, staged, { rules: RULES, owner: undefined })
  }
  it('takes what belongs there, and nothing beside it', async () => {
    await into(bound(false), '/in', [{ name: 'full/new', content: 'x' }])
    expect(readdirSync(host).sort()).toEqual(['new', 'own'])
    await into(bound(false), '/', [{ name: 'in/full/../../in/full/new', content: 'y' }])
    rmSync(join(host, 'new'))
  })
  it('is never removed to make room', async () => {
    await expect(into(bound(false), '/', [{ name: 'in', content: 'x' }])).rejects.toThrow('busy')
    expect(readdirSync(host)).toEqual(['own'])
  })
  it('says so when it is read-only, as a root does', async () => {
    const entry = [{ name: 'x', content: '' }]
    await expect(into(bound(true), '/in/full', entry)).rejects.toThrow(
      'mounted volume is marked read-only',
    )
    const tree = treeOf(IMAGE)
    tree.mounts.protectRoot()
    await expect(into(tree, '/in', entry)).rejects.toThrow('container rootfs is marked read-only')
    rmSync(host, { recursive: true })
  })
})

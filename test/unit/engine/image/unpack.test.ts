import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveEntries } from '../../../../src/engine/content/archive.ts'
import { Blobs } from '../../../../src/engine/content/blobs.ts'
import { unpackArchive } from '../../../../src/engine/image/unpack.ts'
import { type Entry, piecesOf, tarballOf, tarOf } from '../../../support/archives.ts'

let directory = ''
let blobs: Blobs
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'unpack-'))
  blobs = new Blobs(join(directory, 'blobs'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const unpack = (packed: Uint8Array, strip = 0) =>
  unpackArchive({ name: 'a.tar.gz', to: '/sys', strip }, piecesOf(packed), (bytes) =>
    blobs.put(bytes),
  )

/** The tree as lines: what it is, its mode, where it leads. */
async function treeOf(entries: readonly Entry[], strip = 0): Promise<readonly string[]> {
  const files = await unpack(await tarballOf(entries), strip)
  return files.map((file) => {
    if (file.type === 'symlink') return `${file.path} -> ${file.target}`
    const size = file.type === 'regular' ? ` ${file.size}` : ''
    return `${file.type} ${file.mode.toString(8)} ${file.path}${size}`
  })
}

const directoryAt = (name: string): Entry => [{ name, type: 'directory', mode: 0o700 }]
const linkAt = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]
const hardLinkAt = (name: string, linkname: string): Entry => [{ name, type: 'link', linkname }]

describe('unpackArchive', () => {
  it('keeps files, directories, links and their modes, below one directory', async () => {
    const tree = await treeOf([
      directoryAt('dir/'),
      [{ name: './dir/file', mode: 0o4751 }, 'abc'],
      [{ name: 'implied/deep/file', mode: 0o600 }, ''],
      linkAt('dir/link', '../implied/deep'),
      hardLinkAt('second', 'dir/file'),
    ])
    expect(tree).toEqual([
      'directory 700 /sys/dir',
      'regular 751 /sys/dir/file 3',
      'directory 755 /sys/implied',
      'directory 755 /sys/implied/deep',
      'regular 600 /sys/implied/deep/file 0',
      '/sys/dir/link -> ../implied/deep',
      'regular 751 /sys/second 3',
    ])
  })
  it('takes leading names off, and lets a later entry replace an earlier one', async () => {
    const entries: Entry[] = [
      directoryAt('top'),
      [{ name: 'top/a' }, 'old'],
      linkAt('top/b', 'a'),
      [{ name: 'top/a' }, 'newer'],
      [{ name: 'top/b' }, ''],
    ]
    expect(await treeOf(entries, 1)).toEqual(['regular 644 /sys/a 5', 'regular 644 /sys/b 0'])
  })
  it('writes to the host under digests only', async () => {
    await treeOf([[{ name: 'some/name' }, 'content']])
    for (const name of readdirSync(join(directory, 'blobs'))) expect(name).toMatch(/^[0-9a-f]{64}$/)
    expect(readdirSync(directory)).toEqual(['blobs'])
  })
  it.each<[string, Entry[]]>([
    ['climbs', [[{ name: '../x' }, 'x']]],
    ['climbs', [[{ name: 'a/../../x' }, 'x']]],
    ['climbs', [[{ name: 'a/../b' }, 'x']]],
    ['is absolute', [[{ name: '/etc/passwd' }, 'x']]],
    ['is absolute', [[{ name: '//x' }, 'x']]],
    ['has no name of its own', [[{ name: './' }, 'x']]],
    ['links to an absolute name', [linkAt('a', '/etc')]],
    ['links out of the archive', [linkAt('a', '..')]],
    ['links out of the archive', [linkAt('a/b', '../../x')]],
    ['links out of the archive', [linkAt('a/b', '../c/../../x')]],
    ['links to no name', [linkAt('a', '')]],
    ['leads through no directory', [linkAt('a', 'b'), [{ name: 'a/x' }, 'x']]],
    ['leads through no directory', [[{ name: 'a' }, 'x'], directoryAt('a/b')]],
    ['is a directory and is not', [directoryAt('a'), linkAt('a', 'b')]],
    ['is a directory and is not', [[{ name: 'a' }, 'x'], directoryAt('a')]],
    ['links to what is no file before it', [hardLinkAt('a', 'b'), [{ name: 'b' }, 'x']]],
    ['links to what is no file before it', [directoryAt('b'), hardLinkAt('a', 'b')]],
    ['climbs', [hardLinkAt('a', '../../etc/passwd')]],
    ['is absolute', [hardLinkAt('a', '/etc/passwd')]],
    ['is a whiteout', [[{ name: 'a/.wh.b' }, '']]],
    ['is too long', [[{ name: 'n'.repeat(256) }, 'x']]],
    ['is too long', [[{ name: 'n/'.repeat(2_100) }, 'x']]],
    ['is too deep', [[{ name: `${'n/'.repeat(256)}x` }, 'x']]],
    ['holds a character-device', [[{ name: 'a', type: 'character-device', devmajor: 1 }]]],
    ['holds a block-device', [[{ name: 'a', type: 'block-device' }]]],
    ['holds a fifo', [[{ name: 'a', type: 'fifo' }]]],
  ])('refuses what %s', async (why, entries) => {
    await expect(treeOf(entries)).rejects.toMatchObject({ code: 'INVALID_IMAGE' })
    await expect(treeOf(entries)).rejects.toThrow(why)
  })
  it('refuses an entry of a kind nobody knows', async () => {
    const bytes = await tarOf([[{ name: 'a' }, 'x']])
    await expect(unpack(gzipSync(withField(bytes, 156, 'Z')))).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
    })
  })
})

/** The first header of `archive` with other text at `at`, and a checksum that is right again. */
function withField(archive: Buffer, at: number, text: string | Buffer): Buffer {
  const changed = Buffer.from(archive)
  changed.set(Buffer.from(text), at)
  changed.fill(' ', 148, 156)
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return changed
}
const SIZE_AT = 124
const base256 = (...low: number[]) =>
  Buffer.concat([Buffer.of(0x80), Buffer.alloc(11 - low.length), Buffer.from(low)])

describe('an archive that lies about itself', () => {
  const one = (content: string) => tarOf([[{ name: 'a' }, content]])
  it.each<[string, () => Promise<Buffer>]>([
    ['is no gzip', async () => Buffer.from('not gzip')],
    ['is empty', async () => Buffer.of()],
    ['is no tar', async () => gzipSync(Buffer.alloc(5_000, 'x'))],
    ['is cut in its gzip', async () => gzipSync(await one('x')).subarray(0, 30)],
    ['is cut in its tar', async () => gzipSync((await one('x'.repeat(999))).subarray(0, 700))],
    [
      'has a size that is no number',
      async () => gzipSync(withField(await one('x'), SIZE_AT, '9z')),
    ],
    [
      'claims more bytes than come',
      async () => gzipSync(withField(await one('x'), SIZE_AT, base256(1, 0, 0, 0, 0))),
    ],
    [
      'claims more bytes than a number holds',
      async () =>
        gzipSync(withField(await one('x'), SIZE_AT, base256(...new Uint8Array(11).fill(255)))),
    ],
    [
      'has a negative size',
      async () => gzipSync(withField(await one('x'), SIZE_AT, Buffer.alloc(12, 255))),
    ],
    ['has a name of 2 MB', () => tarballOf([[{ name: 'n'.repeat(2 ** 21) }, 'x']])],
  ])('is refused when it %s', async (_, archive) => {
    await expect(archive().then(unpack)).rejects.toMatchObject({ code: 'INVALID_IMAGE' })
  })
  it('is refused when it inflates out of proportion', async () => {
    const bomb = await tarballOf([[{ name: 'a' }, Buffer.alloc(4 * 2 ** 20)]])
    expect(bomb.length).toBeLessThan(8_000)
    await expect(unpack(bomb)).rejects.toThrow('inflates to more than 200 times its size')
  })
  it.each<[string, object]>([
    ['more than 2 entries', { entries: 2 }],
    ['more than 2000 bytes', { bytes: 2_000 }],
    ['a header of more than 100 bytes', { headerBytes: 100 }],
  ])('is refused with %s', async (why, limit) => {
    const limits = { entries: 9, bytes: 99_999, ratio: 200, headerBytes: 9_999, ...limit }
    const pax = { comment: 'c'.repeat(200) }
    const archive = await tarballOf([[{ name: 'a', pax }], [{ name: 'b' }], [{ name: 'c' }]])
    const read = async (): Promise<void> => {
      for await (const _ of archiveEntries('a.tar.gz', piecesOf(archive), limits));
    }
    await expect(read()).rejects.toThrow(`a.tar.gz: ${why}`)
  })
})

import { describe, expect, it } from 'vitest'
import { readPackage } from '../../../../src/engine/image/npm-package.ts'
import { type Entry, piecesOf, tarballOf } from '../../../support/archives.ts'

async function read(entries: readonly Entry[], wanted: readonly string[]) {
  const found = new Map<string, string>()
  const tarball = piecesOf(await tarballOf(entries))
  await readPackage('thing@1.0.0', tarball, new Set(wanted), async (name, { content }) => {
    const pieces: Uint8Array[] = []
    for await (const piece of content) pieces.push(piece)
    found.set(name, Buffer.concat(pieces).toString())
  })
  return [...found]
}

describe('readPackage', () => {
  it('hands over the wanted files and no others', async () => {
    const entries: Entry[] = [
      [{ name: 'package/a.txt' }, 'A'],
      [{ name: 'package/b.txt' }, 'B'],
      [{ name: 'package/dir/c.txt' }, 'C'],
    ]
    expect(await read(entries, ['a.txt', 'dir/c.txt'])).toEqual([
      ['a.txt', 'A'],
      ['dir/c.txt', 'C'],
    ])
  })
  it('says which file a package lacks', async () => {
    await expect(read([[{ name: 'package/a.txt' }, 'A']], ['b.txt'])).rejects.toMatchObject({
      code: 'PULL_FAILED',
      message: 'thing@1.0.0 does not contain b.txt',
    })
  })
  it.each<[string, Entry]>([
    [
      'a link in the place of a file',
      [{ name: 'package/a.txt', type: 'symlink', linkname: '/etc/passwd' }],
    ],
    ['a name that climbs', [{ name: 'package/../../a.txt' }, 'x']],
  ])('does not take %s', async (_, entry) => {
    await expect(read([entry], ['a.txt'])).rejects.toMatchObject({ code: 'PULL_FAILED' })
  })
})

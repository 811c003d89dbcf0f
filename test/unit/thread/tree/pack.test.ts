import { linkSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tar from 'tar-stream'
import { afterAll, describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { fail } from '../../../../src/contract/result.ts'
import { BindFileSystem } from '../../../../src/kernel/mount/fs/bind.ts'
import { NodeHostDirectory } from '../../../../src/thread/host-directory.ts'
import { packPath } from '../../../../src/thread/tree/pack.ts'
import { directoryEntry, treeOf } from '../../../support/process.ts'

const TB = 2 ** 40

/** A directory of the host whose open files are counted, and may be told to refuse a name. */
class CountedDirectory extends NodeHostDirectory {
  opened = 0
  refuses: string | undefined

  override open(
    ...args: Parameters<NodeHostDirectory['open']>
  ): ReturnType<NodeHostDirectory['open']> {
    if (args[0].at(-1) === this.refuses) return fail(Errno.ACCES)
    const file = super.open(...args)
    if (!file.ok) return file
    this.opened += 1
    const close = file.value.close.bind(file.value)
    file.value.close = () => {
      this.opened -= 1
      close()
    }
    return file
  }
}

const directory = mkdtempSync(join(tmpdir(), 'packed-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A tar of a directory of the host, mounted in a container. */
function packed(of: string, refuses?: string) {
  const host = new CountedDirectory(of)
  host.refuses = refuses
  const tree = treeOf([directoryEntry('/m')])
  tree.mounts.mount('/m', new BindFileSystem(host, 9), { readOnly: true })
  return { host, archive: packPath(tree.walker, '/m') }
}

async function entriesOf(archive: AsyncIterable<Uint8Array>) {
  const extract = tar.extract()
  const pieces: Uint8Array[] = []
  for await (const piece of archive) pieces.push(piece)
  extract.end(Buffer.concat(pieces))
  const found: Record<string, Buffer> = {}
  for await (const entry of extract) {
    const content: Uint8Array[] = []
    for await (const piece of entry as AsyncIterable<Uint8Array>) content.push(piece)
    found[entry.header.name] = Buffer.concat(content)
  }
  return found
}

describe('a tar of what is mounted', () => {
  it('has every byte of small files and of large ones', async () => {
    const sizes = [0, 1, 65_535, 65_536, 65_537, 300_000]
    const contents = sizes.map((size) =>
      Buffer.from(Uint8Array.from({ length: size }, (_, at) => at * 7)),
    )
    for (const [at, content] of contents.entries())
      writeFileSync(join(directory, `f${at}`), content)
    linkSync(join(directory, 'f5'), join(directory, 'g'))
    const { host, archive } = packed(directory)
    const found = await entriesOf(archive)
    for (const [at, content] of contents.entries()) {
      expect([at, found[`m/f${at}`]?.equals(content)]).toEqual([at, true])
    }
    expect(Object.keys(found)).toEqual(['m/', ...sizes.map((_, at) => `m/f${at}`), 'm/g'])
    expect(host.opened).toBe(0)
  })
  it('leaves out what cannot be opened, and goes on', async () => {
    const { host, archive } = packed(directory, 'f1')
    expect(Object.keys(await entriesOf(archive))).toEqual([
      ...['m/', 'm/f0', 'm/f2', 'm/f3', 'm/f4', 'm/f5', 'm/g'],
    ])
    expect(host.opened).toBe(0)
  })
  it('of a sparse file of 1 TB begins at once, and lets go of it when its reader does', async () => {
    const own = join(directory, 'own')
    mkdirSync(own)
    writeFileSync(join(own, 'sparse'), '')
    truncateSync(join(own, 'sparse'), TB)
    const { host, archive } = packed(own)
    const extract = tar.extract()
    const sizes: number[] = []
    extract.on('entry', ({ size, type }, _, next) => {
      if (type === 'file') sizes.push(size ?? -1)
      next()
    })
    let bytes = 0
    for await (const piece of archive) {
      extract.write(piece)
      bytes += piece.length
      if (bytes > 2 ** 20) break
    }
    extract.destroy()
    expect(sizes).toEqual([TB])
    while (host.opened > 0) await new Promise((resolve) => setImmediate(resolve))
  })
})

import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostDirectory } from '../../../src/contract/host-directory.ts'
import { ROOT } from '../../../src/contract/identity.ts'
import type { Result } from '../../../src/contract/result.ts'
import { BindFileSystem } from '../../../src/kernel/mount/fs/bind.ts'
import { NodeHostDirectory } from '../../../src/thread/host-directory.ts'
import { must, said } from '../../support/errno.ts'

const SECRET = 'outside'
let host = ''
let directory: HostDirectory
beforeEach(() => {
  host = mkdtempSync(join(tmpdir(), 'bulkhead-host-'))
  for (const name of ['in', 'in/sub', 'out']) mkdirSync(join(host, name))
  writeFileSync(join(host, 'in', 'file'), 'inside')
  writeFileSync(join(host, 'in', 'sub', 'file'), 'below')
  writeFileSync(join(host, 'out', 'file'), SECRET)
  directory = new NodeHostDirectory(join(host, 'in'))
})
afterEach(() => rmSync(host, { recursive: true }))

const READ = { write: false, create: false }
const WRITE = { write: true, create: false }
const NEW = { write: true, create: true }

function textOf(names: readonly string[]): string {
  const file = must(directory.open(names, READ))
  const into = new Uint8Array(20)
  const count = must(file.read(into, 0))
  file.close()
  return new TextDecoder().decode(into.subarray(0, count))
}

/** Everything that takes a place, done to it. */
const DEEDS: Readonly<Record<string, (names: readonly string[]) => Result<unknown>>> = {
  stat: (names) => directory.stat(names),
  list: (names) => directory.list(names),
  readlink: (names) => directory.readlink(names),
  'open to read': (names) => directory.open(names, READ),
  'open to write': (names) => directory.open(names, WRITE),
  create: (names) => directory.open(names, NEW),
  mkdir: (names) => directory.createDirectory(names),
  rmdir: (names) => directory.removeDirectory(names),
  unlink: (names) => directory.unlink(names),
  'link from': (names) => directory.link(names, ['stolen']),
  'link to': (names) => directory.link(['file'], names),
  'rename from': (names) => directory.rename(names, ['stolen']),
  'rename to': (names) => directory.rename(['file'], names),
  'set times': (names) => directory.setTimes(names, 1n, 1n),
}
const outside = () => ({
  names: readdirSync(join(host, 'out')),
  text: readFileSync(join(host, 'out', 'file'), 'utf8'),
  top: readdirSync(host),
})

describe('a directory of the host', () => {
  it('is read and written below its root', () => {
    expect(textOf(['file'])).toBe('inside')
    expect(textOf(['sub', 'file'])).toBe('below')
    expect(must(directory.list([])).toSorted()).toEqual(['file', 'sub'])
    const file = must(directory.open(['sub', 'new'], NEW))
    expect(must(file.write(new TextEncoder().encode('abc'), 1))).toBe(3)
    must(file.truncate(3))
    must(file.sync())
    file.close()
    expect(readFileSync(join(host, 'in', 'sub', 'new'), 'latin1')).toBe('\0ab')
  })
  it('may be a single file', () => {
    directory = new NodeHostDirectory(join(host, 'in', 'file'))
    expect(textOf([])).toBe('inside')
    expect(said(directory.stat(['x']))).toBe('NOTDIR')
  })
  it('may itself be named by a link', () => {
    symlinkSync('in', join(host, 'named'))
    directory = new NodeHostDirectory(join(host, 'named'))
    expect(textOf(['file'])).toBe('inside')
  })
  it.each(Object.keys(DEEDS))('%s goes through no name that is not one', (deed) => {
    const before = outside()
    const bad = ['..', '.', '', '../out', 'a/b', '/', '/etc', 'nul\0', 'sub/../../out/file']
    for (const name of bad) {
      expect([name, said(DEEDS[deed]?.([name]) ?? directory.stat([name]))]).toEqual([name, 'INVAL'])
      expect(said(DEEDS[deed]?.(['sub', name]) ?? directory.stat([name]))).toBe('INVAL')
    }
    expect(outside()).toEqual(before)
  })
  it.each(Object.keys(DEEDS))('%s goes through no link in the middle of a path', (deed) => {
    symlinkSync('../out', join(host, 'in', 'relative'))
    symlinkSync(join(host, 'out'), join(host, 'in', 'absolute'))
    symlinkSync('sub', join(host, 'in', 'harmless'))
    const before = outside()
    for (const name of ['relative', 'absolute', 'harmless']) {
      for (const last of ['file', 'new']) {
        expect(said(DEEDS[deed]?.([name, last]) ?? directory.stat([name]))).toBe('NOTDIR')
      }
    }
    expect(outside()).toEqual(before)
  })
  it('tells a link at the end, and follows it nowhere', () => {
    symlinkSync('../out/file', join(host, 'in', 'leak'))
    symlinkSync('../out/made', join(host, 'in', 'dangling'))
    expect(must(directory.stat(['leak']))).toMatchObject({ type: 'symlink', size: 11 })
    expect(must(directory.readlink(['leak']))).toBe('../out/file')
    const answers = [READ, WRITE, NEW].map((how) => said(directory.open(['leak'], how)))
    expect(answers).toEqual(['PERM', 'PERM', 'EXIST'])
    expect(said(directory.open(['dangling'], NEW))).toBe('EXIST')
    expect(said(directory.list(['leak']))).toBe('NOTDIR')
    must(directory.setTimes(['leak'], 1n, 1n))
    must(directory.unlink(['leak']))
    expect(outside()).toMatchObject({ names: ['file'], text: SECRET })
  })
  it('lists no directory behind a link that came where a directory was', () => {
    symlinkSync('../out', join(host, 'in', 'leak'))
    const { root } = new BindFileSystem(directory, 9)
    must(root.createDirectory('dir', 0o755, ROOT))
    const held = must(root.lookup('dir'))
    must(root.removeDirectory('dir'))
    must(root.rename('leak', root, 'dir'))
    expect(said(held.list())).toBe('NOTDIR')
    expect(said(held.lookup('file'))).toBe('NOTDIR')
    expect(said(directory.list(['dir']))).toBe('NOTDIR')
  })
  it('opens nothing that stands where a real directory was when it was looked at', () => {
    // The place of the check and of the use, with the swap in between: the directory on the way was
    // real when the walk passed it, and is a link when the system opens the file.
    const swapped = new NodeHostDirectory(join(host, 'in'))
    const original = join(host, 'in', 'sub')
    const watched: readonly string[] = Object.assign(['sub', 'file'], {
      // The walk reads each name once more after the checks: entries() is what it iterates.
      entries: function* entries(this: string[]) {
        for (let index = 0; index < this.length; index += 1) {
          yield [index, this[index] ?? ''] as [number, string]
        }
        renameSync(original, join(host, 'in', 'was'))
        symlinkSync('../out', original)
      },
    })
    expect(said(swapped.open(watched, READ))).toBe('ACCES')
    expect(existsSync(join(host, 'in', 'was'))).toBe(true)
  })
  it('goes on with an open file whatever its name becomes', () => {
    const file = must(directory.open(['file'], WRITE))
    renameSync(join(host, 'in', 'file'), join(host, 'in', 'moved'))
    symlinkSync('../out/file', join(host, 'in', 'file'))
    must(file.write(new TextEncoder().encode('I'), 0))
    must(file.truncate(2))
    must(file.setTimes(5n * 10n ** 9n, 6n * 10n ** 9n))
    expect(must(file.stat())).toMatchObject({ type: 'regular', size: 2, modified: 6n * 10n ** 9n })
    file.close()
    expect(readFileSync(join(host, 'in', 'moved'), 'utf8')).toBe('In')
    expect(outside().text).toBe(SECRET)
  })
  it.runIf(process.platform !== 'win32')('opens nothing but files: a socket is seen', async () => {
    const server = createServer()
    await once(server.listen(join(host, 'in', 'socket')), 'listening')
    expect(must(directory.stat(['socket'])).type).toBe('other')
    expect(said(directory.open(['socket'], READ))).toBe('PERM')
    expect(said(directory.open(['socket'], WRITE))).toBe('PERM')
    await once(server.close(), 'close')
  })
  it('answers what the host answers', () => {
    expect(said(directory.stat(['none']))).toBe('NOENT')
    expect(said(directory.open(['sub'], READ))).toBe('ISDIR')
    expect(said(directory.open(['file'], NEW))).toBe('EXIST')
    expect(said(directory.createDirectory(['sub']))).toBe('EXIST')
    expect(said(directory.removeDirectory(['sub']))).toBe('NOTEMPTY')
    expect(said(directory.unlink(['none']))).toBe('NOENT')
    expect(said(directory.stat(['n'.repeat(300)]))).toBe('NAMETOOLONG')
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import type { Credentials } from '../../src/contract/identity.ts'
import { ROOT } from '../../src/contract/identity.ts'
import type { FileHandle, FileStat, Vnode } from '../../src/kernel/mount/vnode.ts'
import { must, said } from '../support/errno.ts'
import { FILE_SYSTEMS, type FileSystemName, type Subject } from '../support/file-systems.ts'

const ANN: Credentials = { uid: 1_000, gid: 100, groups: [] }
const BOTH = { read: true, write: true }
const READ = { read: true, write: false }
const encode = (text: string) => new TextEncoder().encode(text)

const at = ({ fs }: Subject, path: string): Vnode =>
  path
    .split('/')
    .filter((name) => name !== '')
    .reduce<Vnode>((node, name) => must(node.lookup(name)), fs.root)

const microseconds = (ns: bigint): number => Math.abs(Number(ns)) / 1_000
const stat = (subject: Subject, path: string): FileStat => must(at(subject, path).stat())
const names = (node: Vnode): readonly string[] => must(node.list()).map(({ name }) => name)

function textOf(node: Vnode): string {
  const handle = must(node.open(READ))
  const into = new Uint8Array(100)
  const count = must(handle.read(into, 0))
  handle.close()
  return new TextDecoder().decode(into.subarray(0, count))
}

function writing<T>(node: Vnode, work: (handle: FileHandle) => T): T {
  const handle = must(node.open(BOTH))
  const done = work(handle)
  handle.close()
  return done
}

/** What every file system does. A title is the behaviour. */
const CASES: Readonly<Record<string, (subject: Subject) => void>> = {
  'lists what is there, without dots, each with the inode and type of its stat': (subject) => {
    const root = subject.fs.root
    expect(names(root).toSorted()).toEqual(
      ['empty', 'empty2', 'file', 'full', 'full2', 'link', 'link2', 'other'].toSorted(),
    )
    for (const { name, inode, type } of must(root.list())) {
      expect({ inode, type }).toEqual({
        inode: stat(subject, name).inode,
        type: stat(subject, name).type,
      })
      expect(at(subject, name).inode).toBe(inode)
    }
  },
  'has one device, distinct inodes, and its root as the parent of the root': (subject) => {
    const all = ['', 'file', 'other', 'empty', 'full', 'full/inner', 'link']
    expect(new Set(all.map((path) => stat(subject, path).device))).toEqual(new Set([7]))
    expect(new Set(all.map((path) => stat(subject, path).inode)).size).toBe(all.length)
    expect(subject.fs.root.parent().inode).toBe(subject.fs.root.inode)
    expect(at(subject, 'full').parent().inode).toBe(subject.fs.root.inode)
  },
  'answers NOENT for what is missing and NOTDIR below a file': (subject) => {
    expect(said(subject.fs.root.lookup('none'))).toBe('NOENT')
    const file = at(subject, 'file')
    const answers = [file.lookup('x'), file.list(), file.createFile('x', 0o644, ROOT)]
    expect(answers.map(said)).toEqual(['NOTDIR', 'NOTDIR', 'NOTDIR'])
    expect(said(file.createDirectory('x', 0o755, ROOT))).toBe('NOTDIR')
    expect([file.unlink('x'), file.removeDirectory('x')].map(said)).toEqual(['NOTDIR', 'NOTDIR'])
    expect(said(subject.fs.root.unlink('none'))).toBe('NOENT')
    expect(said(subject.fs.root.removeDirectory('none'))).toBe('NOENT')
    expect(said(subject.fs.root.rename('none', subject.fs.root, 'x'))).toBe('NOENT')
  },
  'makes a file, a directory: found, listed, empty': (subject) => {
    const { root } = subject.fs
    const file = must(root.createFile('new', 0o644, ROOT))
    expect(file.inode).toBe(at(subject, 'new').inode)
    expect(stat(subject, 'new')).toMatchObject({ type: 'regular', size: 0, links: 1 })
    must(root.createDirectory('dir', 0o755, ROOT))
    expect(names(at(subject, 'dir'))).toEqual([])
    expect(names(root)).toContain('new')
  },
  'takes no name twice': (subject) => {
    const { root } = subject.fs
    for (const name of ['file', 'empty', 'full', 'link']) {
      expect(said(root.createFile(name, 0o644, ROOT))).toBe('EXIST')
      expect(said(root.createDirectory(name, 0o755, ROOT))).toBe('EXIST')
      expect(said(root.link(name, at(subject, 'other')))).toBe('EXIST')
    }
  },
  'takes odd names as they are': (subject) => {
    const odd = ['__proto__', 'constructor', ' ', 'a b', '...', 'ünïcödé', '\u{1f600}', '-', '*']
    const directory = at(subject, 'empty')
    for (const name of odd) must(directory.createFile(name, 0o644, ROOT))
    expect(names(directory).toSorted()).toEqual(odd.toSorted())
    for (const name of odd) must(directory.unlink(name))
    expect(said(directory.lookup('toString'))).toBe('NOENT')
  },
  'reads what was written, anywhere in it': (subject) => {
    const node = at(subject, 'file')
    expect(textOf(node)).toBe('hello')
    const into = new Uint8Array(9)
    writing(node, (handle) => {
      expect(must(handle.write(encode('LL'), 2))).toBe(2)
      expect(must(handle.read(into, 1))).toBe(4)
      expect(must(handle.read(into, 5))).toBe(0)
      expect(must(handle.read(into, 99))).toBe(0)
    })
    expect(textOf(at(subject, 'file'))).toBe('heLLo')
    expect(stat(subject, 'file').size).toBe(5)
  },
  'shows zeros where nothing was written': (subject) => {
    writing(at(subject, 'file'), (handle) => must(handle.write(encode('x'), 8)))
    expect(textOf(at(subject, 'file'))).toBe('hello\0\0\0x')
  },
  'cuts and grows with zeros, and shows none of what was cut': (subject) => {
    const node = at(subject, 'file')
    must(node.truncate(2))
    expect(textOf(at(subject, 'file'))).toBe('he')
    must(node.truncate(4))
    expect(textOf(at(subject, 'file'))).toBe('he\0\0')
    expect(said(at(subject, 'empty').truncate(0))).toBe('INVAL')
  },
  'goes on serving an open file that was renamed, then removed': (subject) => {
    const { root } = subject.fs
    const handle = must(at(subject, 'file').open(BOTH))
    const open = handle.vnode ?? at(subject, 'file')
    must(root.rename('file', at(subject, 'empty'), 'moved'))
    must(root.createFile('file', 0o644, ROOT))
    must(handle.write(encode('J'), 0))
    expect(textOf(at(subject, 'empty/moved'))).toBe('Jello')
    expect(stat(subject, 'file').size).toBe(0)
    must(at(subject, 'empty').unlink('moved'))
    must(handle.write(encode('!'), 5))
    const into = new Uint8Array(9)
    expect(must(handle.read(into, 0))).toBe(6)
    expect(must(open.stat())).toMatchObject({ size: 6, links: 0 })
    must(open.truncate(1))
    expect(must(handle.read(into, 0))).toBe(1)
    expect(stat(subject, 'file').size).toBe(0)
    handle.close()
  },
  'opens no directory as a file': (subject) => {
    expect(said(at(subject, 'empty').open(READ))).toBe('ISDIR')
  },
  'removes names by their kind': (subject) => {
    const { root } = subject.fs
    expect(said(root.unlink('empty'))).toBe('ISDIR')
    expect(said(root.removeDirectory('file'))).toBe('NOTDIR')
    expect(said(root.removeDirectory('link'))).toBe('NOTDIR')
    expect(said(root.removeDirectory('full'))).toBe('NOTEMPTY')
    must(root.unlink('file'))
    must(root.unlink('link'))
    must(root.removeDirectory('empty'))
    for (const name of ['file', 'link', 'empty']) expect(said(root.lookup(name))).toBe('NOENT')
    expect(names(root)).not.toContain('file')
  },
  'makes and removes one name again and again': (subject) => {
    const { root } = subject.fs
    for (let turn = 0; turn < 3; turn += 1) {
      must(root.unlink('file'))
      must(root.createDirectory('file', 0o755, ROOT))
      expect(names(at(subject, 'file'))).toEqual([])
      must(root.removeDirectory('file'))
      must(root.createFile('file', 0o644, ROOT))
      expect(textOf(at(subject, 'file'))).toBe('')
    }
  },
  'has nothing in a directory that was removed, and takes nothing into it': (subject) => {
    const gone = at(subject, 'full')
    must(gone.unlink('inner'))
    must(subject.fs.root.removeDirectory('full'))
    const list = gone.list()
    expect(list.ok ? list.value : []).toEqual([])
    expect(said(gone.lookup('inner'))).toBe('NOENT')
    expect(said(gone.createFile('x', 0o644, ROOT))).toBe('NOENT')
    expect(said(gone.createDirectory('x', 0o755, ROOT))).toBe('NOENT')
    expect(said(subject.fs.root.rename('file', gone, 'x'))).toBe('NOENT')
    expect(textOf(at(subject, 'file'))).toBe('hello')
  },
  'gives one file many names': (subject) => {
    const { root } = subject.fs
    must(root.link('second', at(subject, 'file')))
    must(at(subject, 'empty').link('third', at(subject, 'second')))
    const { inode } = stat(subject, 'file')
    expect(stat(subject, 'empty/third')).toMatchObject({ inode, links: 3 })
    writing(at(subject, 'second'), (handle) => must(handle.write(encode('J'), 0)))
    expect(textOf(at(subject, 'empty/third'))).toBe('Jello')
    must(root.unlink('file'))
    expect(stat(subject, 'second')).toMatchObject({ inode, links: 2 })
    expect(textOf(at(subject, 'second'))).toBe('Jello')
    expect(said(root.link('fourth', at(subject, 'empty')))).toBe('PERM')
  },
  'links a link itself': (subject) => {
    must(subject.fs.root.link('second', at(subject, 'link')))
    expect(stat(subject, 'second')).toMatchObject({ type: 'symlink', links: 2 })
  },
  'tells a link by its text and the bytes of it': (subject) => {
    expect(must(at(subject, 'link').readlink())).toBe('file')
    expect(stat(subject, 'link')).toMatchObject({ type: 'symlink', size: 4 })
    expect(said(at(subject, 'file').readlink())).toBe('INVAL')
  },
  'makes links': (subject) => {
    must(subject.fs.root.createSymlink('new', 'näh', ANN))
    expect(must(at(subject, 'new').readlink())).toBe('näh')
    expect(stat(subject, 'new')).toMatchObject({ type: 'symlink', size: 4, uid: 1_000 })
  },
  'keeps times, and moves the time of change': (subject) => {
    const time = 1_234_567_890_123_456_000n
    const node = at(subject, 'file')
    const before = must(node.stat())
    must(node.setTimes({ accessed: time, modified: time + 1_000n }))
    const after = stat(subject, 'file')
    expect(microseconds(after.accessed - time)).toBeLessThanOrEqual(1)
    expect(microseconds(after.modified - time)).toBeLessThanOrEqual(2)
    expect(after.changed).toBeGreaterThan(before.changed)
    must(node.setTimes({ modified: 5_000_000_000n }))
    expect(stat(subject, 'file').modified).toBe(5_000_000_000n)
    expect(microseconds(stat(subject, 'file').accessed - time)).toBeLessThanOrEqual(1)
  },
  'keeps times to the nanosecond': (subject) => {
    must(at(subject, 'file').setTimes({ modified: 1_234_567_890_123_456_789n }))
    expect(stat(subject, 'file').modified).toBe(1_234_567_890_123_456_789n)
  },
  'sets the times of a link, not of what it leads to': (subject) => {
    const before = stat(subject, 'file').modified
    must(at(subject, 'link').setTimes({ modified: 7_000_000_000n }))
    expect(stat(subject, 'link').modified).toBe(7_000_000_000n)
    expect(stat(subject, 'file').modified).toBe(before)
  },
  'moves the times of a directory when its names change': (subject) => {
    const node = at(subject, 'empty')
    must(node.setTimes({ modified: 1_000_000_000n }))
    must(node.createFile('x', 0o644, ROOT))
    expect(stat(subject, 'empty').modified).toBeGreaterThan(1_000_000_000n)
    must(node.setTimes({ modified: 1_000_000_000n }))
    must(node.unlink('x'))
    expect(stat(subject, 'empty').modified).toBeGreaterThan(1_000_000_000n)
  },
  'gives what is new the mode and owner that was asked': (subject) => {
    must(subject.fs.root.createFile('new', 0o640, ANN))
    expect(stat(subject, 'new')).toMatchObject({ mode: 0o640, uid: 1_000, gid: 100 })
    must(subject.fs.root.createDirectory('dir', 0o1777, ANN))
    expect(stat(subject, 'dir')).toMatchObject({ mode: 0o1777, uid: 1_000, gid: 100 })
  },
  'changes mode and owner': (subject) => {
    must(at(subject, 'file').setMode(0o4755))
    must(at(subject, 'file').setOwner(1_000, 100))
    expect(stat(subject, 'file')).toMatchObject({ mode: 0o4755, uid: 1_000, gid: 100, size: 5 })
    expect(textOf(at(subject, 'file'))).toBe('hello')
  },
  'counts the directories of a new directory as links': (subject) => {
    const made = must(subject.fs.root.createDirectory('new', 0o755, ROOT))
    const links = () => stat(subject, 'new').links
    expect(links()).toBe(2)
    must(made.createDirectory('a', 0o755, ROOT))
    must(made.createFile('f', 0o644, ROOT))
    expect(links()).toBe(3)
    must(made.rename('a', subject.fs.root, 'b'))
    expect(links()).toBe(2)
    must(subject.fs.root.rename('b', made, 'a'))
    expect(links()).toBe(3)
    must(made.removeDirectory('a'))
    expect(links()).toBe(2)
  },
  'refuses a file that is too large, and leaves it as it was': (subject) => {
    const node = at(subject, 'file')
    expect(['FBIG', 'INVAL']).toContain(said(node.truncate(2 ** 52)))
    const far = writing(node, (handle) => handle.write(encode('x'), 2 ** 52))
    expect(['FBIG', 'INVAL']).toContain(said(far))
    expect(stat(subject, 'file').size).toBe(5)
  },
  'refuses bytes beyond its quota, and takes those that fit': (subject) => {
    const node = at(subject, 'file')
    expect(said(node.truncate(2 ** 21))).toBe('NOSPC')
    expect(stat(subject, 'file').size).toBe(5)
    writing(node, (handle) => {
      const most = must(handle.write(new Uint8Array(2 ** 21), 0))
      expect(most).toBeGreaterThan(2 ** 19)
      expect(said(handle.write(encode('x'), 2 ** 20))).toBe('NOSPC')
      expect(stat(subject, 'file').size).toBe(most)
    })
  },
  'refuses inodes beyond its quota, and takes again after a removal': (subject) => {
    const directory = at(subject, 'empty')
    let made = 0
    while (directory.createFile(`f${made}`, 0o644, ROOT).ok) made += 1
    expect(said(directory.createFile('x', 0o644, ROOT))).toBe('DQUOT')
    expect(said(directory.createDirectory('x', 0o755, ROOT))).toBe('DQUOT')
    expect(names(directory)).toHaveLength(made)
    must(directory.unlink('f0'))
    must(directory.createFile('x', 0o644, ROOT))
  },
  'holds nothing more once everything that was made is gone': (subject) => {
    const { root } = subject.fs
    const before = subject.held()
    const directory = must(root.createDirectory('new', 0o755, ROOT))
    const file = must(directory.createFile('f', 0o644, ROOT))
    writing(file, (handle) => must(handle.write(new Uint8Array(50_000), 0)))
    must(directory.link('g', file))
    must(directory.createFile('h', 0o644, ROOT))
    must(directory.rename('g', directory, 'h'))
    must(directory.unlink('f'))
    const open = must(at(subject, 'new/h').open(READ))
    must(directory.unlink('h'))
    must(root.removeDirectory('new'))
    open.close()
    expect(subject.held()).toEqual(before)
  },
}

/** rename(2): the source in the row, the target in the column. */
const RENAME = `
           missing  other   link2   empty2  full2     file
  file     ok       ok      ok      ISDIR   ISDIR     ok
  link     ok       ok      ok      ISDIR   ISDIR     ok
  empty    ok       NOTDIR  NOTDIR  ok      NOTEMPTY  NOTDIR
  full     ok       NOTDIR  NOTDIR  ok      NOTEMPTY  NOTDIR
`
const [header = [], ...rows] = RENAME.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const RENAMES = rows.flatMap(([source = '', ...answers]) =>
  header.map((target, column) => ({ source, target, answer: answers[column] ?? '' })),
)

function renameCase(subject: Subject, source: string, target: string, answer: string): void {
  const { root } = subject.fs
  const { inode } = stat(subject, source)
  const before = subject.fs.root.lookup(target)
  expect(said(root.rename(source, root, target))).toBe(answer)
  const after = root.lookup(target)
  if (answer === 'ok') {
    expect(must(after).inode).toBe(inode)
    if (source !== target) expect(said(root.lookup(source))).toBe('NOENT')
    return
  }
  expect(must(after).inode).toBe(must(before).inode)
  expect(stat(subject, source).inode).toBe(inode)
}
const RENAME_CASES = Object.fromEntries(
  RENAMES.map(({ source, target, answer }) => [
    `renames ${source} to ${target}: ${answer}`,
    (subject: Subject) => renameCase(subject, source, target, answer),
  ]),
)

const MORE_RENAMES: typeof CASES = {
  'renames a directory with what is in it, and back': (subject) => {
    const { root } = subject.fs
    must(root.rename('full', at(subject, 'empty'), 'moved'))
    expect(textOf(at(subject, 'empty/moved/inner'))).toBe('inner')
    expect(at(subject, 'empty/moved').parent().inode).toBe(at(subject, 'empty').inode)
    must(at(subject, 'empty/moved').createFile('more', 0o644, ROOT))
    must(at(subject, 'empty').rename('moved', root, 'full'))
    expect(names(at(subject, 'full')).toSorted()).toEqual(['inner', 'more'])
    expect(names(at(subject, 'empty'))).toEqual([])
  },
  'renames no directory into itself': (subject) => {
    const { root } = subject.fs
    must(at(subject, 'full').createDirectory('sub', 0o755, ROOT))
    expect(said(root.rename('full', at(subject, 'full'), 'x'))).toBe('INVAL')
    expect(said(root.rename('full', at(subject, 'full/sub'), 'x'))).toBe('INVAL')
    expect(textOf(at(subject, 'full/inner'))).toBe('inner')
  },
  'changes nothing when both names are one file': (subject) => {
    const { root } = subject.fs
    must(root.link('second', at(subject, 'file')))
    must(root.rename('file', root, 'second'))
    expect(stat(subject, 'file').links).toBe(2)
    expect(textOf(at(subject, 'second'))).toBe('hello')
  },
  'renames over a file that is open': (subject) => {
    const handle = must(at(subject, 'other').open(READ))
    must(subject.fs.root.rename('file', subject.fs.root, 'other'))
    const into = new Uint8Array(9)
    const count = must(handle.read(into, 0))
    expect(new TextDecoder().decode(into.subarray(0, count))).toBe('other')
    expect(textOf(at(subject, 'other'))).toBe('hello')
    handle.close()
  },
  'takes no node of another file system': (subject) => {
    const other = FILE_SYSTEMS.tmpfs()
    expect(said(subject.fs.root.link('x', at(other, 'file')))).toBe('XDEV')
    expect(said(subject.fs.root.rename('file', other.fs.root, 'x'))).toBe('XDEV')
  },
}
const ALL_CASES = { ...CASES, ...RENAME_CASES, ...MORE_RENAMES }

const HOST_OWNS = 'modes and owners of the host are the host’s; all is root’s inside'
const HOST_QUOTA = 'what a bind may hold is the host’s to say'
/** Where a file system is different, and why. One that stops being so fails the suite. */
const DIFFERENCES: Readonly<Partial<Record<FileSystemName, Readonly<Record<string, string>>>>> = {
  bind: {
    'makes links': 'a link on the host could lead anybody out of the bind',
    'links a link itself': 'the same: another name for a link is another link',
    'gives what is new the mode and owner that was asked': HOST_OWNS,
    'changes mode and owner': HOST_OWNS,
    'keeps times to the nanosecond': 'Node takes times as seconds in a double',
    'refuses bytes beyond its quota, and takes those that fit': HOST_QUOTA,
  },
}
/** Cases that would fill the host's disk or end in its limits. */
const NOT_ON_A_HOST = ['refuses inodes beyond its quota, and takes again after a removal']

let subject: Subject | undefined
afterEach(() => {
  subject?.close()
  subject = undefined
})

// An object's keys, typed as what it was declared with.
const FILE_SYSTEM_NAMES = Object.keys(FILE_SYSTEMS) as FileSystemName[]
describe.each(FILE_SYSTEM_NAMES)('%s', (name) => {
  const differences = DIFFERENCES[name] ?? {}
  const cases = Object.entries(ALL_CASES).filter(
    ([title]) => name !== 'bind' || !NOT_ON_A_HOST.includes(title),
  )
  it.each(cases.filter(([title]) => differences[title] === undefined))('%s', (_, check) => {
    subject = FILE_SYSTEMS[name]()
    check(subject)
  })
  it.each(Object.entries(differences))('does not do what others do: %s (%s)', (title) => {
    const own = FILE_SYSTEMS[name]()
    subject = own
    expect(() => ALL_CASES[title]?.(own)).toThrow()
  })
})

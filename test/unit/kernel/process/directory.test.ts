import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { MemoryFileSystem } from '../../../../src/kernel/mount/fs/memory.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import {
  createDirectoryAt,
  removeDirectoryAt,
  renameAt,
} from '../../../../src/kernel/mount/path-operations.ts'
import {
  changeDirectory,
  changeToOpen,
  workingDirectoryOf,
} from '../../../../src/kernel/process/directory.ts'
import { createInodeStore } from '../../../../src/thread/inode-store.ts'
import { must, said } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, linkEntry } from '../../../support/process.ts'
import { containerOf, user } from '../../../support/process-tree.ts'

function setup() {
  const all = containerOf({
    files: [
      directoryEntry('/a'),
      directoryEntry('/a/b'),
      directoryEntry('/a/b/c'),
      directoryEntry('/private', 0o700),
      fileEntry('/file', 'hello'),
      linkEntry('/link', 'a/b'),
    ],
  })
  const parts = { store: createInodeStore(), ledger: new Ledger(), now: () => 0n, device: 9 }
  const fs = new MemoryFileSystem({ ...parts, mode: 0o755, limitBytes: undefined })
  must(all.mounts.mount('/a/mnt', fs, { readOnly: false }))
  const { walker, init } = all
  init.native = true
  const make = (path: string) => must(createDirectoryAt(walker, walker.root, path, 0o755))
  const remove = (path: string) => must(removeDirectoryAt(walker, walker.root, path))
  const move = (from: string, to: string) =>
    must(renameAt(walker, walker.root, from, walker.root, to))
  const where = () => {
    const path = workingDirectoryOf(init)
    return path.ok ? path.value : said(path)
  }
  const enter = (path: string) => said(changeDirectory(init, path))
  return { ...all, make, remove, move, where, enter }
}

describe('the working directory', () => {
  it.each([
    ['/', 'ok', '/'],
    ['/a/b', 'ok', '/a/b'],
    ['a/b/../b/./c/', 'ok', '/a/b/c'],
    ['/link', 'ok', '/a/b'],
    ['/link/..', 'ok', '/a'],
    ['/a/mnt', 'ok', '/a/mnt'],
    ['/a/mnt/..', 'ok', '/a'],
    ['../../..', 'ok', '/'],
    ['/file', 'NOTDIR', '/'],
    ['/file/x', 'NOTDIR', '/'],
    ['/none', 'NOENT', '/'],
    ['', 'NOENT', '/'],
  ])('chdir %s: %s, then it is %s', (path, answer, path2) => {
    const { enter, where, init } = setup()
    expect(enter(path)).toBe(answer)
    expect(where()).toBe(path2)
    expect(init.workingDirectory).toBe(path2)
  })
  it('needs the right to search it', () => {
    const { child, init } = setup()
    const other = child(init, { credentials: user(7) })
    expect(said(changeDirectory(other, '/private'))).toBe('ACCES')
    expect(said(changeDirectory(other, '/a'))).toBe('ok')
  })
  it('is called what it and those above it are called now', () => {
    const { enter, move, where } = setup()
    enter('/a/b/c')
    move('/a/b', '/a/d')
    expect(where()).toBe('/a/d/c')
    expect(enter('..')).toBe('ok')
    move('/a/d', '/e')
    expect(where()).toBe('/e')
  })
  it('is across mounts, whatever the names on the way become', () => {
    const { enter, make, where } = setup()
    make('/a/mnt/x')
    make('/a/mnt/x/y')
    enter('/a/mnt/x/y')
    expect(where()).toBe('/a/mnt/x/y')
    expect(enter('../../../b')).toBe('ok')
    expect(where()).toBe('/a/b')
  })
  it('has no name when it has been removed, also when another takes its place', () => {
    const { enter, make, remove, where } = setup()
    enter('/a/b/c')
    remove('/a/b/c')
    expect(where()).toBe('NOENT')
    make('/a/b/c')
    expect(where()).toBe('NOENT')
    expect(enter('/a/b/c')).toBe('ok')
    expect(where()).toBe('/a/b/c')
  })
  it('may be one that is open', () => {
    const { init, ledger, walker, where, enter } = setup()
    enter('/a/b')
    const access = { read: true, write: false }
    const open = (type: 'directory' | 'regular', place = init.directory) =>
      must(init.fds.add(new OpenFile({ type, place, access, handle: undefined, ledger })))
    const [directory, file] = [open('directory'), open('regular', walker.root)]
    enter('/')
    expect(said(changeToOpen(init, directory))).toBe('ok')
    expect(where()).toBe('/a/b')
    expect(said(changeToOpen(init, file))).toBe('NOTDIR')
    for (const fd of [77, -1, Number.NaN, 2 ** 32]) {
      expect(said(changeToOpen(init, fd))).toBe('BADF')
    }
  })
  it('of a program that does not know it is where its walker looks too', () => {
    const { init, enter } = setup()
    init.native = false
    enter('/a/b')
    expect(init.walker.workingDirectory).toEqual(init.directory)
    enter('/')
    expect(init.walker.workingDirectory).toBeUndefined()
  })
  const names = fc.constantFrom('p', 'q', 'r')
  const steps = fc.array(
    fc.record({ what: fc.constantFrom('make', 'move', 'enter'), from: names, to: names }),
    { maxLength: 25, size: 'max' },
  )
  type Step = { readonly what: string; readonly from: string; readonly to: string }

  /** Where it is after a step that was made from `path`. */
  function after({ walker, init, enter }: ReturnType<typeof setup>, path: string, step: Step) {
    const { what, from, to } = step
    if (what === 'make') createDirectoryAt(walker, init.directory, from, 0o755)
    if (what === 'enter' && enter(from) === 'ok') return `${path}/${from}`
    if (what !== 'move') return path
    // The last name of where it is becomes another.
    const other = `${path.slice(0, path.lastIndexOf('/'))}/${to}`
    return renameAt(walker, walker.root, path, walker.root, other).ok ? other : path
  }

  it('is where a list of names says, after any moves', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const container = setup()
        container.enter('/a')
        let path = '/a'
        for (const step of all) {
          path = after(container, path, step)
          expect(container.where()).toBe(path)
        }
      }),
      { numRuns: 50 },
    )
  })
})

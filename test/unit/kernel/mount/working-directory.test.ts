import { expect, it } from 'vitest'
import type { Result } from '../../../../src/contract/result.ts'
import { type Ending, walkPath } from '../../../../src/kernel/mount/path-walk.ts'
import type { Place, Walker } from '../../../../src/kernel/mount/place.ts'
import { must, said } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'

const { walker: outside } = treeOf([
  directoryEntry('/etc'),
  fileEntry('/etc/passwd', 'root'),
  directoryEntry('/app'),
  fileEntry('/app/script', 'x'),
  directoryEntry('/app/etc'),
  fileEntry('/app/etc/own', 'x'),
  fileEntry('/app/etc/passwd', 'not this one'),
  directoryEntry('/app/out'),
  linkEntry('/app/up', '../etc/passwd'),
])
const app = must(walkPath(outside, outside.root, '/app', true)).place as Place
const inside: Walker = { ...outside, workingDirectory: app }

/** Where a walk ends, by name: `+` when nothing is there yet. */
function whereabouts(result: Result<Ending>): string {
  if (!result.ok) return said(result)
  const { directory, name, place } = result.value
  let path = name
  for (let at = directory; at.vnode.inode !== outside.root.vnode.inode; ) {
    const parent = at.vnode.parent()
    const names = ['etc', 'app', 'out']
    const own = names.find((entry) => {
      const child = parent.lookup(entry)
      return child.ok && child.value.inode === at.vnode.inode
    })
    path = `${own}/${path}`
    at = { mount: at.mount, vnode: parent }
  }
  return `/${path}${place === undefined ? ' +' : ''}`
}

it.each([
  ['a name of the working directory', 'script', '/app/script'],
  ['a name of the root', 'etc/passwd', '/etc/passwd'],
  ['a name below a directory that both have', 'etc/own', '/app/etc/own'],
  ['a new name', 'new', '/app/new +'],
  ['a new name in a directory of the working directory', 'out/new', '/app/out/new +'],
  ['a new name in a directory of the root', 'etc/new', '/etc/new +'],
  ['a name in no directory', 'none/new', 'NOENT'],
  ['a name below a file of the root', 'etc/passwd/x', 'NOTDIR'],
  ['the working directory itself', '.', '/app/.'],
  ['the same with a slash', './', '/app/.'],
  ['a link of the working directory', 'up', '/etc/passwd'],
  ['an absolute name', '/script', '/script +'],
  ['a name above the working directory', '../etc/passwd', '/etc/passwd'],
])('%s: %s is %s', (_, path, expected) => {
  expect(whereabouts(walkPath(inside, inside.root, path, true))).toBe(expected)
})

it('a name relative to another directory is looked up there alone', () => {
  const etc = must(walkPath(inside, inside.root, '/etc', true)).place as Place
  expect(whereabouts(walkPath(inside, etc, 'script', true))).toBe('/etc/script +')
})

it('without a working directory nothing is looked up twice', () => {
  expect(whereabouts(walkPath(outside, outside.root, 'script', true))).toBe('/script +')
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import { changesOf } from '../../../../src/kernel/mount/changes.ts'
import type { Vnode } from '../../../../src/kernel/mount/vnode.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'

const IMAGE = [
  directoryEntry('/a'),
  fileEntry('/a/x', 'ax'),
  directoryEntry('/a/d'),
  fileEntry('/a/d/z', 'adz'),
  directoryEntry('/b'),
  directoryEntry('/b/d'),
  fileEntry('/b/d/q', 'bdq'),
  fileEntry('/f', 'f'),
  linkEntry('/l', 'f'),
]
const NOTHING: ReadonlySet<string> = new Set()

/** Each path with what can be told of it; directories by their attributes alone. */
function facts(root: Vnode): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const visit = (node: Vnode, path: string): void => {
    const stat = node.stat()
    if (!stat.ok) throw new Error('no stat')
    const { type, mode, uid, gid } = stat.value
    const text = node.type === 'symlink' ? node.readlink() : undefined
    if (path !== '') found.set(path, JSON.stringify([type, mode, uid, gid, text, bytesOf(node)]))
    const entries = node.list()
    for (const { name } of entries.ok ? entries.value : []) {
      const child = node.lookup(name)
      if (child.ok) visit(child.value, `${path}/${name}`)
    }
  }
  visit(root, '')
  return found
}

function bytesOf(node: Vnode): string {
  const handle = node.open({ read: true, write: false })
  if (!handle.ok) return ''
  const into = new Uint8Array(50)
  const count = handle.value.read(into, 0)
  handle.value.close()
  return Buffer.from(into.subarray(0, count.ok === true ? count.value : 0)).toString()
}

/**
 * What any diff of the two trees must tell, or may: a file that was written with what it had before is
 * told although nothing is to be seen; what a directory held that is gone, or is a file now, is not.
 */
function compared(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const gone = [...before.keys()].filter((one) => !after.has(one))
  const noMore = [...before.keys()].filter((one) => !after.get(one)?.startsWith('["directory"'))
  const top = gone.filter((one) => !noMore.some((above) => one.startsWith(`${above}/`)))
  const others = [...after].flatMap(([one, fact]): (readonly [string, string])[] => {
    if (!before.has(one)) return [[one, 'added']]
    return before.get(one) === fact ? [] : [[one, 'modified']]
  })
  return Object.fromEntries<string>([...top.map((one) => [one, 'deleted'] as const), ...others])
}

const name = fc.constantFrom<string>('a', 'b', 'd', 'f', 'x', 'z', 'q')
const path = fc.array(name, { minLength: 1, maxLength: 3 })
const operation = fc.record({
  op: fc.constantFrom('write', 'mkdir', 'remove', 'rename', 'chmod'),
  path,
  to: path,
})

function nodeAt(root: Vnode, names: readonly string[]): Vnode | undefined {
  let at: Vnode | undefined = root
  for (const one of names) {
    const next: ReturnType<Vnode['lookup']> | undefined = at?.lookup(one)
    at = next?.ok === true ? next.value : undefined
  }
  return at
}

function act(
  root: Vnode,
  { op, path: names, to }: typeof operation extends fc.Arbitrary<infer T> ? T : never,
) {
  const parent = nodeAt(root, names.slice(0, -1))
  const last = names.at(-1) ?? ''
  if (parent?.type !== 'directory') return
  if (op === 'mkdir') parent.createDirectory(last, 0o755, ROOT)
  else if (op === 'remove') parent.unlink(last).ok || parent.removeDirectory(last).ok
  else if (op === 'chmod') nodeAt(root, names)?.setMode(0o700)
  else if (op === 'rename') {
    const into = nodeAt(root, to.slice(0, -1))
    if (into?.type === 'directory') parent.rename(last, into, to.at(-1) ?? '')
  } else {
    const file = parent.createFile(last, 0o644, ROOT)
    const handle = file.ok ? file.value.open({ read: false, write: true }) : undefined
    if (handle?.ok === true) handle.value.write(new TextEncoder().encode('new'), 0)
  }
}

describe('the changes of a container', () => {
  it('are those between its image and its tree, whatever was done', () => {
    const before = facts(treeOf(IMAGE).root.root)
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const { root } = treeOf(IMAGE)
        for (const one of operations) act(root.root, one)
        const told = changesOf(root, NOTHING)
        const after = facts(root.root)
        const kind = Object.fromEntries(told.map((change) => [change.path, change.kind]))
        const must = compared(before, after)
        expect(kind).toMatchObject(must)
        // And nothing else, but for directories on the way and what was written over.
        const odd = told.filter(({ path: one, kind: its }) =>
          its === 'added' ? must[one] !== 'added' : after.has(one) !== (its === 'modified'),
        )
        expect(odd).toEqual([])
        expect(told.map((change) => change.path)).toEqual(Object.keys(kind).sort())
      }),
      { numRuns: 300 },
    )
  })
  it('are told with every directory on the way, and without what is spared', () => {
    const { root } = treeOf(IMAGE)
    act(root.root, { op: 'write', path: ['a', 'd', 'new'], to: [] })
    act(root.root, { op: 'remove', path: ['f'], to: [] })
    expect(changesOf(root, new Set(['/f']))).toEqual([
      { path: '/a', kind: 'modified' },
      { path: '/a/d', kind: 'modified' },
      { path: '/a/d/new', kind: 'added' },
    ])
  })
  it('of a directory that was only looked into are none', () => {
    const { root } = treeOf(IMAGE)
    act(root.root, { op: 'write', path: ['a', 'n'], to: [] })
    act(root.root, { op: 'remove', path: ['a', 'n'], to: [] })
    expect(changesOf(root, NOTHING)).toEqual([])
  })
  it('end where no path leads any more', () => {
    const { root } = treeOf([])
    let at: Vnode = root.root
    for (let depth = 0; depth < 5_000; depth += 1) {
      const made = at.createDirectory('d', 0o755, ROOT)
      if (!made.ok) throw new Error('no directory')
      at = made.value
    }
    expect(changesOf(root, NOTHING)).toHaveLength(2_048)
  })
})

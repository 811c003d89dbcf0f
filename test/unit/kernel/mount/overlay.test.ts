import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { buildLayerView, type LayerEntry } from '../../../../src/kernel/mount/layer-index.ts'
import { LayerView } from '../../../../src/kernel/mount/layer-view.ts'
import type { Vnode } from '../../../../src/kernel/mount/vnode.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'
import { sizeOfFile } from '../../../support/size-of-file.ts'

const IMAGE = [
  directoryEntry('/a'),
  fileEntry('/a/x', 'ax'),
  fileEntry('/a/y', 'ay'),
  directoryEntry('/a/d'),
  fileEntry('/a/d/z', 'adz'),
  fileEntry('/f', 'f'),
]

/** The plain tree that the overlay must look like: a text, or a map of names. */
type Model = string | Map<string, Model>

function modelOf(entries: readonly LayerEntry[]): Map<string, Model> {
  const root = new Map<string, Model>()
  for (const { path, type, data } of entries) {
    const names = path.split('/').slice(1)
    let at = root
    for (const name of names.slice(0, -1)) {
      const next = at.get(name)
      if (next instanceof Map) at = next
    }
    at.set(names.at(-1) ?? '', type === 'directory' ? new Map() : new TextDecoder().decode(data))
  }
  return root
}

function modelAt(root: Map<string, Model>, path: readonly string[]): Model | undefined {
  let at: Model | undefined = root
  for (const name of path) at = at instanceof Map ? at.get(name) : undefined
  return at
}

function nodeAt(root: Vnode, path: readonly string[]): Vnode | undefined {
  let at: Vnode | undefined = root
  for (const name of path) {
    const next: ReturnType<Vnode['lookup']> | undefined = at?.lookup(name)
    at = next?.ok === true ? next.value : undefined
  }
  return at
}

function textOf(node: Vnode): string {
  const handle = node.open({ read: true, write: false })
  if (!handle.ok) return '?'
  const stat = node.stat()
  const into = new Uint8Array(stat.ok ? stat.value.size + 1 : 0).fill(0x3f)
  const count = handle.value.read(into, 0)
  handle.value.close()
  return count.ok === true ? new TextDecoder().decode(into.subarray(0, count.value)) : '?'
}

/** The overlay as a model, by listing and reading. */
function seen(node: Vnode): Model {
  if (node.type !== 'directory') return textOf(node)
  const entries = node.list()
  if (!entries.ok) return '?'
  return new Map(
    entries.value
      .map(({ name }): [string, Model] => {
        const child = node.lookup(name)
        return [name, child.ok ? seen(child.value) : '?']
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const sorted = (model: Model): Model =>
  typeof model === 'string'
    ? model
    : new Map(
        [...model]
          .map(([k, v]): [string, Model] => [k, sorted(v)])
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      )

const name = fc.constantFrom('a', 'd', 'f', 'x', 'z')
const path = fc.array(name, { minLength: 1, maxLength: 3 })
const text = fc.string({ maxLength: 6 })
const operation = fc.oneof(
  fc.record({ op: fc.constant('write' as const), path, text }),
  fc.record({ op: fc.constant('mkdir' as const), path }),
  fc.record({ op: fc.constant('remove' as const), path }),
  fc.record({ op: fc.constant('rename' as const), path, to: path }),
)
/** Files of the image and own ones, written past their ends and cut, often one after the other. */
const file = fc.constantFrom(['f'], ['a', 'x'], ['x'])
const onFiles = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('put' as const), path: file, at: sizeOfFile, text }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('resize' as const), path: file, size: sizeOfFile }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('rename' as const), path: file, to: file }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('remove' as const), path: file }) },
)
type Operation = typeof operation | typeof onFiles extends fc.Arbitrary<infer T> ? T : never

/** Does it to the overlay; true when it was done. */
function act(root: Vnode, one: Operation): boolean {
  const parent = nodeAt(root, one.path.slice(0, -1))
  const last = one.path.at(-1) ?? ''
  if (parent === undefined) return false
  if (one.op === 'mkdir') return parent.createDirectory(last, 0o755, ROOT).ok
  if (one.op === 'remove') return parent.unlink(last).ok || parent.removeDirectory(last).ok
  if (one.op === 'rename') {
    const to = nodeAt(root, one.to.slice(0, -1))
    return to?.type === 'directory' && parent.rename(last, to, one.to.at(-1) ?? '').ok
  }
  const there = parent.lookup(last)
  const file = there.ok ? there : parent.createFile(last, 0o644, ROOT)
  if (!file.ok) return false
  if (one.op === 'resize') return file.value.truncate(one.size).ok
  const handle = file.value.open({ read: false, write: true })
  if (!handle.ok || (one.op === 'write' && !file.value.truncate(0).ok)) return false
  handle.value.write(new TextEncoder().encode(one.text), one.op === 'put' ? one.at : 0)
  handle.value.close()
  return true
}

/** The file's text after a write at a place, or a cut, with zeros where nothing was written. */
function altered(old: Model | undefined, one: Operation & { op: 'put' | 'resize' }): string {
  const was = typeof old === 'string' ? old : ''
  if (one.op === 'resize') return was.slice(0, one.size).padEnd(one.size, '\0')
  const { at, text: put } = one
  if (put === '') return was
  return was.slice(0, at).padEnd(at, '\0') + put + was.slice(at + put.length)
}

/** The same on the model, which only mirrors what was done. */
function mirror(root: Map<string, Model>, one: Operation): void {
  const parent = modelAt(root, one.path.slice(0, -1))
  const last = one.path.at(-1) ?? ''
  if (!(parent instanceof Map)) throw new Error('the model has no such directory')
  if (one.op === 'mkdir') parent.set(last, new Map())
  else if (one.op === 'remove') parent.delete(last)
  else if (one.op === 'write') parent.set(last, one.text)
  else if (one.op === 'put' || one.op === 'resize') parent.set(last, altered(parent.get(last), one))
  else {
    const to = modelAt(root, one.to.slice(0, -1))
    const moved = parent.get(last)
    if (!(to instanceof Map) || moved === undefined) throw new Error('the model has no such place')
    if (to === parent && last === one.to.at(-1)) return
    parent.delete(last)
    to.set(one.to.at(-1) ?? '', moved)
  }
}

/** Removes everything below a directory. */
function clear(node: Vnode): void {
  const entries = node.list()
  for (const { name } of entries.ok ? entries.value : []) {
    const child = node.lookup(name)
    if (child.ok && child.value.type === 'directory') clear(child.value)
    expect(node.unlink(name).ok || node.removeDirectory(name).ok).toBe(true)
  }
}

describe('the overlay', () => {
  it('looks like a plain tree after any operations, and its image never changes', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
        const { root } = treeOf(IMAGE)
        const model = modelOf(IMAGE)
        for (const one of operations) if (act(root.root, one)) mirror(model, one)
        expect(seen(root.root)).toEqual(sorted(model))
        const fresh = treeOf(IMAGE)
        expect(seen(fresh.root.root)).toEqual(sorted(modelOf(IMAGE)))
      }),
      { numRuns: 500 },
    )
  })
  it('shows zeros where its files were cut or never written, and nothing that was there before', () => {
    fc.assert(
      fc.property(fc.array(onFiles, { maxLength: 15 }), (operations) => {
        const { root } = treeOf(IMAGE)
        const model = modelOf(IMAGE)
        for (const one of operations) if (act(root.root, one)) mirror(model, one)
        expect(seen(root.root)).toEqual(sorted(model))
      }),
      { numRuns: 1_000 },
    )
  })
  it('holds what its ledger says, and nothing when all is removed', () => {
    const some = fc.array(fc.oneof(operation, onFiles), { maxLength: 20 })
    fc.assert(
      fc.property(some, (operations) => {
        const ledger = new Ledger()
        const { root } = treeOf([], { ledger })
        for (const one of operations) act(root.root, one)
        clear(root.root)
        expect(ledger.held()).toEqual({ memory: 0, disk: 0, inodes: 0, fds: 0, pids: 0 })
      }),
    )
  })
  it('keeps the inode number of a file that is copied up', () => {
    const { root } = treeOf(IMAGE)
    const before = nodeAt(root.root, ['a', 'x'])?.inode
    act(root.root, { op: 'write', path: ['a', 'x'], text: 'new' })
    expect(nodeAt(root.root, ['a', 'x'])?.inode).toBe(before)
  })
  it('goes on reading a file that was copied and removed while it was open', () => {
    const { root } = treeOf(IMAGE)
    const handle = nodeAt(root.root, ['f'])?.open({ read: true, write: false })
    act(root.root, { op: 'write', path: ['f'], text: 'new' })
    act(root.root, { op: 'remove', path: ['f'] })
    const into = new Uint8Array(9)
    const count = handle?.ok === true ? handle.value.read(into, 0) : undefined
    expect(count?.ok === true && new TextDecoder().decode(into.subarray(0, count.value))).toBe(
      'new',
    )
  })
})

describe('a layer view', () => {
  it('merges layers, with whiteouts and opaque directories', () => {
    const view = buildLayerView([
      IMAGE,
      [fileEntry('/a/.wh.x', ''), fileEntry('/g', 'g'), fileEntry('/a/d/.wh..wh..opq', '')],
    ])
    const a = view.lookup(0, 'a')
    expect(view.lookup(a, 'x')).toBe(-1)
    expect(view.lookup(a, 'y')).toBeGreaterThan(0)
    expect(view.lookup(view.lookup(a, 'd'), 'z')).toBe(-1)
    expect(new TextDecoder().decode(view.bytes(view.lookup(0, 'g')).slice())).toBe('g')
  })
  it('finds every file of any tree by its name, and no other', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(names, (found) => {
        const plain = found.filter((one) => !/[/\0]|^\.{1,2}$|^\.wh\./.test(one))
        const view = buildLayerView([plain.map((one) => fileEntry(`/${one}`, one))])
        const copy = new LayerView(view.parts)
        for (const one of plain) expect(copy.name(copy.lookup(0, one))).toBe(one)
        expect(copy.lookup(0, 'absent-from-all')).toBe(-1)
        expect([...copy.children(0)]).toHaveLength(plain.length)
      }),
    )
  })
  it.each([
    ['ASCII', 'a'.repeat(255)],
    ['two bytes a character', 'é'.repeat(255)],
    ['three bytes a character', '€'.repeat(255)],
    ['other letters behind ASCII ones', `${'a'.repeat(254)}é`],
  ])('finds the longest name in %s, and none of more bytes', (_, name) => {
    const view = buildLayerView([[fileEntry(`/${name}`, 'x')]])
    expect(view.name(view.lookup(0, name))).toBe(name)
    for (const longer of [`${name}a`, `${name}é`, name.repeat(4), `a${name.repeat(4)}`]) {
      expect(view.lookup(0, longer)).toBe(-1)
    }
  })
  it.each([
    ['all of a file', 0, 10, 'hello'],
    ['a part', 1, 3, 'ell'],
    ['what is left', 3, 10, 'lo'],
    ['nothing at the end', 5, 10, ''],
    ['nothing behind it', 2 ** 40, 10, ''],
    ['nothing into nothing', 0, 0, ''],
  ])('reads %s', (_, at, room, text) => {
    const view = buildLayerView([[fileEntry('/f', 'hello'), fileEntry('/g', 'next')]])
    const into = new Uint8Array(room).fill(0x3f)
    const count = view.read(view.lookup(0, 'f'), into, at)
    expect(new TextDecoder().decode(into)).toBe(text.padEnd(room, '?'))
    expect(count).toBe(text.length)
  })
  it('takes no path that climbs, and reads links as they are', () => {
    const view = buildLayerView([[fileEntry('/../../etc/x', 'x'), linkEntry('/l', '/a b')]])
    expect(view.nodes).toBe(2)
    expect(view.linkText(view.lookup(0, 'l'))).toBe('/a b')
  })
  it('refuses bytes that are no index', () => {
    const index = new SharedArrayBuffer(64)
    expect(() => new LayerView({ index, data: new SharedArrayBuffer(0) })).toThrow(
      'not a layer index',
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import type { OverlayFileSystem } from '../../../../src/kernel/mount/overlay.ts'
import { decodeEntries, encodeEntries } from '../../../../src/kernel/mount/upper-format.ts'
import { adoptRows, upperRows } from '../../../../src/kernel/mount/upper-layer.ts'
import type { Vnode } from '../../../../src/kernel/mount/vnode.ts'
import { said } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'
import { sizeOfFile } from '../../../support/size-of-file.ts'

const IMAGE = [
  directoryEntry('/a', 0o751),
  fileEntry('/a/x', 'ax', 0o600),
  fileEntry('/a/y', 'ay'),
  directoryEntry('/a/d'),
  fileEntry('/a/d/z', 'adz'),
  fileEntry('/f', 'f'),
  linkEntry('/l', 'a/x'),
]

const ANN = { uid: 7, gid: 8, groups: [] }

function nodeAt(root: Vnode, path: readonly string[]): Vnode | undefined {
  let at: Vnode | undefined = root
  for (const name of path) {
    const next: ReturnType<Vnode['lookup']> | undefined = at?.lookup(name)
    at = next?.ok === true ? next.value : undefined
  }
  return at
}

function bytesOf(node: Vnode): string {
  const handle = node.open({ read: true, write: false })
  if (!handle.ok) return ''
  const stat = node.stat()
  const into = Buffer.alloc(stat.ok ? stat.value.size + 1 : 0, 0x3f)
  const count = handle.value.read(into, 0)
  handle.value.close()
  return into.toString('latin1', 0, count.ok === true ? count.value : 0)
}

/** All that can be seen of a tree but inode numbers: those only tell which names are one file. */
function seen(root: Vnode): readonly unknown[] {
  const lines: unknown[] = []
  const firstName = new Map<number, string>()
  const visit = (node: Vnode, path: string): void => {
    const stat = node.stat()
    if (!stat.ok) throw new Error('no stat')
    const { inode, ...attributes } = stat.value
    const first = firstName.get(inode) ?? path
    firstName.set(inode, first)
    const text = node.type === 'symlink' ? node.readlink() : undefined
    lines.push({ path, first, ...attributes, text, bytes: bytesOf(node) })
    const entries = node.list()
    const names = entries.ok ? entries.value.map(({ name }) => name).sort() : []
    for (const name of names) {
      const child = node.lookup(name)
      if (child.ok) visit(child.value, `${path}/${name}`)
    }
  }
  visit(root, '')
  return lines
}

const name = fc.constantFrom<string>('a', 'd', 'f', 'x', 'z', 'l', '__proto__')
const path = fc.array(name, { minLength: 1, maxLength: 3 })
const small = fc.nat({ max: 0o7777 })
/** Also the one file, often one after the other. */
const file = fc.oneof(path, fc.constant(['f']))
const operation = fc.oneof(
  fc.record({
    op: fc.constant('write' as const),
    path: file,
    at: fc.oneof(fc.constant(0), sizeOfFile),
    bytes: fc.uint8Array({ maxLength: 9 }),
  }),
  fc.record({ op: fc.constant('truncate' as const), path: file, size: sizeOfFile }),
  fc.record({ op: fc.constant('mkdir' as const), path, mode: small }),
  fc.record({ op: fc.constant('remove' as const), path }),
  fc.record({ op: fc.constant('rename' as const), path, to: path }),
  fc.record({ op: fc.constant('link' as const), path, to: path }),
  fc.record({ op: fc.constant('symlink' as const), path, text: fc.string({ minLength: 1 }) }),
  fc.record({ op: fc.constant('attributes' as const), path, mode: small, owner: fc.nat() }),
  fc.record({
    op: fc.constant('times' as const),
    path,
    time: fc.bigInt({ min: 0n, max: 2n ** 63n }),
  }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

function write(parent: Vnode, last: string, bytes: Uint8Array, at: number): void {
  const there = parent.lookup(last)
  const file = there.ok ? there : parent.createFile(last, 0o644, ROOT)
  const handle = file.ok ? file.value.open({ read: false, write: true }) : undefined
  if (handle?.ok !== true) return
  handle.value.write(bytes, at)
  handle.value.close()
}

type Change = Exclude<Operation, { op: 'write' | 'mkdir' | 'symlink' | 'remove' }>

/** To what is there. */
function alter(root: Vnode, parent: Vnode, node: Vnode, one: Change): void {
  if (one.op === 'truncate') node.truncate(one.size)
  else if (one.op === 'times') node.setTimes({ accessed: 3n, modified: one.time })
  else if (one.op === 'attributes') {
    node.setMode(one.mode)
    node.setOwner(one.owner, 5)
  } else {
    const to = nodeAt(root, one.to.slice(0, -1))
    const toName = one.to.at(-1) ?? ''
    if (to?.type !== 'directory') return
    if (one.op === 'rename') parent.rename(one.path.at(-1) ?? '', to, toName)
    else to.link(toName, node)
  }
}

/** Does it, or does not: only what comes of it counts. */
function act(root: Vnode, one: Operation): void {
  const parent = nodeAt(root, one.path.slice(0, -1))
  const last = one.path.at(-1) ?? ''
  if (parent?.type !== 'directory') return
  if (one.op === 'write') write(parent, last, one.bytes, one.at)
  else if (one.op === 'mkdir') parent.createDirectory(last, one.mode, ANN)
  else if (one.op === 'symlink') parent.createSymlink(last, one.text, ROOT)
  else if (one.op === 'remove') parent.unlink(last).ok || parent.removeDirectory(last).ok
  else {
    const node = parent.lookup(last)
    if (node.ok) alter(root, parent, node.value, one)
  }
}

/** Hands the upper layer of one overlay, as bytes, to another over the same image. */
function handedOver(from: OverlayFileSystem, ledger: Ledger, image = IMAGE) {
  const rows = upperRows(from)
  const kept = encodeEntries(rows.map(({ entry }) => entry))
  const files = rows.flatMap(({ entry, pieces }) => {
    const bytes = Buffer.concat([...pieces])
    expect(bytes).toHaveLength(entry.size)
    return bytes.length === 0 ? [] : [bytes]
  })
  const { root } = treeOf(image, { ledger })
  const entries = decodeEntries(kept)
  if (entries === undefined) throw new Error('the rows cannot be read')
  const adopted = adoptRows(root, entries, (into) => {
    into.set(files.shift() ?? new Uint8Array())
    return true
  })
  return { root, adopted }
}

const held = (ledger: Ledger) => {
  const { disk, inodes } = ledger.held()
  return { disk, inodes }
}

describe('an upper layer that is handed over', () => {
  it('makes the same tree, whatever was done before, and again after more was done', () => {
    const operations = fc.array(operation, { maxLength: 25 })
    fc.assert(
      fc.property(operations, operations, (before, after) => {
        const first = treeOf(IMAGE)
        for (const one of before) act(first.root.root, one)
        const ledger = new Ledger()
        const { root, adopted } = handedOver(first.root, ledger)
        expect(said(adopted)).toBe('ok')
        expect(seen(root.root)).toEqual(seen(first.root.root))
        expect(held(ledger).inodes).toBe(held(first.ledger).inodes)
        expect(held(ledger).disk).toBeLessThanOrEqual(held(first.ledger).disk)
        // Both go on alike: what was copied, and what is hidden, is known here too.
        const content = (of: Vnode) =>
          seen(of).map((line) => ({ ...(line as object), modified: 0, changed: 0, accessed: 0 }))
        for (const one of after) {
          act(first.root.root, one)
          act(root.root, one)
        }
        expect(content(root.root)).toEqual(content(first.root.root))
      }),
      { numRuns: 500 },
    )
  })
  it('lets everything go when all is removed', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const first = treeOf([])
        for (const one of operations) act(first.root.root, one)
        const ledger = new Ledger()
        const { root } = handedOver(first.root, ledger, [])
        clear(root.root)
        expect(ledger.held()).toEqual({ memory: 0, disk: 0, inodes: 0, fds: 0, pids: 0 })
      }),
    )
  })
  it('fits where it was, also when the disk was full and files had become small', () => {
    const full = { disk: 20_000 }
    const first = treeOf([], { ledger: new Ledger(full) })
    act(first.root.root, { op: 'write', path: ['x'], at: 0, bytes: new Uint8Array(9_000) })
    act(first.root.root, { op: 'truncate', path: ['x'], size: 1 })
    act(first.root.root, { op: 'symlink', path: ['l'], text: 'x' })
    act(first.root.root, { op: 'write', path: ['z'], at: 0, bytes: new Uint8Array(full.disk) })
    expect(held(first.ledger)).toMatchObject(full)
    expect(said(handedOver(first.root, new Ledger(full), []).adopted)).toBe('ok')
  })
  it('finds what it was copied from in an image that is indexed anew', () => {
    const first = treeOf(IMAGE)
    act(first.root.root, { op: 'rename', path: ['a'], to: ['moved'] })
    const more = [directoryEntry('/0'), fileEntry('/0/n', 'n'), ...IMAGE.toReversed()]
    const { root } = handedOver(first.root, new Ledger(), more)
    expect(bytesOf(nodeAt(root.root, ['moved', 'd', 'z']) as Vnode)).toBe('adz')
    expect(nodeAt(root.root, ['a'])).toBeUndefined()
  })
  it.each([
    ['bytes', { disk: 100 }, 'NOSPC'],
    ['names', { inodes: 2 }, 'DQUOT'],
    ['memory', { memory: 2_000 }, 'NOSPC'],
  ])('is refused where there is no room for its %s', (_, limits, errno) => {
    const first = treeOf(IMAGE)
    for (const last of ['d', 'x', 'z']) {
      act(first.root.root, { op: 'write', path: [last], at: 0, bytes: new Uint8Array(60) })
    }
    expect(said(handedOver(first.root, new Ledger(limits)).adopted)).toBe(errno)
  })
})

/** Removes everything below a directory. */
function clear(node: Vnode): void {
  const entries = node.list()
  for (const { name: child } of entries.ok ? entries.value : []) {
    const found = node.lookup(child)
    if (found.ok && found.value.type === 'directory') clear(found.value)
    expect(node.unlink(child).ok || node.removeDirectory(child).ok).toBe(true)
  }
}

describe('rows that are damaged', () => {
  const sample = (() => {
    const { root } = treeOf(IMAGE)
    act(root.root, { op: 'link', path: ['f'], to: ['a', 'f'] })
    act(root.root, { op: 'remove', path: ['a', 'x'] })
    act(root.root, { op: 'symlink', path: ['d'], text: 'somewhere' })
    return encodeEntries(upperRows(root).map(({ entry }) => entry))
  })()
  const tried = (bytes: Uint8Array): string => {
    const entries = decodeEntries(bytes)
    if (entries === undefined) return 'refused'
    const { root } = treeOf(IMAGE, { ledger: new Ledger({ disk: 2 ** 20, inodes: 100 }) })
    const done = said(adoptRows(root, entries, () => true))
    // Whatever was taken up is a tree that can be walked, inside its quota.
    seen(root.root)
    return done
  }
  it('are read to their end, or refused; never more', () => {
    expect(tried(sample)).toBe('ok')
    for (let cut = 0; cut < sample.length; cut += 1) {
      expect(['ok', 'refused']).toContain(tried(sample.subarray(0, cut)))
    }
    const change = fc.record({ at: fc.nat({ max: sample.length - 1 }), to: fc.nat({ max: 255 }) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = Uint8Array.from(sample)
        for (const { at, to } of changes) bytes[at] = to
        expect(tried(bytes)).not.toBe('blocked')
      }),
      { numRuns: 2_000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void tried(bytes)))
  })
  it.each([
    ['a name that climbs', { name: '..' }],
    ['a name with a slash', { name: 'a/b' }],
    ['a name with a NUL', { name: 'a\0' }],
    ['no name', { name: '' }],
  ])('are refused with %s', (_, more) => {
    const { root } = treeOf([])
    act(root.root, { op: 'mkdir', path: ['d'], mode: 0 })
    const [top, below] = upperRows(root).map(({ entry }) => entry)
    if (top === undefined || below === undefined) throw new Error('two rows')
    expect(said(adoptRows(treeOf([]).root, [top, { ...below, ...more }], () => true))).toBe('IO')
  })
})

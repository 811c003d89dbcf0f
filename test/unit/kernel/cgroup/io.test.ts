import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import type { IoLimits } from '../../../../src/contract/limits.ts'
import { fail, ok } from '../../../../src/contract/result.ts'
import { IoController } from '../../../../src/kernel/cgroup/io.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { devices } from '../../../../src/kernel/mount/fs/dev.ts'
import { SyntheticFileSystem } from '../../../../src/kernel/mount/fs/synthetic.ts'
import { type OpenHow, openAt } from '../../../../src/kernel/mount/path-operations.ts'
import { fileEntry, treeOf } from '../../../support/process.ts'

const NONE: IoLimits = {
  readBps: undefined,
  writeBps: undefined,
  readIops: undefined,
  writeIops: undefined,
}
const HOW: OpenHow = {
  access: { read: true, write: true },
  create: true,
  exclusive: false,
  truncate: false,
  directory: false,
  follow: true,
  append: false,
  nonblock: false,
  mode: 0o644,
}

/** A tree whose files are held to `limits`, and the time. */
function throttled(limits: Partial<IoLimits>, fileSize?: number) {
  const time = { ms: 0 }
  const ledger = new Ledger({}, new IoController({ ...NONE, ...limits }, () => time.ms, fileSize))
  const tree = treeOf([fileEntry('/image', 'from the image')], { ledger })
  const dev = new SyntheticFileSystem(
    'devtmpfs',
    3,
    devices(
      () => {},
      () => undefined,
      () => [],
    ),
    () => 0n,
  )
  tree.mounts.mount('/', dev, { readOnly: false })
  const open = (path: string, how: Partial<OpenHow> = {}) => {
    const file = openAt(tree.walker, tree.walker.root, path, { ...HOW, ...how }, ledger)
    if (!file.ok) throw new Error(`errno ${file.errno}`)
    return file.value
  }
  return { time, ledger, open }
}

describe('file I/O over its rate', () => {
  it.each([
    ['bytes written', 'write', { writeBps: 1_000 }],
    ['bytes read', 'read', { readBps: 1_000 }],
    ['writes', 'write', { writeIops: 10 }],
    ['reads', 'read', { readIops: 10 }],
  ] as const)('waits for %s, and only for those', (_, direction, limits) => {
    const { time, open } = throttled(limits)
    const file = open('/new')
    const bytes = [new Uint8Array(100)]
    const other = direction === 'read' ? 'write' : 'read'
    file.writeAt(bytes, 0)
    const first = () => (direction === 'read' ? file.readAt(bytes, 0) : file.writeAt(bytes, 0))
    let done = first()
    for (let more = 0; more < 3 && done.ok === true; more += 1) done = first()
    if (done.ok !== 'blocked') throw new Error('it should have to wait')
    // Nothing it waits for can change but the time.
    expect(done.changed()).toBe(false)
    const second = other === 'read' ? file.readAt(bytes, 0) : file.writeAt(bytes, 0)
    expect(second.ok).toBe(true)
    time.ms = done.deadline
    expect(first()).toEqual(ok(100))
  })
  it('keeps the mean: what one call takes too much, the next ones wait for', () => {
    const { time, open } = throttled({ writeBps: 10_000_000 })
    const file = open('/new')
    const block = [new Uint8Array(65_536)]
    let written = 0
    while (time.ms < 3_000) {
      const done = file.writeAt(block, 0)
      if (done.ok === 'blocked') time.ms = done.deadline
      else if (done.ok) written += done.value
      else throw new Error('no room')
    }
    expect(written / 3).toBeGreaterThan(10_000_000 * 0.95)
    expect(written / 3).toBeLessThan(10_000_000 * 1.05)
  })
  it('waits for files of the image as for others', () => {
    const { open } = throttled({ readIops: 1 })
    const file = open('/image', { access: { read: true, write: false }, create: false })
    file.readAt([new Uint8Array(4)], 0)
    file.readAt([new Uint8Array(4)], 0)
    expect(file.readAt([new Uint8Array(4)], 0).ok).toBe('blocked')
  })
  it('waits with NONBLOCK too: a stored file is always ready, only slow', () => {
    const { open } = throttled({ writeIops: 1 })
    const file = open('/new', { nonblock: true })
    file.write([new Uint8Array(4)])
    file.write([new Uint8Array(4)])
    expect(file.write([new Uint8Array(4)]).ok).toBe('blocked')
  })
  it('is told by count: bytes and calls of stored files', () => {
    const { ledger, open } = throttled({})
    const file = open('/new')
    file.write([new Uint8Array(7), new Uint8Array(3)])
    file.readAt([new Uint8Array(4)], 0)
    expect(ledger.io.usage).toEqual({
      bytes: { read: 4, write: 10 },
      operations: { read: 1, write: 1 },
    })
  })
})

describe('the largest file (RLIMIT_FSIZE)', () => {
  it('cuts the write that crosses it, and refuses the next', () => {
    const { open } = throttled({}, 10)
    const file = open('/new')
    expect(file.write([new Uint8Array(6), new Uint8Array(6)])).toEqual(ok(10))
    expect(file.write([new Uint8Array(1)])).toEqual(fail(Errno.FBIG))
    expect(file.writeAt([new Uint8Array(4)], 8)).toEqual(ok(2))
    expect(file.writeAt([new Uint8Array(4)], 99)).toEqual(fail(Errno.FBIG))
  })
  it('holds for truncate, which changes nothing then', () => {
    const { open } = throttled({}, 10)
    const file = open('/new')
    expect(file.truncate(10).ok).toBe(true)
    expect(file.truncate(11)).toEqual(fail(Errno.FBIG))
    expect(file.place?.vnode.stat()).toMatchObject({ value: { size: 10 } })
  })
})

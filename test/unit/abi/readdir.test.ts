import { describe, expect, it } from 'vitest'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import { fdReaddir } from '../../../src/abi/preview1/readdir.ts'
import { ROOT } from '../../../src/contract/identity.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import { must } from '../../support/errno.ts'
import { fileEntry, processOf } from '../../support/process.ts'

const BUFFER = 64
const FD = 4

/** A directory of `count` files, some of them the image's, open at 4. */
function setup(count: number) {
  const image = Array.from({ length: Math.ceil(count / 2) }, (_, n) => fileEntry(`/f${n}`, 'x'))
  const { call } = processOf(image)
  const { fds, walker, ledger } = call.process
  for (let n = image.length; n < count; n += 1) {
    must(walker.root.vnode.createFile(`f${n}`, 0o644, ROOT))
  }
  const owner = { buffer: new ArrayBuffer(65_536) }
  const memory = new LinearMemory()
  memory.attach(owner)
  const access = { read: true, write: false }
  const own = { type: 'directory', access, handle: undefined, place: walker.root, ledger } as const
  must(fds.add(new OpenFile(own)))
  const bytes = new Uint8Array(owner.buffer)
  const read = (size: number, cookie: bigint): Uint8Array => {
    bytes.fill(0xee)
    expect(fdReaddir({ process: call.process, memory }, FD, BUFFER, size, cookie, 0)).toBe(0)
    const used = new DataView(owner.buffer).getUint32(0, true)
    expect(used).toBeLessThanOrEqual(size)
    // Nothing behind what was used.
    expect(bytes.subarray(BUFFER + used, BUFFER + size + 8).every((byte) => byte === 0xee)).toBe(
      true,
    )
    return bytes.slice(BUFFER, BUFFER + used)
  }
  return { read, root: walker.root.vnode, call, ledger }
}

interface Entry {
  readonly name: string
  readonly next: bigint
  readonly inode: number
  readonly type: number
}
/** The whole records at the start of what was read. */
function entriesOf(bytes: Uint8Array): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const entries: Entry[] = []
  for (let at = 0; at + 24 <= bytes.length; ) {
    const length = view.getUint32(at + 16, true)
    if (at + 24 + length > bytes.length) break
    const name = new TextDecoder().decode(bytes.subarray(at + 24, at + 24 + length))
    const next = view.getBigUint64(at, true)
    const inode = Number(view.getBigUint64(at + 8, true))
    entries.push({ name, next, inode, type: view.getUint8(at + 20) })
    at += 24 + length
  }
  return entries
}

/** As libc does it: asks again from the last whole entry. */
function all(read: (size: number, cookie: bigint) => Uint8Array, size: number): readonly Entry[] {
  const entries: Entry[] = []
  for (;;) {
    const bytes = read(size, entries.at(-1)?.next ?? 0n)
    const more = entriesOf(bytes)
    entries.push(...more)
    if (bytes.length < size) return entries
    if (more.length === 0) throw new Error(`no entry fits ${size} bytes`)
  }
}

describe('fd_readdir', () => {
  it('fills every buffer from 0 bytes up to its end, with the start of the same bytes', () => {
    const { read } = setup(4)
    const whole = read(4_096, 0n)
    expect(entriesOf(whole).map(({ name }) => name)).toEqual(['.', '..', 'f0', 'f1', 'f2', 'f3'])
    for (let size = 0; size <= whole.length + 1; size += 1) {
      expect(read(size, 0n)).toEqual(whole.subarray(0, size))
    }
  })
  it.each([26, 27, 40, 64, 1_000, 50_000])('lists 1,500 files once through %i bytes', (size) => {
    const { read } = setup(1_500)
    if (size < 24 + 'f1499'.length) {
      expect(() => all(read, size)).toThrow('no entry fits')
      return
    }
    const entries = all(read, size)
    expect(new Set(entries.map(({ name }) => name)).size).toBe(1_502)
    expect(entries).toHaveLength(1_502)
    const cookies = entries.map(({ next }) => next)
    expect(cookies.every((next, index) => index === 0 || next > (cookies[index - 1] ?? 0n))).toBe(
      true,
    )
    expect(cookies.includes(0n)).toBe(false)
  })
  it('tells inodes and types that stat tells too, and its own for the dots of a root', () => {
    const { read, root } = setup(3)
    for (const { name, inode, type } of entriesOf(read(4_096, 0n))) {
      const node = name.startsWith('.') ? root : must(root.lookup(name))
      expect([name, inode, type]).toEqual([name, node.inode, name.startsWith('.') ? 3 : 4])
    }
  })
  it('skips and repeats nothing while files come and go', () => {
    const { read, root } = setup(100)
    const seen: string[] = []
    let cookie = 0n
    for (;;) {
      const bytes = read(100, cookie)
      const entries = entriesOf(bytes)
      seen.push(...entries.map(({ name }) => name))
      cookie = entries.at(-1)?.next ?? cookie
      const gone = seen.at(-1) ?? ''
      if (gone.startsWith('f')) root.unlink(gone)
      root.createFile(`new${seen.length}`, 0o644, ROOT)
      if (bytes.length < 100) break
    }
    expect(seen).toHaveLength(102)
    expect(new Set(seen).size).toBe(102)
    // A new start sees what is there now.
    expect(entriesOf(read(20_000, 0n)).some(({ name }) => name.startsWith('new'))).toBe(true)
  })
  it('can be taken up anywhere, also without a start, and has nothing behind its end', () => {
    const { read } = setup(10)
    expect(entriesOf(read(4_096, 5n))[0]?.name).toBe('f3')
    expect(entriesOf(read(4_096, 2n))[0]?.name).toBe('f0')
    for (const cookie of [12n, 13n, 99_999n, 2n ** 63n, -1n])
      expect(read(100, cookie)).toHaveLength(0)
  })
  it('pays for what it remembers, until it is closed', () => {
    const { read, call, ledger } = setup(1_000)
    const before = ledger.used('memory')
    read(100, 0n)
    expect(ledger.used('memory')).toBeGreaterThan(before + 1_000 * 64)
    const once = ledger.used('memory')
    read(100, 0n)
    expect(ledger.used('memory')).toBe(once)
    call.process.fds.close(FD)
    expect(ledger.used('memory')).toBe(before)
  })
  it('says NOMEM when it cannot pay', () => {
    const ledger = new Ledger({ memory: 100 })
    const access = { read: true, write: false }
    const own = { type: 'directory', access, handle: undefined, place: undefined, ledger } as const
    const file = new OpenFile(own)
    const entry = { name: 'name', inode: 1, type: 'regular' } as const
    expect(file.keepListing([entry, entry])).toMatchObject({ ok: false })
    expect(file.keepListing([entry])).toMatchObject({ ok: true })
    expect(file.listing).toHaveLength(1)
  })
})

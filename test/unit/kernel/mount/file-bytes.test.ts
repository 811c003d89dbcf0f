import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { piecesOf } from '../../../../src/kernel/mount/file-bytes.ts'
import type { MemoryVnode } from '../../../../src/kernel/mount/fs/memory.ts'
import { must, said } from '../../../support/errno.ts'
import { treeOf } from '../../../support/process.ts'

const PAGE = 65_536
const MIB = 2 ** 20
const BOTH = { read: true, write: true }

const fileOf = (ledger: Ledger) =>
  must(treeOf([], { ledger }).root.memory.root.createFile('f', 0o644, ROOT))
const opened = (file: MemoryVnode) => must(file.open(BOTH))

/** Bytes that are there for a file, whatever they are charged. */
const heldFor = ({ node }: MemoryVnode): number =>
  node.pages.reduce((sum, page) => sum + (page?.length ?? 0), node.extent.length)

/** What a file must be: all of it in one buffer, as long as it is. */
class Plain {
  bytes = Buffer.alloc(0)

  truncate(size: number): void {
    const next = Buffer.alloc(size)
    this.bytes.copy(next)
    this.bytes = next
  }

  write(bytes: Uint8Array, at: number): void {
    if (bytes.length === 0) return
    if (at + bytes.length > this.bytes.length) this.truncate(at + bytes.length)
    this.bytes.set(bytes, at)
  }
}

/** Where something may go wrong: a few bytes before or after one of these. */
const EDGES: Readonly<Record<string, (file: MemoryVnode) => number>> = {
  start: () => 0,
  'smallest extent': () => 64,
  end: ({ node }) => node.length,
  middle: ({ node }) => node.length >> 1,
  'end of the extent': ({ node }) => node.extent.length,
  'first page': ({ node }) => node.extent.length + PAGE,
  'second page': ({ node }) => node.extent.length + 2 * PAGE,
  'end of the charge': ({ node }) => node.charged,
}
const place = fc.record({
  edge: fc.constantFrom(...Object.values(EDGES)),
  off: fc.integer({ min: -3, max: 3 }),
})
const length = fc.oneof(fc.nat({ max: 9 }), fc.constantFrom(64, 100, PAGE - 1, PAGE, 150_000))
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('write' as const), place, length }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('truncate' as const), place }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('read' as const), place, length }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does a step to the file and to what it must be, as far as it was done. */
function act(file: MemoryVnode, plain: Plain, one: Step, fill: number): void {
  const at = Math.max(0, one.place.edge(file) + one.place.off)
  if (one.op === 'truncate') {
    if (file.truncate(at).ok) plain.truncate(at)
    return
  }
  const handle = opened(file)
  const bytes = new Uint8Array(one.length).fill(fill)
  if (one.op === 'write') {
    const done = handle.write(bytes, at)
    if (done.ok === true) plain.write(bytes.subarray(0, done.value), at)
  } else {
    const count = must(handle.read(bytes, at))
    const there = plain.bytes.subarray(at, at + one.length)
    expect(Buffer.compare(bytes.subarray(0, count), there)).toBe(0)
  }
  handle.close()
}

it('a file is what was written, with zeros between, and takes no more than it is charged', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 20 }),
      fc.constantFrom(undefined, 100, 70_000, 300_000),
      (steps, disk) => {
        const ledger = new Ledger(disk === undefined ? {} : { disk })
        const file = fileOf(ledger)
        const plain = new Plain()
        for (const [index, one] of steps.entries()) {
          act(file, plain, one, index + 1)
          expect(file.node.length).toBe(plain.bytes.length)
          expect(Buffer.compare(Buffer.concat([...piecesOf(file.node)]), plain.bytes)).toBe(0)
          expect(heldFor(file)).toBeLessThanOrEqual(file.node.charged)
          expect(ledger.held().disk).toBe(file.node.charged)
        }
        const whole = new Uint8Array(plain.bytes.length + 1).fill(0x3f)
        expect(must(opened(file).read(whole, 0))).toBe(plain.bytes.length)
        expect(Buffer.compare(whole.subarray(0, -1), plain.bytes)).toBe(0)
        expect(whole.at(-1)).toBe(0x3f)
      },
    ),
    { numRuns: 2_000 },
  )
})
it.each([
  ['a truncate upward', [], 0],
  ['one byte at its start', [0], 64],
  ['one byte at its end', [200 * MIB - 1], PAGE],
  ['one byte in its middle', [100 * MIB], PAGE],
  ['one byte in each quarter', [0, 50 * MIB, 100 * MIB, 150 * MIB], 64 + 3 * PAGE],
])('a hole of 200 MiB is charged, and holds for %s no more than that', (_, places, most) => {
  const ledger = new Ledger()
  const file = fileOf(ledger)
  must(file.truncate(200 * MIB))
  const handle = opened(file)
  for (const at of places) must(handle.write(Uint8Array.of(1), at))
  expect(ledger.held().disk).toBe(200 * MIB)
  expect(heldFor(file)).toBeLessThanOrEqual(most)
  expect(must(handle.read(new Uint8Array(2 * MIB), 10 * MIB))).toBe(2 * MIB)
  for (const piece of piecesOf(file.node)) expect(piece.length).toBeLessThanOrEqual(PAGE)
  expect(heldFor(file)).toBeLessThanOrEqual(most)
  must(file.truncate(0))
  expect([heldFor(file), ledger.held().disk]).toEqual([0, 0])
})
it('a file that is appended to is one extent, copied only when its charge doubles', () => {
  const file = fileOf(new Ledger())
  const handle = opened(file)
  const extents = new Set<Uint8Array>()
  for (let at = 0; at < MIB; at += 512) {
    must(handle.write(new Uint8Array(512), at))
    extents.add(file.node.extent)
    expect(file.node.extent.length).toBe(file.node.charged)
  }
  expect(extents.size).toBe(12)
  expect(file.node.pages).toHaveLength(0)
})
it('what is refused is neither charged nor held', () => {
  const ledger = new Ledger({ disk: MIB })
  const file = fileOf(ledger)
  expect(said(file.truncate(MIB + 1))).toBe('NOSPC')
  expect(said(opened(file).write(Uint8Array.of(1), MIB))).toBe('NOSPC')
  expect([heldFor(file), ledger.held().disk, file.node.length]).toEqual([0, 0, 0])
})

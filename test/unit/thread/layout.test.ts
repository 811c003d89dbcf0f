import { describe, expect, it } from 'vitest'
import { createRing, RING_HEADER_BYTES, RING_WORD } from '../../../src/thread/byte-ring.ts'
import {
  BLOCK_WORDS,
  END_WORD,
  FLAG,
  STATES,
  WIDE_WORD,
  WORD,
} from '../../../src/thread/control-block.ts'
import { controlBlocksAt, HOST_WORD, HostBlock } from '../../../src/thread/host-block.ts'
import {
  createMailbox,
  MAIL_HEADER_BYTES,
  MAIL_NUMBERS,
  MAIL_WORD,
} from '../../../src/thread/mailbox.ts'

/** A block: its words by name, those of 64 bits, and how many words it has. */
interface Layout {
  readonly words: Readonly<Record<string, number>>
  readonly wide: Readonly<Record<string, number>>
  readonly size: number
}

/** What is wrong with a layout: words that overlap, lie outside, or are not aligned. */
function faultsOf({ words, wide, size }: Layout): readonly string[] {
  const owner = new Map<number, string>()
  const faults: string[] = []
  const claim = (name: string, word: number): void => {
    const other = owner.get(word)
    if (other !== undefined) faults.push(`${name} overlaps ${other}`)
    if (word < 0 || word >= size) faults.push(`${name} is outside`)
    owner.set(word, name)
  }
  for (const [name, word] of Object.entries(words)) claim(name, word)
  for (const [name, word] of Object.entries(wide)) {
    if (word % 2 !== 0) faults.push(`${name} is not on 8 bytes`)
    claim(name, word)
    claim(name, word + 1)
  }
  return faults
}

/** Arguments and numbers each take eight places from their first on. */
const eight = (name: string, from: number, step: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`${name} ${at}`, from + at * step]))
const { ARGS, ...MAIL_WORDS } = MAIL_WORD
const MAIL: Layout = {
  words: { ...MAIL_WORDS, ...eight('ARGS', ARGS, 1) },
  wide: eight('NUMBERS', MAIL_NUMBERS.AT / 4, 2),
  size: MAIL_HEADER_BYTES / 4,
}

const CONTROL: Layout = { words: WORD, wide: { ...WIDE_WORD, ...END_WORD }, size: BLOCK_WORDS }

describe('the layouts of shared memory', () => {
  it.each([
    ['the control block', CONTROL],
    ['the host block', { words: HOST_WORD, wide: {}, size: 64 }],
    ['the mailbox', MAIL],
    ['the ring', { words: RING_WORD, wide: {}, size: RING_HEADER_BYTES / 4 }],
  ] satisfies readonly (readonly [string, Layout])[])('%s has every word once', (_, layout) => {
    expect(faultsOf(layout)).toEqual([])
  })
  it.each([
    ['two names for a word', { ...CONTROL, words: { ...WORD, NEW: 0 } }, 'NEW overlaps DOORBELL'],
    ['half a u64', { ...CONTROL, words: { ...WORD, NEW: 19 } }, 'FUEL overlaps NEW'],
    ['an odd u64', { ...CONTROL, wide: { NEW: 41 } }, 'NEW is not on 8 bytes'],
    ['a word behind the end', { ...CONTROL, words: { NEW: 64 } }, 'NEW is outside'],
  ])('%s would be found', (_, layout, fault) => {
    expect(faultsOf(layout)).toContain(fault)
  })
  it('has the numbers of the reference, which other versions and tools read', () => {
    expect(WORD).toEqual({
      DOORBELL: 0,
      SLEEPING: 1,
      GEN: 2,
      STATE: 3,
      FLAGS: 4,
      SIG_LOW: 5,
      SIG_HIGH: 6,
      EXIT_CODE: 12,
      OS_TID: 13,
      MEM_PAGES: 14,
      MEM_LIMIT_PAGES: 15,
      SAFEPOINT_US: 16,
      HEARTBEAT: 17,
      END_REASON: 34,
      PROCESSES: 38,
    })
    expect(END_WORD).toEqual({ WALL_MS: 40, PEAK_MEMORY: 42, PEAK_DISK: 44, UNPAID_US: 46 })
    expect(WIDE_WORD).toEqual({ FUEL: 18, SYSCALLS: 22, FS_READ: 24, FS_WRITTEN: 26, CPU_US: 36 })
    expect(HOST_WORD).toEqual({ DOORBELL: 0, SLEEPING: 1, SLOTS: 3, DIRTY: 16 })
    expect(RING_WORD).toEqual({
      HEAD: 0,
      TAIL: 16,
      WRITER_CLOSED: 32,
      READER_CLOSED: 33,
      WRAPPED: 39,
    })
    expect(MAIL_WORD).toEqual({
      REQ: 0,
      RESP: 16,
      EVENT: 17,
      CLOSED: 18,
      DEAD: 32,
      OP: 34,
      ARGS: 35,
      DATA_LEN: 43,
      RESULT: 44,
      WIDE: 45,
    })
    expect(MAIL_NUMBERS).toEqual({ AT: 192, COUNT: 8 })
    expect(createMailbox().byteLength).toBe(MAIL_HEADER_BYTES + 135_168)
    expect(FLAG).toEqual({
      KILL: 1,
      PAUSE: 2,
      SIG: 4,
      SERVE: 8,
      MSG: 64,
      ASKED: 128,
      INTERRUPT: 256,
      STOP: 512,
    })
    expect(STATES).toEqual(['free', 'starting', 'running', 'blocked', 'paused', 'zombie', 'dead'])
    expect(BLOCK_WORDS * 4).toBe(256)
  })
  it('keeps the two counters of a ring on cache lines of their own', () => {
    const { HEAD, TAIL, ...others } = RING_WORD
    const lines = [HEAD, TAIL, ...Object.values(others)].map((word) => Math.floor(word / 16))
    expect(lines.filter((line) => line === lines[0])).toHaveLength(1)
    expect(lines.filter((line) => line === lines[1])).toHaveLength(1)
    expect(createRing(4_096).byteLength).toBe(RING_HEADER_BYTES + 4_096)
  })
  it.each([1, 31, 32, 33, 256, 2_048])('puts the control blocks of %i slots on 256 bytes', (n) => {
    const host = HostBlock.create(n)
    const at = controlBlocksAt(host.slots)
    expect(host.slots % 32).toBe(0)
    expect(host.slots).toBeGreaterThanOrEqual(n)
    expect((at * 4) % 256).toBe(0)
    // Behind both bitmaps, and the last block ends with the memory.
    expect(at).toBeGreaterThanOrEqual(HOST_WORD.DIRTY + (2 * host.slots) / 32)
    expect(host.memory.byteLength).toBe((at + host.slots * BLOCK_WORDS) * 4)
  })
  it('has no room for more slots than Linux has maps for their threads', () => {
    expect(() => HostBlock.create(2_049)).toThrow(RangeError)
  })
  it('gives each slot a bit and a block of its own, seen from every thread', () => {
    const host = HostBlock.create(64)
    const other = new HostBlock(host.memory)
    for (const slot of [0, 31, 32, 63]) {
      other.mark(slot)
      other.control(slot).thread = 1_000 + slot
    }
    expect([...host.take()].sort((a, b) => a - b)).toEqual([0, 31, 32, 63])
    expect(host.take()).toEqual([])
    for (const slot of [0, 31, 32, 63]) expect(host.control(slot).thread).toBe(1_000 + slot)
    expect(host.control(1).thread).toBe(0)
  })
})

import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_LOG, type LogBounds } from '../../../../../src/engine/container/container-spec.ts'
import { ContainerLog } from '../../../../../src/engine/container/log/container-log.ts'
import { LineRecords } from '../../../../../src/engine/container/log/line-records.ts'
import {
  decodeEntry,
  type OutputStream,
} from '../../../../../src/engine/container/log/log-entry.ts'
import {
  type LogBatch,
  type LogQuery,
  readLog,
} from '../../../../../src/engine/container/log/read-log.ts'
import { deferred } from '../../../../../src/std/deferred.ts'

let directory = ''
let now = 0n
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'))
  now = 100n
})
afterEach(() => rmSync(directory, { recursive: true }))

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)
const logOf = (options: LogBounds = DEFAULT_LOG): ContainerLog => {
  const tick = (): bigint => {
    now += 1n
    return now
  }
  return new ContainerLog(directory, options, tick)
}
/** The bytes of all entries of stderr at 7 ns. */
function entriesOf(records: readonly Uint8Array[]): readonly Uint8Array[] {
  const file = Buffer.concat(records)
  const found: Uint8Array[] = []
  let end = 0
  for (let next = decodeEntry(file, 0); next !== undefined; next = decodeEntry(file, end)) {
    expect([next.entry.stream, next.entry.time]).toEqual(['stderr', 7n])
    found.push(next.entry.bytes)
    end = next.next
  }
  expect(end).toBe(file.length)
  return found
}
const BOTH: ReadonlySet<OutputStream> = new Set(['stdout', 'stderr'] as const)

async function lines(log: ContainerLog, query: Partial<LogQuery> = {}): Promise<readonly string[]> {
  const found: string[] = []
  for await (const batch of readLog(log, { streams: BOTH, ...query })) {
    for (const { stream, bytes } of batch) {
      found.push(`${stream === 'stdout' ? '1' : '2'} ${text(bytes)}`)
    }
  }
  return found
}

/** The text of the entries that come next, or the end. */
async function nextLines(coming: Promise<IteratorResult<LogBatch, undefined>>): Promise<string> {
  const next = await coming
  return next.done === true ? 'the end' : next.value.map(({ bytes }) => text(bytes)).join('')
}

describe('lines', () => {
  it('come out whole however they were cut, each stream for itself', async () => {
    const log = logOf()
    await log.append('stdout', bytes('a'))
    await log.append('stderr', bytes('x\ny'))
    await log.append('stdout', bytes('b\nc'))
    await log.flush()
    expect(await lines(log)).toEqual(['2 x\n', '1 ab\n', '1 c', '2 y'])
  })
  it('are the bytes that went in, at most 16 KiB each', () => {
    const long = fc.uint8Array({ maxLength: 40_000 })
    const short = fc.uint8Array({ maxLength: 300, min: 9, max: 12 })
    const piece = fc.oneof(long, short)
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const records = new LineRecords('stderr', () => 7n)
        const out = entriesOf([...pieces.map((one) => records.push(one)), records.end()])
        expect(Buffer.concat(out).equals(Buffer.concat(pieces))).toBe(true)
        for (const line of out) {
          expect(line.length).toBeLessThanOrEqual(16_384)
          expect([-1, line.length - 1]).toContain(line.indexOf(0x0a))
        }
      }),
    )
  })
})

describe('reading', () => {
  it('keeps to streams, times and the tail', async () => {
    const log = logOf()
    for (const word of ['a', 'b', 'c', 'd']) await log.append('stdout', bytes(`${word}\n`))
    await log.append('stderr', bytes('e\n'))
    expect(await lines(log, { streams: new Set(['stderr']) })).toEqual(['2 e\n'])
    expect(await lines(log, { since: 103n, until: 104n })).toEqual(['1 c\n', '1 d\n'])
    expect(await lines(log, { tail: 2 })).toEqual(['1 d\n', '2 e\n'])
    expect(await lines(log, { tail: 2, until: 103n })).toEqual(['1 b\n', '1 c\n'])
    expect(await lines(log, { tail: 0 })).toEqual([])
    expect(await lines(log, { tail: 99 })).toHaveLength(5)
  })
  it('of a container that never wrote finds nothing', async () => {
    expect(await lines(logOf())).toEqual([])
  })
  it('follows to the end of the process, over rotations, and loses nothing', async () => {
    const log = logOf({ maxBytes: 200, maxFiles: 1_000 })
    const ended = deferred<void>()
    const reading = lines(log, { follow: { ended: ended.promise } })
    for (let count = 0; count < 100; count += 1) await log.append('stdout', bytes(`${count}\n`))
    ended.resolve()
    expect(await reading).toEqual(Array.from({ length: 100 }, (_, count) => `1 ${count}\n`))
    expect(readdirSync(directory).length).toBeGreaterThan(5)
  })
  it('names no file that is not there yet', async () => {
    const log = logOf({ maxBytes: 1, maxFiles: 1_000 })
    for (let count = 1; count <= 5; count += 1) {
      const written = log.append('stdout', bytes(`${count}\n`))
      // As far as it comes before the disk has answered.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
      expect(log.current === 0 || existsSync(log.path(log.current))).toBe(true)
      await written
      expect(log.current).toBe(count)
    }
  })
  it('follows from the tail', async () => {
    const log = logOf()
    await log.append('stdout', bytes('a\nb\nc\n'))
    const ended = deferred<void>()
    const follow = { ended: ended.promise }
    const reader: AsyncIterator<LogBatch, undefined> = readLog(log, {
      streams: BOTH,
      tail: 1,
      follow,
    })
    expect(await nextLines(reader.next())).toBe('c\n')
    const coming = reader.next()
    await log.append('stdout', bytes('d\n'))
    expect(await nextLines(coming)).toBe('d\n')
    ended.resolve()
    expect((await reader.next()).done).toBe(true)
  })
  it('gives what is ready at once, up to what was asked for', async () => {
    const log = logOf()
    await log.append('stdout', bytes('a\nb\nc\nd\n'))
    const reader: AsyncIterator<LogBatch, undefined> = readLog(log, { streams: BOTH, tail: 3 })
    expect(await nextLines(reader.next())).toBe('b\nc\nd\n')
    expect((await reader.next()).done).toBe(true)
  })
  it('ends when its reader goes', async () => {
    const log = logOf()
    await log.append('stdout', bytes('a\n'))
    const controller = new AbortController()
    const follow = { ended: new Promise<void>(() => {}) }
    const { signal } = controller
    const reader = readLog(log, { streams: BOTH, follow, signal })[Symbol.asyncIterator]()
    expect((await reader.next()).done).toBe(false)
    const waiting = reader.next()
    controller.abort()
    expect((await waiting).done).toBe(true)
  })
})

describe('files', () => {
  it('are rotated, and the oldest go', async () => {
    const log = logOf({ maxBytes: 100, maxFiles: 2 })
    for (let count = 0; count < 50; count += 1) await log.append('stdout', bytes(`${count}\n`))
    expect(readdirSync(directory)).toHaveLength(2)
    const kept = await lines(log)
    expect(kept.at(-1)).toBe('1 49\n')
    expect(kept.length).toBeLessThan(50)
  })
  it('are as long as was asked for, also where many lines come at once', async () => {
    const log = logOf({ maxBytes: 100, maxFiles: 3 })
    await log.append('stdout', bytes(Array.from({ length: 50 }, (_, n) => `${n}\n`).join('')))
    const kept = await lines(log)
    expect(kept.at(-1)).toBe('1 49\n')
    const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size)
    expect([sizes.length, sizes.every((size) => size < 120)]).toEqual([3, true])
  })
  it('are rotated after the millionth as before it', async () => {
    writeFileSync(join(directory, 'log.999999'), '')
    const log = logOf({ maxBytes: 1, maxFiles: 2 })
    for (const line of ['a\n', 'b\n', 'c\n']) await log.append('stdout', bytes(line))
    expect(readdirSync(directory).sort()).toEqual(['log.1000000', 'log.1000001'])
    expect(await lines(log)).toEqual(['1 b\n', '1 c\n'])
  })
  it('are read by the next daemon, which goes on behind them', async () => {
    const log = logOf()
    await log.append('stdout', bytes('before\n'))
    await log.close()
    const again = logOf()
    await again.append('stdout', bytes('after\n'))
    expect(await lines(again)).toEqual(['1 before\n', '1 after\n'])
  })
  it.each([
    ['1 byte of an entry', 1, 1],
    ['12 bytes of an entry', 12, 1],
    ['14 bytes of an entry', 14, 1],
    ['a file that was made longer before it was written', 4_096, 0],
  ])('lose only what a crash or a power cut left: %s', async (_, count, value) => {
    const log = logOf()
    await log.append('stdout', bytes('whole\n'))
    await log.close()
    appendFileSync(log.path(1), new Uint8Array(count).fill(value))
    const again = logOf()
    await again.append('stdout', bytes('after\n'))
    expect(await lines(again)).toEqual(['1 whole\n', '1 after\n'])
  })
})

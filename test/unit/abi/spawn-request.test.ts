import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spawnRequestOf } from '../../../src/abi/bulkhead/spawn-request.ts'
import { LinearMemory, MAX_STRINGS } from '../../../src/abi/guest-memory.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { MAX_ARGUMENT_BYTES } from '../../../src/contract/limits.ts'

interface Wanted {
  readonly header?: readonly number[]
  readonly files?: readonly (readonly number[])[]
  readonly signals?: readonly number[]
  readonly texts: string
}

/** The bytes of a request: header words, actions of five words, pairs of bytes, texts. */
function bytesOf({ header = [1, 1, 0, 1, 0, 0, 0, 0], files = [], signals = [], texts }: Wanted) {
  const words = Uint32Array.from([...header, ...files.flat()])
  const text = new TextEncoder().encode(texts)
  return Uint8Array.from([...new Uint8Array(words.buffer), ...signals, ...text])
}

describe('spawnRequestOf', () => {
  it('reads all there is, in its order', () => {
    const request = bytesOf({
      header: [1, 14, 7, 2, 1, 5, 2, 0],
      files: [
        [0, 3, 0, 0, 0],
        [1, 1, 5, 0, 0],
        [2, 4, 0, 0x213, 0o666],
        [3, 0, 0, 0, 0],
        [4, 9, 0, 0, 0],
      ],
      signals: [2, 1, 15, 0],
      texts: 'sh\0/bin:/b\0sh\0a\nb\0A=ü\0file\0dir\0',
    })
    expect(spawnRequestOf(request, 0o022)).toEqual({
      ok: true,
      value: {
        program: 'sh',
        search: '/bin:/b',
        args: ['sh', 'a\nb'],
        environment: ['A=ü'],
        files: [
          { do: 'close', fd: 3 },
          { do: 'dup', from: 5, to: 1 },
          {
            do: 'open',
            fd: 4,
            path: 'file',
            how: {
              access: { read: true, write: true },
              create: true,
              exclusive: false,
              truncate: false,
              directory: false,
              follow: true,
              append: false,
              nonblock: false,
              mode: 0o644,
            },
          },
          { do: 'chdir', path: 'dir' },
          { do: 'fchdir', fd: 9 },
        ],
        signals: [
          { signal: 2, change: 'ignore' },
          { signal: 15, change: 'default' },
        ],
        group: 7,
        session: true,
      },
    })
  })
  it.each([
    ['another version', { header: [2, 1, 0, 1, 0, 0, 0, 0], texts: 'a\0a\0' }],
    ['unknown flags', { header: [1, 17, 0, 1, 0, 0, 0, 0], texts: 'a\0a\0' }],
    ['a negative group', { header: [1, 5, -1, 1, 0, 0, 0, 0], texts: 'a\0a\0' }],
    [
      'an environment that is the caller’s',
      { header: [1, 1, 0, 1, 1, 0, 0, 0], texts: 'a\0a\0b\0' },
    ],
    ['a word that is to be 0', { header: [1, 1, 0, 1, 0, 0, 0, 9], texts: 'a\0a\0' }],
    ['too few texts', { texts: 'a\0' }],
    ['too many', { texts: 'a\0a\0a\0' }],
    ['a text without an end', { texts: 'a\0a' }],
    ['no texts', { texts: '' }],
    ['2^32-1 arguments', { header: [1, 1, 0, -1, 0, 0, 0, 0], texts: 'a\0a\0' }],
    ['actions that are not there', { header: [1, 1, 0, 1, 0, 4_000, 0, 0], texts: 'a\0a\0' }],
    ['2^32-1 actions', { header: [1, 1, 0, 1, 0, -1, 0, 0], texts: 'a\0a\0' }],
    [
      'an unknown action',
      { header: [1, 1, 0, 1, 0, 1, 0, 0], files: [[5, 0, 0, 0, 0]], texts: 'a\0a\0' },
    ],
    [
      'a file that is not to be read',
      { header: [1, 1, 0, 1, 0, 1, 0, 0], files: [[2, 0, 0, 0, 0]], texts: 'a\0a\0a\0' },
    ],
  ] satisfies readonly (readonly [string, Wanted])[])('refuses %s', (_, wanted) => {
    expect(spawnRequestOf(bytesOf(wanted), 0)).toEqual({ ok: false, errno: Errno.INVAL })
  })
  it('refuses what is not UTF-8', () => {
    const request = bytesOf({ texts: 'a\0a\0' })
    request[32] = 0xff
    expect(spawnRequestOf(request, 0)).toEqual({ ok: false, errno: Errno.ILSEQ })
  })
  it('answers whatever the bytes are', () => {
    const word = fc.oneof(
      fc.nat(8),
      fc.integer().map((number) => number >>> 0),
    )
    const header = fc.tuple(fc.constant(1), word, word, word, word, word, word, fc.constant(0))
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 300 }), (words, rest) => {
        const bytes = Uint8Array.from([...new Uint8Array(Uint32Array.from(words).buffer), ...rest])
        for (const part of [bytes, rest]) {
          const request = spawnRequestOf(part, 0)
          if (!request.ok) expect([Errno.INVAL, Errno.ILSEQ]).toContain(request.errno)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('lists of texts', () => {
  const memoryOf = (bytes: number) => {
    const owner = { buffer: new ArrayBuffer(bytes) }
    const memory = new LinearMemory()
    memory.attach(owner)
    return { memory, view: new DataView(owner.buffer), bytes: new Uint8Array(owner.buffer) }
  }
  it('end at a mebibyte, also where one text is named again and again', () => {
    const { memory, view, bytes } = memoryOf(2 ** 21)
    bytes.fill(0x61, 65_536, 65_536 + 1_023)
    for (let at = 0; at < 1_025; at += 1) view.setUint32(at * 4, 65_536, true)
    expect(memory.stringTexts(0, 1_024).ok).toBe(true)
    expect(memory.stringTexts(0, 1_025)).toEqual({ ok: false, errno: Errno['2BIG'] })
    bytes.fill(0x61, 2 ** 20, 2 ** 21)
    view.setUint32(0, 2 ** 20, true)
    expect(memory.strings(0, 1)).toEqual({
      pieces: [{ at: 2 ** 20, length: MAX_ARGUMENT_BYTES }],
      errno: Errno['2BIG'],
    })
  })
  it('are refused when they are too many, or one does not end', () => {
    const { memory, view, bytes } = memoryOf(65_536)
    expect(memory.strings(0, MAX_STRINGS + 1).errno).toBe(Errno['2BIG'])
    bytes.fill(0x61, 60_000)
    view.setUint32(0, 60_000, true)
    expect(memory.strings(0, 1).errno).toBe(Errno.FAULT)
    expect(memory.strings(65_535, 1).errno).toBe(Errno.FAULT)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerOf } from '../../../../src/cell/child/answers.ts'
import { BodyParts, packed, unpacked } from '../../../../src/cell/child/body.ts'
import {
  creditOf,
  creditPayload,
  type Frame,
  FrameReader,
  HEADER_BYTES,
  headerOf,
  KINDS,
  MAX_PAYLOAD,
  ProtocolError,
} from '../../../../src/cell/child/frame.ts'
import type { Verb } from '../../../../src/cell/child/verbs.ts'

const bytesOf = ({ kind, call, stream, payload }: Frame): Buffer =>
  Buffer.concat([headerOf(kind, call, stream, payload.length), payload])

/** What a reader hands over, and the error it ended with. */
function read(chunks: readonly Uint8Array[]) {
  const frames: Frame[] = []
  const reader = new FrameReader((frame) =>
    frames.push({ ...frame, payload: Uint8Array.from(frame.payload) }),
  )
  for (const chunk of chunks) reader.push(chunk)
  return frames
}

/** `bytes` cut at each of `cuts`, which may be anywhere and in any order. */
function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length]
  places.sort((a, b) => a - b)
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  kind: fc.constantFrom(...KINDS),
  call: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  stream: fc.integer({ min: 0, max: 255 }),
  payload: fc.uint8Array({ maxLength: 300 }),
})

/** Runs `act` and lets no error through but the protocol's. */
function onlyProtocolErrors(act: () => void): void {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
  }
}

describe('frames', () => {
  it('arrive as they were sent, wherever the channel cut them', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (frames, cuts) => {
          const sent = frames.map((frame) => ({
            ...frame,
            payload: Uint8Array.from(frame.payload),
          }))
          expect(read(cut(Buffer.concat(frames.map(bytesOf)), cuts))).toEqual(sent)
        },
      ),
    )
  })
  it('of random bytes end in the one error, or in nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat()), (bytes, cuts) =>
        onlyProtocolErrors(() => read(cut(bytes, cuts))),
      ),
    )
  })
  it('are of a known kind and no larger than allowed, and nothing is set aside before that', () => {
    const header = (kind: number, length: number) => {
      const bytes = headerOf('data', 1, 1, length)
      bytes[4] = kind
      return bytes
    }
    expect(() => read([header(KINDS.length, 1)])).toThrow('unknown kind')
    expect(() => read([header(2, MAX_PAYLOAD + 1)])).toThrow('too large')
    expect(read([header(2, MAX_PAYLOAD), new Uint8Array(MAX_PAYLOAD)])).toHaveLength(1)
    expect(headerOf('end', 1, 1, 0)).toHaveLength(HEADER_BYTES)
  })
  it('of credit hold one number', () => {
    const credit = (payload: Uint8Array): Frame => ({ kind: 'credit', call: 1, stream: 1, payload })
    expect(creditOf(credit(creditPayload(4_000_000_000)))).toBe(4_000_000_000)
    expect(() => creditOf(credit(new Uint8Array(3)))).toThrow(ProtocolError)
  })
})

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'path', '__proto__'), tie('any')),
  ),
})).any

/** Views and Buffers compare as what they hold, objects as their own properties. */
function plain(whole: unknown): unknown {
  if (whole instanceof Uint8Array) return `bytes ${Buffer.from(whole).toString('hex')}`
  if (Array.isArray(whole)) return whole.map(plain)
  if (typeof whole !== 'object' || whole === null) return whole
  return Object.entries(whole).map(([key, item]) => [key, plain(item)])
}

describe('a body', () => {
  it('is what was packed', () => {
    fc.assert(
      fc.property(value, (whole) => {
        expect(plain(unpacked(Buffer.concat(packed(whole))))).toEqual(plain(whole))
      }),
    )
  })
  it('of random bytes ends in the one error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) =>
        onlyProtocolErrors(() => unpacked(bytes)),
      ),
    )
  })
  it.each([
    ['bytes before their beginning', '{"$bytes": [-1, 1]}'],
    ['bytes behind their end', '{"$bytes": [0, 5]}'],
    ['bytes nowhere', '{"$bytes": "x"}'],
    ['bytes of no number', '{"$bytes": [0.5, 1]}'],
    ['arrays too deep', '['.repeat(5_000) + ']'.repeat(5_000)],
  ])('with %s is refused', (_, text) => {
    const json = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(json.length)
    const body = Buffer.concat([length, json, Buffer.from('tail')])
    expect(() => unpacked(body)).toThrow(ProtocolError)
  })
  it('in parts has a limit over all of them', () => {
    const parts = new BodyParts(5)
    parts.add(Buffer.from('abc'))
    parts.add(Buffer.from('de'))
    expect(Buffer.from(parts.whole()).toString()).toBe('abcde')
    expect(() => parts.add(Buffer.from('f'))).toThrow(ProtocolError)
  })
})

describe('an answer', () => {
  const VERBS: readonly Verb[] = ['open', 'prepareModule', 'start', 'stats', 'inUse', 'kill']
  it('of any other shape is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VERBS), fc.object(), (verb, body) => {
        expect(() => answerOf(verb, body)).toThrow(ProtocolError)
      }),
    )
  })
  it('may be an error of ours, with a code that there is', () => {
    const error = { code: 'INVALID_MODULE', message: 'no' }
    expect(() => answerOf('open', { error })).toThrow(expect.objectContaining(error) as Error)
    const other = { error: { ...error, code: 'toString' } }
    expect(() => answerOf('open', other)).toThrow(ProtocolError)
  })
  it('of an exit is held to the codes there are', () => {
    const exit = (exitCode: number) => ({ value: { exitCode, reason: 'exit', oomKilled: false } })
    expect(() => answerOf('start', exit(256))).toThrow(ProtocolError)
    expect(() => answerOf('start', exit(0))).toThrow(ProtocolError) // no usage
  })
})

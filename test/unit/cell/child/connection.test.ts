import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packed } from '../../../../src/cell/child/body.ts'
import { Connection } from '../../../../src/cell/child/connection.ts'
import { type FrameKind, headerOf, KINDS, ProtocolError } from '../../../../src/cell/child/frame.ts'
import { GUEST } from '../../../support/cell-jobs.ts'

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A connection with a process that was started: call 1, streams 1 and 2 from the cell, 0 to it. */
function started() {
  const channel = new Duplex({ read: () => {}, write: (_chunk, _, done) => done() })
  const broken: unknown[] = []
  const connection = new Connection(channel, (error) => {
    broken.push(error)
    connection.destroy()
  })
  const call = connection.call(
    'start',
    { module: 'm', root: 'r', guest: GUEST, program: null, hasInput: true, writableLayer: null },
    { from: [1, 2], to: [0] },
  )
  const ended = call.answer.then(
    () => 'answered',
    (error: Error) => error.name,
  )
  return { channel, broken, ended }
}

const bodyOf = (value: unknown): Uint8Array => Buffer.concat(packed(value))
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.object().map(bodyOf),
  fc.record({ value: fc.anything() }).map((body) => {
    try {
      return bodyOf(body)
    } catch {
      return new Uint8Array() // a value that we could not even send
    }
  }),
)

it('whatever a cell sends, it is taken or is the end of that cell, and nothing is thrown', async () => {
  const frame = fc.tuple(
    fc.constantFrom<FrameKind>(...KINDS),
    fc.constantFrom(1, 1, 1, 2),
    fc.constantFrom(0, 1, 2, 3),
    payload,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
      const { channel, broken, ended } = started()
      for (const [kind, call, stream, bytes] of frames) {
        channel.push(Buffer.concat([headerOf(kind, call, stream, bytes.length), bytes]))
      }
      await settled()
      expect(broken.length).toBeLessThanOrEqual(1)
      for (const error of broken) expect(error).toBeInstanceOf(ProtocolError)
      channel.destroy()
      expect(await ended).toBe('CellLost')
    }),
    { numRuns: 200 },
  )
})
it('an exit brings no more bytes than were asked for', async () => {
  const { channel, broken } = started()
  const part = new Uint8Array(60_000)
  for (let count = 0; count < 2; count += 1) {
    channel.push(Buffer.concat([headerOf('part', 1, 0, part.length), part]))
  }
  await settled()
  expect(String(broken[0])).toContain('too large')
})

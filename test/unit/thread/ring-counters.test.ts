import { expect, it } from 'vitest'
import { createRing, RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'

const quiet = (): void => {}

it('a ring that was filled and emptied has as much room as before, and its counters have moved', () => {
  const memory = createRing(64)
  const [writer, reader] = [new RingWriter(memory, quiet), new RingReader(memory, quiet)]
  const seen = { room: writer.room(), taken: writer.taken(), came: reader.came() }
  expect(writer.write(new Uint8Array(64))).toBe(64)
  expect(reader.read(new Uint8Array(64))).toBe(64)
  expect(writer.room()).toBe(seen.room)
  expect(writer.taken()).not.toBe(seen.taken)
  expect(reader.came()).not.toBe(seen.came)
})
it('the end of either side is another number, too', () => {
  const memory = createRing(64)
  const [writer, reader] = [new RingWriter(memory, quiet), new RingReader(memory, quiet)]
  writer.close()
  expect(reader.came()).toBe(-1)
})

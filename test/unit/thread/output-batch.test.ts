import { describe, expect, it } from 'vitest'
import { createRing } from '../../../src/thread/byte-ring.ts'
import { OutputBatch } from '../../../src/thread/output-batch.ts'

const RING_BYTES = 65_536

/** The output of a process that began at 100 ms, and what its cell was told. */
function batchOf() {
  const told: string[] = []
  const batch = new OutputBatch(
    { mark: () => told.push('mark'), note: () => told.push('note') },
    100,
  )
  const writer = batch.writer(createRing(RING_BYTES))
  return { batch, told, write: (bytes: number) => writer.write(new Uint8Array(bytes)) }
}

describe('the output of a process', () => {
  it('is only noted while it has come to no safepoint, however often it writes', () => {
    const { told, write } = batchOf()
    write(6)
    write(6)
    expect(told).toEqual(['note'])
  })
  it('is told of before it sleeps, though it was noted', () => {
    const { batch, told, write } = batchOf()
    write(6)
    batch.tell(100.2)
    expect(told).toEqual(['note', 'mark'])
  })
  it('is told of when there is much, from the first byte on', () => {
    const { told, write } = batchOf()
    write(48 * 1024)
    expect(told).toContain('mark')
  })
  it('is told of at once after the first safepoint, and then once a millisecond', () => {
    const { batch, told, write } = batchOf()
    batch.atSafepoint(100.1)
    write(6)
    expect(told).toEqual(['mark'])
    write(6)
    batch.atSafepoint(100.5)
    expect(told).toEqual(['mark'])
    batch.atSafepoint(101.1)
    expect(told).toEqual(['mark', 'mark'])
  })
  it('that was noted is told of at a safepoint a millisecond after the start', () => {
    const { batch, told, write } = batchOf()
    write(6)
    batch.atSafepoint(101)
    expect(told).toEqual(['note', 'mark'])
  })
  it('tells of nothing where nothing was written', () => {
    const { batch, told } = batchOf()
    batch.atSafepoint(101)
    batch.tell(102)
    expect(told).toEqual([])
  })
})

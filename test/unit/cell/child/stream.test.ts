import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRAME_COST, Inlet, Outlet, WINDOW } from '../../../../src/cell/child/stream.ts'

/** Both ends of a stream without a channel between them. */
function pair() {
  const frames: number[] = []
  const outlet: Outlet = new Outlet((bytes) => {
    if (bytes === undefined) {
      inlet.finish()
      return
    }
    frames.push(bytes.length)
    inlet.accept(bytes)
  })
  const inlet: Inlet = new Inlet((count) => outlet.grant(count))
  return { outlet, inlet, frames }
}

describe('a stream', () => {
  it('brings every byte in order, whatever the pieces, and its end', async () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(pieces, async (sizes) => {
        const { outlet, inlet, frames } = pair()
        const bytes = sizes.map((size, index) => new Uint8Array(size).fill(index + 1))
        const writing = (async () => {
          for (const piece of bytes) await outlet.write(piece)
          outlet.end()
        })()
        const got: Uint8Array[] = []
        for await (const piece of inlet) got.push(piece)
        await writing
        expect(Buffer.concat(got).equals(Buffer.concat(bytes))).toBe(true)
        expect(Math.max(0, ...frames)).toBeLessThanOrEqual(65_536)
      }),
      { numRuns: 30 },
    )
  })
  it('that nobody reads holds its writer back at one window, in bytes and in frames', () => {
    const { outlet, frames } = pair()
    expect(outlet.write(new Uint8Array(WINDOW))).toBeInstanceOf(Promise)
    const sent = frames.reduce((sum, size) => sum + size + FRAME_COST, 0)
    expect(sent).toBeLessThanOrEqual(WINDOW)

    const small = pair()
    while (small.outlet.write(Uint8Array.of(1)) === undefined);
    expect(small.frames.length).toBeLessThanOrEqual(WINDOW / FRAME_COST)
  })
  it('takes no more than it granted, nothing empty, and nothing after its end', () => {
    const inlet = () => new Inlet(() => {})
    const full = inlet()
    full.accept(new Uint8Array(WINDOW - FRAME_COST))
    expect(() => full.accept(Uint8Array.of(1))).toThrow('nobody asked')
    expect(() => inlet().accept(new Uint8Array())).toThrow('nobody asked')
    const ended = inlet()
    ended.finish()
    expect(() => ended.accept(Uint8Array.of(1))).toThrow('nobody asked')
  })
  it('gives no credit that was not used', () => {
    const outlet = new Outlet(() => {})
    expect(() => outlet.grant(1)).toThrow('not due')
    expect(() => outlet.grant(0)).toThrow('not due')
  })
  it('that is abandoned lets its writer go on into nothing', async () => {
    const { outlet, frames } = pair()
    const writing = outlet.write(new Uint8Array(2 * WINDOW))
    const before = frames.length
    outlet.abandon()
    await writing
    expect(outlet.write(Uint8Array.of(1))).toBeUndefined()
    expect(frames).toHaveLength(before)
  })
})

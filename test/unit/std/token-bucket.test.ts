import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../src/std/token-bucket.ts'

/** Takes pieces of `size` as fast as it may for `ms`; how many came through. */
function throughput(bucket: TokenBucket, size: number, ms: number): number {
  let now = 0
  let taken = 0
  while (now < ms) {
    const ready = bucket.readyAt(now)
    if (ready === undefined) {
      bucket.take(size)
      taken += size
    } else now = ready
  }
  return taken
}

describe('TokenBucket', () => {
  it.each([
    [1_000, 1],
    [1_000, 300],
    [10_000_000, 65_536],
    [10_000_000, 1_048_576],
    [50, 1],
  ])('lets %i pieces per second through, by %i at once', (perSecond, size) => {
    const seconds = 10
    const bucket = new TokenBucket(perSecond, 50, 0)
    const got = throughput(bucket, size, seconds * 1_000) / seconds
    expect(Math.abs(got - perSecond)).toBeLessThan(0.05 * perSecond + size / seconds)
  })
  it('saves up no more than its burst', () => {
    const bucket = new TokenBucket(1_000, 50, 0)
    expect(bucket.readyAt(60_000)).toBeUndefined()
    bucket.take(50)
    expect(bucket.readyAt(60_000)).toBeCloseTo(60_000, 1)
  })
  it('always holds one piece, however slow it is', () => {
    const bucket = new TokenBucket(1, 50, 0)
    expect(bucket.readyAt(0)).toBeUndefined()
    bucket.take(1)
    bucket.take(1)
    expect(bucket.readyAt(0)).toBeCloseTo(1_000, 1)
  })
  it('is ready when it said it would be', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 0, max: 1e9 }),
        (perSecond, size, now) => {
          const bucket = new TokenBucket(perSecond, 50, now)
          bucket.take(size)
          const ready = bucket.readyAt(now)
          if (ready !== undefined) expect(bucket.readyAt(ready)).toBeUndefined()
        },
      ),
    )
  })
})

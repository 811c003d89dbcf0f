import { describe, expect, it } from 'vitest'
import { mergedHealthcheck } from '../../../../../src/engine/container/health/healthcheck.ts'

const IMAGE = { Test: ['CMD', 'a'], Interval: 5_000_000, Retries: 2 }

describe('the check of a container', () => {
  it.each([
    ['the image’s', undefined, IMAGE, IMAGE],
    ['none', undefined, undefined, undefined],
    ['its own', { Test: ['CMD', 'b'] }, undefined, { Test: ['CMD', 'b'] }],
    ['its own over the image’s', { Retries: 4 }, IMAGE, { ...IMAGE, Retries: 4 }],
    ['as if unsaid', { Test: [], Interval: 0, Retries: 0 }, IMAGE, IMAGE],
    ['none, against the image’s', { Test: ['NONE'] }, IMAGE, { ...IMAGE, Test: ['NONE'] }],
  ])('is %s', (_, own, image, expected) => {
    expect(mergedHealthcheck(own, image)).toEqual(expected)
  })
  it.each([
    ...(['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const).flatMap((name) =>
      [999_999, 1, -1].map(
        (ns) => [{ [name]: ns }, `${name} in Healthcheck cannot be less than 1ms`] as const,
      ),
    ),
    [{ Retries: -1 }, 'Retries in Healthcheck cannot be negative'] as const,
  ])('%j is refused', (own, text) => {
    expect(() => mergedHealthcheck(own, IMAGE)).toThrow(text)
  })
  it('may be as quick as a millisecond', () => {
    expect(mergedHealthcheck({ Interval: 1_000_000 }, undefined)).toEqual({ Interval: 1_000_000 })
  })
})

import { describe, expect, it } from 'vitest'
import { frame, frames } from '../../../../src/api/docker/multiplex.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('frames', () => {
  it('stand one behind the other, each with its stream and its length', () => {
    const framed = frames([
      { stream: 'stdout', bytes: bytes('one\n') },
      { stream: 'stderr', bytes: bytes('') },
      { stream: 'stderr', bytes: bytes('x'.repeat(258)) },
    ])
    expect([...framed.subarray(0, 29)]).toEqual([
      ...[1, 0, 0, 0, 0, 0, 0, 4, ...bytes('one\n')],
      ...[2, 0, 0, 0, 0, 0, 0, 0],
      ...[2, 0, 0, 0, 0, 0, 1, 2, 0x78],
    ])
    expect(framed).toHaveLength(12 + 8 + 266)
  })
  it('of one piece are a frame, of none nothing', () => {
    const piece = { stream: 'stdout', bytes: bytes('a') } as const
    expect(frames([piece])).toEqual(frame('stdout', bytes('a')))
    expect(frames([])).toHaveLength(0)
  })
})

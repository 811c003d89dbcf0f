import { describe, expect, it } from 'vitest'
import { outputOf } from '../../../../src/engine/container/output.ts'

const piece = (...bytes: number[]) => new Uint8Array(bytes)

describe('outputOf', () => {
  it('keeps what is captured, byte for byte', async () => {
    const output = outputOf('capture')
    await output.consume(piece(0, 255))
    await output.consume(piece(10))
    expect([...output.bytes()]).toEqual([0, 255, 10])
    expect(output.truncated()).toBe(false)
  })
  it('cuts a captured stream at its limit and says so', async () => {
    const output = outputOf('capture', 3)
    await output.consume(piece(1, 2))
    await output.consume(piece(3, 4))
    await output.consume(piece(5))
    expect([...output.bytes()]).toEqual([1, 2, 3])
    expect(output.truncated()).toBe(true)
  })
  it('hands bytes to a callback and keeps none', async () => {
    const seen: number[] = []
    const output = outputOf((bytes) => void seen.push(...bytes))
    await output.consume(piece(7))
    expect(seen).toEqual([7])
    expect(output.bytes()).toHaveLength(0)
  })
  it('writes to a web stream and closes it', async () => {
    const seen: number[] = []
    let closed = false
    const output = outputOf(
      new WritableStream<Uint8Array>({
        write: (bytes) => void seen.push(...bytes),
        close: () => {
          closed = true
        },
      }),
    )
    await output.consume(piece(1, 2))
    await output.finish()
    expect(seen).toEqual([1, 2])
    expect(closed).toBe(true)
  })
  it('goes on when a web stream fails', async () => {
    const output = outputOf(
      new WritableStream<Uint8Array>({
        write: () => {
          throw new Error('gone')
        },
      }),
    )
    await output.consume(piece(1))
    await expect(output.consume(piece(2))).resolves.toBeUndefined()
    await expect(output.finish()).resolves.toBeUndefined()
  })
})

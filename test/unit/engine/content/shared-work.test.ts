import { describe, expect, it } from 'vitest'
import { SharedWork } from '../../../../src/engine/content/shared-work.ts'

/** Work that ends when the test says so, and knows whether it was given up. */
function setup() {
  const shared = new SharedWork<number, string>()
  const begun: { end(value: string): void; fail(error: unknown): void; signal: AbortSignal }[] = []
  let report: (progress: number) => void = () => {}
  const join = (how: Parameters<typeof shared.join>[1] = {}) =>
    shared.join('key', how, (tell, signal) => {
      report = tell
      return new Promise((resolve, reject) => {
        begun.push({ end: resolve, fail: reject, signal })
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    })
  return { join, begun, report: (progress: number) => report(progress) }
}

describe('shared work', () => {
  it('is done once for all who ask while it is under way, and again for one who asks later', async () => {
    const { join, begun } = setup()
    const both = [join(), join()]
    begun[0]?.end('done')
    expect(await Promise.all(both)).toEqual(['done', 'done'])
    const later = join()
    begun[1]?.end('again')
    expect(await later).toBe('again')
    expect(begun).toHaveLength(2)
  })
  it('tells its progress to all', async () => {
    const { join, begun, report } = setup()
    const seen: string[] = []
    const both = ['a', 'b'].map((name) =>
      join({ onProgress: (progress) => seen.push(`${name}${progress}`) }),
    )
    report(1)
    begun[0]?.end('')
    await Promise.all(both)
    report(2)
    expect(seen).toEqual(['a1', 'b1'])
  })
  it('goes on when one of two leaves', async () => {
    const { join, begun } = setup()
    const controller = new AbortController()
    const leaving = join({ signal: controller.signal })
    const staying = join()
    controller.abort('bored')
    await expect(leaving).rejects.toBe('bored')
    expect(begun[0]?.signal.aborted).toBe(false)
    begun[0]?.end('done')
    expect(await staying).toBe('done')
  })
  it('is given up when the last one leaves, and is then begun anew', async () => {
    const { join, begun } = setup()
    const controller = new AbortController()
    const leaving = join({ signal: controller.signal })
    controller.abort('bored')
    await expect(leaving).rejects.toBe('bored')
    expect(begun[0]?.signal.aborted).toBe(true)
    const next = join()
    begun[1]?.end('anew')
    expect(await next).toBe('anew')
  })
  it('fails for all', async () => {
    const { join, begun } = setup()
    const both = [join(), join()]
    begun[0]?.fail('broken')
    expect(await Promise.allSettled(both)).toEqual([
      { status: 'rejected', reason: 'broken' },
      { status: 'rejected', reason: 'broken' },
    ])
  })
  it('is not begun for one who has left already', async () => {
    const { join, begun } = setup()
    await expect(join({ signal: AbortSignal.abort('gone') })).rejects.toBe('gone')
    expect(begun).toHaveLength(0)
  })
})

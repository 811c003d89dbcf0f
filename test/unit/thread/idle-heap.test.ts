import { beforeEach, describe, expect, it } from 'vitest'
import { type Bell, ring } from '../../../src/thread/doorbell.ts'
import { type Heap, IdleHeap } from '../../../src/thread/idle-heap.ts'

const QUIET_MS = 5_500
const MIB = 2 ** 20
const NEVER = Number.POSITIVE_INFINITY

/** A heap whose objects are garbage, but for `left` bytes. */
class TestHeap implements Heap {
  bytes = 6 * MIB
  left = 4 * MIB
  collections = 0

  used(): number {
    return this.bytes
  }

  collect(): void {
    this.bytes = this.left
    this.collections += 1
  }
}

describe('the heap of a thread that sleeps', () => {
  let bell: Bell
  let heap: TestHeap
  let idle: IdleHeap
  beforeEach(() => {
    bell = { words: new Int32Array(2), doorbell: 0, sleeping: 1 }
    heap = new TestHeap()
    idle = new IdleHeap(bell, heap)
    idle.sleep(1_000)
  })
  /** It has slept until it was due. */
  const wakeWhenDue = () => idle.wake(idle.due)

  it('is collected once, when nobody has rung for a while', () => {
    expect(idle.due).toBe(1_000 + QUIET_MS)
    idle.wake(idle.due - 1)
    expect(heap.collections).toBe(0)
    wakeWhenDue()
    expect(heap.collections).toBe(1)
    expect(idle.due).toBe(NEVER)
  })

  it('is not collected while somebody rings', () => {
    for (let turn = 1; turn <= 3; turn += 1) {
      ring(bell)
      wakeWhenDue()
      expect(idle.due).toBe(1_000 + (turn + 1) * QUIET_MS)
    }
    expect(heap.collections).toBe(0)
    wakeWhenDue()
    expect(heap.collections).toBe(1)
  })

  it('is collected again after the next silence, once somebody has rung', () => {
    wakeWhenDue()
    expect(idle.disturbed).toBe(false)
    ring(bell)
    expect(idle.disturbed).toBe(true)
    idle.wake(60_000)
    expect(idle.disturbed).toBe(false)
    expect(idle.due).toBe(60_000 + QUIET_MS)
    heap.bytes = heap.left + MIB
    wakeWhenDue()
    expect(heap.collections).toBe(2)
  })

  it('is left alone in the next sleep where nobody has rung since it was collected', () => {
    wakeWhenDue()
    idle.sleep(90_000)
    expect(idle.due).toBe(NEVER)
    expect(idle.disturbed).toBe(false)
  })

  it('is left alone where that would bring little', () => {
    wakeWhenDue()
    ring(bell)
    heap.bytes = heap.left + MIB - 1
    idle.wake(60_000)
    wakeWhenDue()
    expect(heap.collections).toBe(1)
    expect(idle.due).toBe(NEVER)
  })

  it('is left to V8 where that cannot be asked', () => {
    const none = new IdleHeap(bell, undefined)
    none.sleep(1_000)
    ring(bell)
    none.wake(90_000)
    expect(none.due).toBe(NEVER)
    expect(none.disturbed).toBe(false)
  })
})

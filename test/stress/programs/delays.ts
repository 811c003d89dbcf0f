import type { Bell, DelayPoint } from '../../../src/thread/doorbell.ts'
import { ring } from '../../../src/thread/doorbell.ts'

/** The shortcuts that lose wakes: each looks right. */
export type RingMutant = 'none' | 'ring-if-sleeping' | 'take-sleeping'

export const RING: Readonly<Record<RingMutant, (bell: Bell, delay: DelayPoint) => void>> = {
  none: ring,
  'ring-if-sleeping': ({ words, doorbell, sleeping }, delay) => {
    delay('published')
    if (Atomics.load(words, sleeping) === 0) return
    Atomics.add(words, doorbell, 1)
    Atomics.notify(words, doorbell, 1)
  },
  'take-sleeping': ({ words, doorbell, sleeping }, delay) => {
    delay('published')
    Atomics.add(words, doorbell, 1)
    delay('added')
    if (Atomics.exchange(words, sleeping, 0) !== 0) Atomics.notify(words, doorbell, 1)
  },
}

/** Where a thread of the test is; the watch believes in a stall only when all of them sleep. */
export interface Whereabouts {
  /** A word for each thread: 1 for one that sleeps or is through, 0 for one that runs or starts. */
  readonly asleep: SharedArrayBuffer
  readonly index: number
}

/**
 * Waits a random while at every point where another thread may come in between.
 *
 * @param longest - in atomic loads.
 */
export function delays(seed: number, longest: number, { asleep, index }: Whereabouts): DelayPoint {
  const words = new Int32Array(asleep)
  let state = seed | 1
  return (point) => {
    Atomics.store(words, index, point === 'sleeping' ? 1 : 0)
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    if ((state & 3) !== 0) return
    const loads = (state >>> 3) % longest
    for (let load = 0; load < loads; load += 1) Atomics.load(words, 0)
  }
}

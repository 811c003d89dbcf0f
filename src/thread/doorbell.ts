/**
 * How one thread wakes another: a counter that only grows, and a flag its owner sets around a sleep.
 *
 *   producer                              owner, in park
 *     publish                               seen = load(DOORBELL)        before the scan
 *     add(DOORBELL, 1)                      if scan() return
 *     if load(SLEEPING)                     store(SLEEPING, 1)
 *       notify(DOORBELL, 1)                 if load(DOORBELL) = seen: wait(DOORBELL, seen)
 *                                           store(SLEEPING, 0)
 *
 * Either the producer's add comes before the owner's last look, and the wait returns at once, or the
 * owner's SLEEPING comes before the producer's load, and it notifies. Producers always add, and never
 * write SLEEPING: both shortcuts lose wakes.
 *
 * @source runtime reference, 4.2
 */
export interface Bell {
  readonly words: Int32Array
  readonly doorbell: number
  readonly sleeping: number
}

/** Called at each point between two steps where another thread may come in between. */
export type DelayPoint = (point: 'published' | 'added' | 'seen' | 'scanned' | 'sleeping') => void

export const noDelay: DelayPoint = () => {}

export function ring(bell: Bell, delay: DelayPoint = noDelay): void {
  delay('published')
  Atomics.add(bell.words, bell.doorbell, 1)
  delay('added')
  if (Atomics.load(bell.words, bell.sleeping) !== 0) {
    Atomics.notify(bell.words, bell.doorbell, 1)
  }
}

/**
 * Sleeps until `changed` holds or `deadline` (ms of `performance.now()`) has passed. True for a
 * change.
 */
export function park(
  bell: Bell,
  changed: () => boolean,
  deadline: number,
  delay: DelayPoint = noDelay,
): boolean {
  const { words, doorbell, sleeping } = bell
  for (;;) {
    const seen = Atomics.load(words, doorbell)
    delay('seen')
    if (changed()) return true
    const left = deadline - performance.now()
    if (left <= 0) return false
    delay('scanned')
    Atomics.store(words, sleeping, 1)
    delay('sleeping')
    if (Atomics.load(words, doorbell) === seen) Atomics.wait(words, doorbell, seen, left)
    Atomics.store(words, sleeping, 0)
  }
}

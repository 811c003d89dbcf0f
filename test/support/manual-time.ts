import type { After } from '../../src/contract/clock.ts'

/** A time that passes only when a test says so. */
export interface ManualTime {
  now(): Date
  readonly after: After
  /** Lets `ms` pass: what is due is called in its order, each followed by everything it leads to. */
  pass(ms: number): Promise<void>
  /** Ms until each of what is to be called. */
  due(): readonly number[]
}

/** Lets promises that are settled have their effects. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function manualTime(): ManualTime {
  let time = 0
  const timers = new Set<{ readonly at: number; readonly action: () => void }>()
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0]
  return {
    now: () => new Date(time),
    after: (ms, action) => {
      const timer = { at: time + ms, action }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass: async (ms) => {
      const end = time + ms
      await settled()
      for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
        time = timer.at
        timers.delete(timer)
        timer.action()
        await settled()
      }
      time = end
    },
    due: () => [...timers].map(({ at }) => at - time).sort((a, b) => a - b),
  }
}

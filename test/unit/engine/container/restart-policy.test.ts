import { describe, expect, it } from 'vitest'
import {
  type EndedRun,
  type RestartPolicy,
  restartDelay,
} from '../../../../src/engine/container/restart-policy.ts'

const policy = (name: RestartPolicy['name'], maximumRetryCount = 0): RestartPolicy => ({
  name,
  maximumRetryCount,
})
const RUN: EndedRun = { exitCode: 0, ranMs: 50, restarts: 0, stoppedByHand: false, lastDelayMs: 0 }

describe('whether a container is started again', () => {
  it.each([
    ['no', policy('no'), { exitCode: 1 }, false],
    ['always after success', policy('always'), {}, true],
    ['always after failure', policy('always'), { exitCode: 1 }, true],
    ['always, stopped by hand', policy('always'), { stoppedByHand: true }, false],
    ['unless-stopped', policy('unless-stopped'), {}, true],
    ['unless-stopped, stopped by hand', policy('unless-stopped'), { stoppedByHand: true }, false],
    ['on-failure after success', policy('on-failure'), {}, false],
    ['on-failure after failure', policy('on-failure'), { exitCode: 1 }, true],
    ['on-failure without a bound', policy('on-failure'), { exitCode: 1, restarts: 99 }, true],
    ['on-failure:2 after one restart', policy('on-failure', 2), { exitCode: 1, restarts: 1 }, true],
    ['on-failure:2 after two', policy('on-failure', 2), { exitCode: 1, restarts: 2 }, false],
    ['on-failure, stopped', policy('on-failure'), { exitCode: 137, stoppedByHand: true }, false],
  ])('%s', (_, chosen, run, again) => {
    expect(restartDelay(chosen, { ...RUN, ...run }) !== undefined).toBe(again)
  })
})

describe('how long it waits', () => {
  it('doubles from 100 ms to a minute', () => {
    const delays: number[] = []
    let lastDelayMs = 0
    for (let count = 0; count < 12; count += 1) {
      lastDelayMs = restartDelay(policy('always'), { ...RUN, lastDelayMs }) ?? Number.NaN
      delays.push(lastDelayMs)
    }
    const minute = [60_000, 60_000]
    const doubling = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200]
    expect(delays).toEqual([...doubling, ...minute])
  })
  it.each([
    [9_999, 1_600],
    [10_000, 100],
  ])('after a run of %i ms is %i ms', (ranMs, delay) => {
    expect(restartDelay(policy('always'), { ...RUN, ranMs, lastDelayMs: 800 })).toBe(delay)
  })
})

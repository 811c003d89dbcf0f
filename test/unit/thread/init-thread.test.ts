import { expect, it } from 'vitest'
import type { Limits } from '../../../src/contract/limits.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { ControlBlock } from '../../../src/thread/control-block.ts'
import { FuelPool } from '../../../src/thread/fuel-pool.ts'
import { InitThread, type InitThreadParts } from '../../../src/thread/init-thread.ts'
import { controlOf } from '../../support/process-control.ts'

/** A process whose sleeps end when the test says so, with a log of where it stands. */
function processOn(sleeps: readonly ((control: ControlBlock) => void)[], fuelLimit?: bigint) {
  const control = new ControlBlock(new SharedArrayBuffer(256), 0)
  const log: string[] = []
  const limits: Partial<Limits>[] = []
  const left = [...sleeps]
  const quiet = (): void => {}
  const parts = {
    fuelPool: fuelLimit === undefined ? undefined : FuelPool.of(fuelLimit),
    control: {
      ...controlOf(control),
      changedLimits: () => (control.told() ? { pids: 3 } : undefined),
    },
    waiter: {
      park: (changed: () => boolean, _: number, as = 'blocked') => {
        log.push(as)
        left.shift()?.(control)
        expect(changed()).toBe(true)
        return true
      },
    },
    cpu: {
      usedMs: () => 0,
      enter: () => log.push('competes'),
      leave: () => log.push('leaves'),
      slept: quiet,
      visit: () => undefined,
    },
    ledger: new Ledger(),
    setLimits: (changed: Partial<Limits>) => limits.push(changed),
  } as unknown as InitThreadParts // what a pause uses of them
  return { process: new InitThread(parts), control, log, limits }
}

it('gives its turn on the CPU away while it is paused, and asks for one afterwards', () => {
  const { process, control, log } = processOn([(block) => block.unpause()])
  control.pause()
  process.safepoint()
  expect(log).toEqual(['leaves', 'paused', 'competes'])
})

it('goes from a wait to the pause, and from there back to whoever waited', () => {
  const { process, log } = processOn([(block) => block.pause(), (block) => block.unpause()])
  process.park({ changed: () => false, deadline: Number.POSITIVE_INFINITY })
  expect(log).toEqual(['leaves', 'blocked', 'competes', 'leaves', 'paused', 'competes'])
})

it('takes new limits while it is paused, and stays paused', () => {
  const tell = (block: ControlBlock): void => block.tell()
  const { process, control, log, limits } = processOn([tell, tell, (block) => block.unpause()])
  control.pause()
  process.safepoint()
  expect(log.filter((where) => where === 'paused')).toHaveLength(3)
  expect(limits).toEqual([{ pids: 3 }, { pids: 3 }])
})

it.each([
  ['before it stands still', true],
  ['while it stands still', false],
])('dies of a kill that comes with a pause: %s', (_, early) => {
  const { process, control, log } = processOn([(block) => block.condemn('killed')])
  control.pause()
  if (early) control.condemn('killed')
  expect(() => process.safepoint()).toThrow(WebAssembly.RuntimeError)
  expect(process.end).toMatchObject({ reason: 'killed', exitCode: 137 })
  expect(log.includes('paused')).toBe(!early)
})

it.each([
  ['a kill', undefined, 'killed'],
  ['the end of its fuel', 1_000n, 'fuel'],
] as const)('leaves a long call in the middle for %s', (_, limit, reason) => {
  const { process, control } = processOn([], limit)
  process.charge(900)
  process.look()
  expect(process.end).toBeUndefined()
  if (limit === undefined) control.condemn('killed')
  else process.charge(200)
  expect(() => process.look()).toThrow(WebAssembly.RuntimeError)
  expect(process.end).toMatchObject({ reason, exitCode: 137 })
})

it('does not leave a call in the middle for a pause', () => {
  const { process, control, log } = processOn([])
  control.pause()
  process.look()
  expect(log).toEqual([])
})

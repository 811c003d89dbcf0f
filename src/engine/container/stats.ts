import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessStats } from '../../contract/cell.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'
import type { Spent } from './exec/execs.ts'

const INTERVAL_MS = 1_000

/** What a container used up to a moment. */
export interface Sample {
  readonly at: Date
  /** Undefined while nothing runs. */
  readonly used: ProcessStats | undefined
  /** That run now. */
  readonly processes: number
}

/**
 * Of all processes together, those that have ended included. Memory is the container's anyhow.
 */
async function usedBy({ run, execs }: Container): Promise<ProcessStats | undefined> {
  const first = await run?.process.stats()
  if (first === undefined) return undefined
  const others = await Promise.all(execs.running().map(({ state }) => state.process.stats()))
  const parts = [first, execs.spent, ...others.filter((one) => one !== undefined)]
  const sum = (field: keyof Spent): number => parts.reduce((all, one) => all + one[field], 0)
  return {
    ...first,
    cpuMs: sum('cpuMs'),
    readBytes: sum('readBytes'),
    writtenBytes: sum('writtenBytes'),
  }
}

/** True after `ms`, false where the signal came first. */
const slept = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal, ref: false }).catch(() => false)

/**
 * A sample at once and then one each second, also while nothing runs, until the container is removed
 * or `signal` aborts. Reading costs the guest nothing.
 *
 * @source engine API reference, 9
 */
export const stats = ({ all, now }: Pick<ContainerParts, 'all' | 'now'>) =>
  async function* (container: Container, signal: AbortSignal): AsyncGenerator<Sample> {
    do {
      const used = await usedBy(container)
      const processes = used === undefined ? 0 : 1 + container.execs.running().length
      yield { at: now(), used, processes }
    } while ((await slept(INTERVAL_MS, signal)) && all.has(container))
  }

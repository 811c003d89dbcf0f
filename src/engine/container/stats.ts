import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessStats } from '../../contract/cell.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'

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
 * CPU time of all processes together, those that have ended included. All else a cell counts per
 * container, and PID 1 tells it.
 */
async function usedBy({ run, execs }: Container): Promise<ProcessStats | undefined> {
  const first = await run?.process.stats()
  if (first === undefined) return undefined
  const others = await Promise.all(execs.running().map(({ state }) => state.process.stats()))
  const cpuMs = others.reduce((sum, one) => sum + (one?.cpuMs ?? 0), first.cpuMs + execs.spentCpuMs)
  return { ...first, cpuMs }
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

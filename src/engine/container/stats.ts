import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerStats } from '../../contract/cell.ts'
import type { Container } from './container.ts'
import type { ContainerParts } from './containers.ts'

const INTERVAL_MS = 1_000

/** What a container used up to a moment. */
export interface Sample {
  readonly at: Date
  /** Undefined while nothing runs. */
  readonly used: ContainerStats | undefined
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
      const used = await container.run?.process.stats()
      yield { at: now(), used }
    } while ((await slept(INTERVAL_MS, signal)) && all.has(container))
  }

import type { Clock, RandomFill } from '../contract/clock.ts'
import type { Determinism } from '../contract/guest-spec.ts'
import { seededRandom } from '../std/seeded-random.ts'
import { frozenClock, hostClock } from './clock.ts'

/**
 * Time and randomness: the host's, or those of a run that can be repeated.
 *
 * @param wakes - as `frozenClock` has it.
 */
export function sourcesOf(
  deterministic: Determinism | undefined,
  cpuMs: () => number,
  wakes?: () => bigint | undefined,
): { readonly clock: Clock; readonly random: RandomFill } {
  if (deterministic !== undefined) {
    return {
      clock: frozenClock(deterministic.epoch, wakes),
      random: seededRandom(deterministic.seed),
    }
  }
  // Node's own modules for it, 0.3 MiB, are loaded when a guest first asks.
  return { clock: hostClock(cpuMs), random: (into) => void crypto.getRandomValues(into) }
}

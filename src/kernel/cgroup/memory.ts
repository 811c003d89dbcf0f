import type { OomPolicy } from '../../contract/limits.ts'
import type { Ledger } from './ledger.ts'

/** What becomes of a process that asks for more memory. */
export type Growth = 'granted' | 'denied' | 'kill'

/**
 * The memory of one container: pages of its guests, bytes of its writable files and of its buffers,
 * in one account. Only guests that grow meet the OOM policy; a file that does not fit is ENOSPC.
 */
export class MemoryController {
  readonly #ledger: Ledger
  readonly #policy: OomPolicy
  #oom = 0
  #killed = 0

  constructor(ledger: Ledger, policy: OomPolicy) {
    this.#ledger = ledger
    this.#policy = policy
  }

  /** A guest asks for `bytes` more. The policy `term` is `kill` while no guest can have a handler. */
  grow(bytes: number): Growth {
    if (this.#ledger.charge('memory', bytes)) return 'granted'
    if (this.#policy === 'fail') return 'denied'
    this.#oom += 1
    this.#killed += 1
    return 'kill'
  }

  /** memory.events; `max` counts every charge that did not fit. There are no soft limits. */
  get events(): Readonly<Record<string, number>> {
    const max = this.#ledger.refusals('memory')
    return { low: 0, high: 0, max, oom: this.#oom, oom_kill: this.#killed }
  }
}

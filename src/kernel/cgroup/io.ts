import type { IoLimits } from '../../contract/limits.ts'
import { TokenBucket } from '../../std/token-bucket.ts'

export type IoDirection = 'read' | 'write'

/** What io.stat tells: transfers of stored files. */
export interface IoUsage {
  readonly bytes: Readonly<Record<IoDirection, number>>
  readonly operations: Readonly<Record<IoDirection, number>>
}

/** What an idle container may save up. Short against the seconds that a rate is judged over. */
const BURST_MS = 50

const NO_LIMITS: IoLimits = {
  readBps: undefined,
  writeBps: undefined,
  readIops: undefined,
  writeIops: undefined,
}

/**
 * File I/O of one container: everything that is read from and written to files that are stored
 * somewhere, in the writable layer, a tmpfs, a volume or a bind. There is one device, whatever a
 * file lies on; pipes, terminals and what the kernel makes up cost nothing.
 *
 * @source Linux, Control Group v2, "io.max"
 */
export class IoController {
  #limits: IoLimits
  /** Bytes of the largest file a process may write (RLIMIT_FSIZE); Infinity for no bound. */
  readonly fileSize: number
  readonly #bytes: Record<IoDirection, number> = { read: 0, write: 0 }
  readonly #operations: Record<IoDirection, number> = { read: 0, write: 0 }
  readonly #now: () => number
  #rates: Readonly<Record<IoDirection, Rates>>

  /** @param now - ms of the clock that deadlines of `Blocked` are told in. */
  constructor(limits: IoLimits = NO_LIMITS, now: () => number = () => 0, fileSize?: number) {
    this.#limits = limits
    this.fileSize = fileSize ?? Number.POSITIVE_INFINITY
    this.#now = now
    this.#rates = allRatesOf(limits, now())
  }

  get limits(): IoLimits {
    return this.#limits
  }

  /** Other rates from now on. */
  setLimits(limits: IoLimits): void {
    this.#limits = limits
    this.#rates = allRatesOf(limits, this.#now())
  }

  get usage(): IoUsage {
    return { bytes: { ...this.#bytes }, operations: { ...this.#operations } }
  }

  /** Bytes so far. */
  moved(direction: IoDirection): number {
    return this.#bytes[direction]
  }

  /** Until when (ms) the next transfer must wait; undefined: it may begin. */
  heldUntil(direction: IoDirection): number | undefined {
    const { bytes, operations } = this.#rates[direction]
    if (bytes === undefined && operations === undefined) return undefined
    const now = this.#now()
    const until = Math.max(bytes?.readyAt(now) ?? 0, operations?.readyAt(now) ?? 0)
    return until === 0 ? undefined : until
  }

  /** A transfer is done. */
  count(direction: IoDirection, bytes: number): void {
    this.#bytes[direction] += bytes
    this.#operations[direction] += 1
    this.#rates[direction].bytes?.take(bytes)
    this.#rates[direction].operations?.take(1)
  }
}

interface Rates {
  readonly bytes: TokenBucket | undefined
  readonly operations: TokenBucket | undefined
}

const allRatesOf = (limits: IoLimits, now: number): Readonly<Record<IoDirection, Rates>> => ({
  read: ratesOf(limits.readBps, limits.readIops, now),
  write: ratesOf(limits.writeBps, limits.writeIops, now),
})

function ratesOf(bps: number | undefined, iops: number | undefined, now: number): Rates {
  const bucket = (rate: number | undefined): TokenBucket | undefined =>
    rate === undefined ? undefined : new TokenBucket(rate, BURST_MS, now)
  return { bytes: bucket(bps), operations: bucket(iops) }
}

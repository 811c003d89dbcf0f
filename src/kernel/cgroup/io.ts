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
  readonly #read: Flow
  readonly #write: Flow
  readonly #now: () => number

  /** @param now - ms of the clock that deadlines of `Blocked` are told in. */
  constructor(limits: IoLimits = NO_LIMITS, now: () => number = () => 0, fileSize?: number) {
    this.#limits = limits
    this.fileSize = fileSize ?? Number.POSITIVE_INFINITY
    this.#now = now
    this.#read = { bytes: 0, operations: 0, rates: ratesOf('read', limits, now()) }
    this.#write = { bytes: 0, operations: 0, rates: ratesOf('write', limits, now()) }
  }

  #flow(direction: IoDirection): Flow {
    return direction === 'read' ? this.#read : this.#write
  }

  get limits(): IoLimits {
    return this.#limits
  }

  /** Other rates from now on. */
  setLimits(limits: IoLimits): void {
    this.#limits = limits
    const now = this.#now()
    this.#read.rates = ratesOf('read', limits, now)
    this.#write.rates = ratesOf('write', limits, now)
  }

  get usage(): IoUsage {
    const [read, write] = [this.#read, this.#write]
    return {
      bytes: { read: read.bytes, write: write.bytes },
      operations: { read: read.operations, write: write.operations },
    }
  }

  /** Bytes so far. */
  moved(direction: IoDirection): number {
    return this.#flow(direction).bytes
  }

  /** Until when (ms) the next transfer must wait; undefined: it may begin. */
  heldUntil(direction: IoDirection): number | undefined {
    const { bytes, operations } = this.#flow(direction).rates
    if (bytes === undefined && operations === undefined) return undefined
    const now = this.#now()
    const until = Math.max(bytes?.readyAt(now) ?? 0, operations?.readyAt(now) ?? 0)
    return until === 0 ? undefined : until
  }

  /** A transfer is done. */
  count(direction: IoDirection, bytes: number): void {
    const flow = this.#flow(direction)
    flow.bytes += bytes
    flow.operations += 1
    flow.rates.bytes?.take(bytes)
    flow.rates.operations?.take(1)
  }
}

interface Rates {
  readonly bytes: TokenBucket | undefined
  readonly operations: TokenBucket | undefined
}

/** What goes in one direction. */
interface Flow {
  bytes: number
  operations: number
  rates: Rates
}

function ratesOf(direction: IoDirection, limits: IoLimits, now: number): Rates {
  const bucket = (rate: number | undefined): TokenBucket | undefined =>
    rate === undefined ? undefined : new TokenBucket(rate, BURST_MS, now)
  return {
    bytes: bucket(limits[`${direction}Bps`]),
    operations: bucket(limits[`${direction}Iops`]),
  }
}

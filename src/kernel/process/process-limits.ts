import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'

/** RLIMIT_NOFILE, RLIMIT_FSIZE (bytes), RLIMIT_NPROC. */
export type LimitName = 'openFiles' | 'fileSize' | 'processes'

/** Infinity for none. */
export interface Limit {
  /** What holds. */
  readonly soft: number
  /** How far the process itself may raise it. */
  readonly hard: number
}

type LimitValues = Readonly<Record<LimitName, number>>

const isAmount = (value: number): boolean =>
  value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 0)

/** The resource limits of one process. Nobody, not even root, gets more than its container has. */
export class ProcessLimits {
  readonly #most: LimitValues
  readonly #limits: Record<LimitName, Limit>

  constructor(most: LimitValues) {
    this.#most = most
    const whole = (name: LimitName): Limit => ({ soft: most[name], hard: most[name] })
    this.#limits = {
      openFiles: whole('openFiles'),
      fileSize: whole('fileSize'),
      processes: whole('processes'),
    }
  }

  get(name: LimitName): Limit {
    return this.#limits[name]
  }

  /** INVAL: soft above hard. PERM: a higher hard limit than now without `privileged`, or than the container's. */
  set(name: LimitName, { soft, hard }: Limit, privileged: boolean): Result<undefined> {
    if (!isAmount(soft) || !isAmount(hard) || soft > hard) return fail(Errno.INVAL)
    if (hard > this.#limits[name].hard && !privileged) return fail(Errno.PERM)
    if (hard > this.#most[name]) return fail(Errno.PERM)
    this.#limits[name] = { soft, hard }
    return DONE
  }

  /** Those of a child, which go their own way. */
  inherit(): ProcessLimits {
    const child = new ProcessLimits(this.#most)
    Object.assign(child.#limits, this.#limits)
    return child
  }
}

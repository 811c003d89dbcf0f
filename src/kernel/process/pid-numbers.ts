/** kernel.pid_max: one more than the greatest number. @source proc(5) */
export const PID_MAX = 32_768

/** Numbers for processes: they grow, and begin again when they are used up. */
export class PidNumbers {
  #last = 0

  /** Undefined: all are in use. @param inUse - as a process, a group or a session. */
  next(inUse: ReadonlySet<number>): number | undefined {
    for (let tries = 1; tries < PID_MAX; tries += 1) {
      this.#last = this.#last + 1 < PID_MAX ? this.#last + 1 : 1
      if (!inUse.has(this.#last)) return this.#last
    }
    return undefined
  }
}

/** Who pays for a walk through links, which may take longer than a kill can wait. */
export const chargeOf =
  (thread: Pick<ProcessThread, 'charge' | 'look'>) =>
  (units: number): void => {
    thread.charge(units)
    thread.look()
  }

/** The thread a process runs on, as its kernel sees it. */
export interface ProcessThread {
  /** What those outside of the container know its process by; undefined: they do not, yet. */
  readonly number?: number | undefined
  /** It waits, and uses no CPU. */
  readonly sleeping: boolean
  /** Milliseconds of CPU it has used; absent where nobody counts. */
  cpuMs?(): number
  /** Bytes of memory it holds; absent where nobody counts. */
  memory?(): number
  /** Adds the cost of host work to the fuel the process has used, in units. */
  charge(units: number): void
  /**
   * In the middle of a long call, where nothing is half done: leaves it by a trap when whoever has the
   * kernel must end.
   */
  look(): void
  /**
   * Ends the process with `status`, which is its caller. Does not return to the guest: the loop in
   * `thread/` raises a real trap once the flag is set.
   */
  exit(status: number): void
  /** The handler of the guest is called with `signal` when a call returns; `interrupts`: it waits no more. */
  handle(signal: number, interrupts: boolean): void
  /** The default action of `signal`: it is no more, whoever calls. */
  end(signal: number): void
  /** Another program is next: what runs is left and does not come back. Called when that one is there. */
  become(): void
  /** It stands still until `resume`. */
  stop(): void
  resume(): void
}

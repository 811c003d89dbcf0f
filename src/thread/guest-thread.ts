import { type EndReason, EXIT_CODE_OF, SIGNAL_EXIT } from '../contract/exit.ts'
import type { Limits } from '../contract/limits.ts'
import type { Blocked } from '../contract/result.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import { isUncatchable, raiseTrap } from '../wasm/trap.ts'
import { FuelMeter } from './fuel-meter.ts'
import type { FuelPool } from './fuel-pool.ts'
import type { ProcessControl, Waiter } from './guest-ports.ts'
import type { ProcessCpu } from './process-cpu.ts'
import { SignalHandlers } from './signal-handlers.ts'
import type { Condemned } from './signal-port.ts'

export interface GuestThreadParts {
  /** What is counted and held, and told of while the guest runs. */
  readonly ledger: Ledger
  readonly waiter: Waiter
  readonly control: ProcessControl
  /** Of its container; undefined: there is no limit. */
  readonly fuelPool: FuelPool | undefined
  readonly cpu: ProcessCpu
  /** Limits that were changed from outside. */
  readonly setLimits: (limits: Partial<Limits>) => void
  /** Milliseconds; the fuel slice follows it. Undefined in deterministic runs. */
  readonly sliceClock: (() => number) | undefined
}

/** How the process ended, as far as it knows itself. */
export interface End {
  readonly reason: EndReason
  readonly exitCode: number
  readonly message?: string
}

/**
 * A guest and the thread under it: where its calls, its safepoints and its death meet.
 *
 * Once `end` is set it never changes, and every way back into the guest raises a real wasm trap: a
 * JavaScript exception would be caught by a guest's `catch_all`.
 */
export abstract class GuestThread {
  readonly ledger: Ledger
  readonly fuel: FuelMeter
  readonly cpu: ProcessCpu
  sleeping = false
  readonly handlers = new SignalHandlers()
  /** Milliseconds spent parked. */
  parkedMs = 0
  #end: End | undefined
  #leaving = false
  readonly #waiter: Waiter
  readonly #control: ProcessControl
  readonly #setLimits: (limits: Partial<Limits>) => void

  constructor(parts: GuestThreadParts) {
    this.ledger = parts.ledger
    this.#waiter = parts.waiter
    this.#control = parts.control
    this.#setLimits = parts.setLimits
    this.cpu = parts.cpu
    const safepoint = {
      visit: () => this.safepoint(),
      exhausted: () => this.die('fuel'),
    }
    this.fuel = new FuelMeter(parts.fuelPool, safepoint, parts.sliceClock)
  }

  /** The grow hook: pages are paid for before they are there. */
  abstract grow(pages: number): boolean

  /** Takes memory for what is not linear memory, or is there from the start. False: it does not fit. */
  abstract reserve(bytes: number): boolean

  /** Gives back all memory of the guest. */
  protected abstract releaseMemory(): void

  get end(): End | undefined {
    return this.#end
  }

  charge(units: number): void {
    this.fuel.charge(units)
  }

  exit(status: number): void {
    this.#end ??= { reason: 'exit', exitCode: status & 0xff }
  }

  /** Ends the process for `reason` and leaves the guest by a trap. */
  die(reason: Exclude<EndReason, 'exit' | 'signal' | 'failed'>): never {
    this.#end ??= { reason, exitCode: EXIT_CODE_OF[reason] }
    return raiseTrap()
  }

  #execute({ reason, signal }: Condemned): never {
    if (reason === 'signal') this.#end ??= { reason, exitCode: SIGNAL_EXIT + signal }
    else if (reason !== 'exit' && reason !== 'failed') this.die(reason)
    return raiseTrap()
  }

  /** Another program takes the place of the guest's, which is left when its call would return. */
  become(): void {
    this.#leaving = true
  }

  /** True once for each time that the guest was left for another program; then everything is ready for it. */
  takeNext(): boolean {
    if (!this.#leaving || this.#end !== undefined) return false
    this.#leaving = false
    this.fuel.next()
    this.handlers.forget()
    this.releaseMemory()
    return true
  }

  /**
   * Something was thrown while the guest waited for the host. No `catch_all` sees a trap or the end of the
   * stack, so these leave the guest as they are. After anything else, a fault of ours, its process traps and
   * nobody else notices.
   *
   * There may be hardly any stack left here: a regular expression, which V8 compiles when it is first used,
   * would throw a SyntaxError then, and that one the guest can catch.
   */
  crash(error: unknown): never {
    if (this.#leaving) return raiseTrap()
    if (isUncatchable(error)) throw error
    const message = 'internal error in a system call'
    this.#end ??= { reason: 'trap', exitCode: EXIT_CODE_OF.trap, message }
    return raiseTrap()
  }

  /** Before a program's first instruction. It is not run when what came for the last one ends it. */
  begin(): void {
    this.mustLive()
    this.handlers.giveBack()
    this.mustLive()
  }

  /** Before and after every call of the guest: the dead get no service. */
  mustLive(): void {
    if (this.#end !== undefined || this.#leaving) raiseTrap()
    if (this.#control.raised()) this.takeFlags()
  }

  /** In the middle of a call, where nothing is half done: the dead do not go on with it. */
  look(): void {
    this.heedKill()
    this.fuel.checkLimit()
  }

  /** And nobody goes on with one here for another, when all of them are dead. */
  heedKill(): void {
    const condemned = this.#control.condemned()
    if (condemned !== undefined) this.#execute(condemned)
  }

  /** A kill goes before a pause, which lasts until it is taken back. */
  takeFlags(): void {
    for (;;) {
      this.heedKill()
      const signals = this.#control.takeSignals()
      if (signals !== undefined) this.handlers.take(signals)
      const limits = this.#control.changedLimits()
      if (limits !== undefined) this.#setLimits(limits)
      if (this.#control.pausing()) this.#standStill()
      if (!this.#control.raised()) return
    }
  }

  /** It wants nothing: others have its turn on the CPU. */
  #standStill(): void {
    this.publish()
    const from = performance.now()
    this.cpu.leave(from)
    this.fuel.lend()
    const goesOn = (): boolean => {
      this.#control.raised()
      return !this.#control.pausing()
    }
    this.#waiter.park(goesOn, Number.POSITIVE_INFINITY, 'paused')
    this.fuel.reclaim()
    const now = performance.now()
    this.cpu.enter(now)
    this.parkedMs += now - from
    this.cpu.slept(now - from)
  }

  /**
   * Waits for as long as `step` says, in the middle of a call. True: a signal came whose handler has run by
   * now, and the call is to answer EINTR.
   */
  wait(step: Blocked): boolean {
    // One may have come since the guest called, in the wait for its kernel's answer.
    if (!this.handlers.ready) this.park(step)
    return this.handlers.run() && step.firm !== true
  }

  /** What others may see of it while it runs. */
  publish(): void {
    const { ledger } = this
    this.#control.publish({
      fuel: this.fuel.used,
      cpuMs: this.cpu.usedMs(performance.now()),
      memory: ledger.used('memory'),
      memoryLimit: ledger.limit('memory'),
      syscalls: ledger.syscalls,
      readBytes: ledger.io.moved('read'),
      writtenBytes: ledger.io.moved('write'),
      processes: ledger.used('pids'),
    })
  }

  /** Between two slices of fuel. */
  safepoint(): void {
    this.mustLive()
    this.publish()
    for (;;) {
      const hold = this.cpu.visit(performance.now())
      if (hold === undefined) return
      if (hold === 'turn') this.#waitForTurn()
      else this.cpu.rested(this.park({ changed: () => false, deadline: hold.until }))
    }
  }

  /** It still wants to run, and so is not asleep. */
  #waitForTurn(): void {
    const from = performance.now()
    this.cpu.waitForTurn(this.#waiter, () => this.#control.raised())
    this.#slept(performance.now() - from)
  }

  #slept(ms: number): void {
    this.parkedMs += ms
    this.cpu.slept(ms)
    this.mustLive()
  }

  /** Sleeps until `step` may have another answer, then looks at the flags. Milliseconds slept. */
  park(step: Pick<Blocked, 'changed' | 'deadline'>): number {
    this.publish()
    const from = performance.now()
    this.sleeping = true
    this.cpu.leave(from)
    this.fuel.lend()
    // What is served while flags are looked at may be what it waits for: so that comes first.
    this.#waiter.park(
      () => this.#control.raised() || this.#leaving || step.changed(),
      step.deadline,
    )
    this.sleeping = false
    this.fuel.reclaim()
    const now = performance.now()
    this.cpu.enter(now)
    this.#slept(now - from)
    this.fuel.checkLimit()
    return now - from
  }
}

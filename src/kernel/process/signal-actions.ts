import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Result } from '../../contract/result.ts'
import { isSignal, SIGNAL } from '../../contract/signals.ts'

/** What a process does about a signal. `restart`: handled, and a wait it comes in goes on after it. */
export type SignalAction = 'default' | 'ignore' | 'handle' | 'restart'

/** How a child that is spawned begins, other than its parent is: what it does about a signal, and whether
 * it holds it back. */
export interface SignalChange {
  readonly signal: number
  readonly change: 'default' | 'ignore' | 'block' | 'unblock'
}

const canChange = (signal: number): boolean =>
  isSignal(signal) && signal !== SIGNAL.KILL && signal !== SIGNAL.STOP

/** The dispositions of one process. @source signal(7), "Signal dispositions" */
export class SignalActions {
  /**
   * The guest has a function that handles signals. While no action was ever set it handles all of
   * them but those it has inherited as ignored: that is how WASIX programs are.
   */
  handler = false
  #exact = false
  readonly #actions = new Map<number, SignalAction>()

  /** INVAL: KILL, STOP, or no signal. */
  set(signal: number, action: SignalAction): Result<undefined> {
    if (!canChange(signal)) return fail(Errno.INVAL)
    this.#exact = true
    this.#actions.set(signal, action)
    return DONE
  }

  /** What holds now. */
  action(signal: number): SignalAction {
    if (!canChange(signal)) return 'default'
    return this.#actions.get(signal) ?? (this.handler && !this.#exact ? 'handle' : 'default')
  }

  /** As a child of this process begins: what is ignored stays ignored, then `changes` in their order. */
  forChild(changes: readonly SignalChange[]): SignalActions {
    const child = new SignalActions()
    for (const [signal, action] of this.#actions) {
      if (action === 'ignore') child.#actions.set(signal, action)
    }
    for (const { signal, change } of changes) {
      if (change === 'block' || change === 'unblock') continue
      if (canChange(signal)) child.#actions.set(signal, change)
    }
    return child
  }

  /** Another program runs: it has none of the functions that handled something. */
  afterExec(): void {
    this.handler = false
    this.#exact = false
    for (const [signal, action] of this.#actions) {
      if (action !== 'ignore') this.#actions.delete(signal)
    }
  }
}

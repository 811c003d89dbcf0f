import { SIGNAL } from '../../contract/signals.ts'
import type { SignalChange } from './signal-actions.ts'

/** Signals as bits: the lowest is signal 1. */
export type SignalSet = bigint

export const bitOf = (signal: number): SignalSet => 1n << BigInt(signal - 1)
/** KILL and STOP are nobody's to hold back. */
const ALWAYS = bitOf(SIGNAL.KILL) | bitOf(SIGNAL.STOP)

/** The signals that a process holds back, and those of them that have come. @source signal(7), "Signal mask" */
export class SignalMask {
  #blocked: SignalSet
  #pending: SignalSet = 0n

  constructor(blocked: SignalSet = 0n) {
    this.#blocked = BigInt.asUintN(64, blocked) & ~ALWAYS
  }

  get blocked(): SignalSet {
    return this.#blocked
  }

  get pending(): SignalSet {
    return this.#pending
  }

  blocks(signal: number): boolean {
    return (this.#blocked & bitOf(signal)) !== 0n
  }

  /** One that is held back has come. */
  keep(signal: number): void {
    this.#pending |= bitOf(signal)
  }

  /** One that had come does not count any more. */
  drop(signal: number): void {
    this.#pending &= ~bitOf(signal)
  }

  /** Another mask. @returns those that had come and are not held back any more, the lowest first. */
  change(blocked: SignalSet): readonly number[] {
    this.#blocked = BigInt.asUintN(64, blocked) & ~ALWAYS
    const ready: number[] = []
    for (
      let left = this.#pending & ~this.#blocked, signal = 1;
      left > 0n;
      left >>= 1n, signal += 1
    ) {
      if ((left & 1n) !== 0n) ready.push(signal)
    }
    this.#pending &= this.#blocked
    return ready
  }

  /** As a child begins: it holds back what its parent does, then `changes`, and nothing has come for it. */
  forChild(changes: readonly SignalChange[]): SignalMask {
    let blocked = this.#blocked
    for (const { signal, change } of changes) {
      if (change === 'block') blocked |= bitOf(signal)
      if (change === 'unblock') blocked &= ~bitOf(signal)
    }
    return new SignalMask(blocked)
  }
}

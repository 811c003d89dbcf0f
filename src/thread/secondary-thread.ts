import type { LocalContext } from '../abi/preview1/call.ts'
import type { Clock, RandomFill } from '../contract/clock.ts'
import { PAGE } from '../wasm/instance.ts'
import type { Borrower } from './borrower.ts'
import { GuestThread, type GuestThreadParts } from './guest-thread.ts'
import type { RemoteKernel } from './remote-kernel.ts'

export interface SecondaryThreadParts extends GuestThreadParts {
  readonly kernel: RemoteKernel
  readonly borrower: Borrower | undefined
  readonly args: readonly string[]
  readonly environment: readonly string[]
  readonly clock: Clock
  readonly random: RandomFill
}

type Own = LocalContext['process']

/** A process beside PID 1, on its own thread: what it can do without its container's kernel. */
export class SecondaryThread extends GuestThread implements Own {
  readonly kernel: RemoteKernel
  readonly borrower: Borrower | undefined
  args: readonly string[]
  environment: readonly string[]
  readonly clock: Clock
  readonly random: RandomFill

  constructor(parts: SecondaryThreadParts) {
    super(parts)
    this.kernel = parts.kernel
    this.borrower = parts.borrower
    this.args = parts.args
    this.environment = parts.environment
    this.clock = parts.clock
    this.random = parts.random
  }

  grow(pages: number): boolean {
    const bytes = pages * PAGE
    const growth = this.kernel.grow(this, bytes)
    if (growth === 'kill') this.die('memory')
    return growth === 'granted' && this.ledger.charge('memory', bytes)
  }

  reserve(bytes: number): boolean {
    return this.kernel.reserve(this, bytes) && this.ledger.charge('memory', bytes)
  }

  override takeNext(): boolean {
    const next = super.takeNext() ? this.kernel.takeNext() : undefined
    if (next === undefined) return false
    ;[this.args, this.environment] = next
    return true
  }

  /** Its kernel has done so on its side. */
  protected releaseMemory(): void {
    this.ledger.release('memory', this.ledger.used('memory'))
  }
}

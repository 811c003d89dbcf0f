import type { MemoryController } from '../kernel/cgroup/memory.ts'
import { PAGE } from '../wasm/instance.ts'
import { GuestThread, type GuestThreadParts } from './guest-thread.ts'

export interface InitThreadParts extends GuestThreadParts {
  readonly memory: MemoryController
}

/** The thread that has its container's kernel, under its PID 1. */
export class InitThread extends GuestThread {
  readonly #memory: MemoryController
  /** Bytes of linear memory that the guest holds. */
  #held = 0

  constructor(parts: InitThreadParts) {
    super(parts)
    this.#memory = parts.memory
  }

  grow(pages: number): boolean {
    const growth = this.#memory.grow(pages * PAGE)
    if (growth === 'kill') this.die('memory')
    return this.#hold(pages * PAGE, growth === 'granted')
  }

  reserve(bytes: number): boolean {
    return this.#hold(bytes, this.ledger.charge('memory', bytes))
  }

  #hold(bytes: number, granted: boolean): boolean {
    if (granted) this.#held += bytes
    return granted
  }

  get held(): number {
    return this.#held
  }

  protected releaseMemory(): void {
    this.ledger.release('memory', this.#held)
    this.#held = 0
  }
}

import { newMemory, PAGE } from '../wasm/instance.ts'
import type { MemoryLimits } from '../wasm/meter.ts'

/** Pages: to wipe a greater memory costs more than a new one, of which a guest touches only a part. */
const MOST_PAGES = 16

/**
 * The linear memory of a thread's last guest, for its next one: to make one of two pages, touch it and
 * unmap it costs a hundred microseconds, to wipe it five.
 *
 * It is wiped as a whole in between. One that has grown is not kept: it cannot be made small again.
 */
export class SpareMemory {
  /** Of the one that is there, and of the one that was taken last. */
  #limits: MemoryLimits | undefined
  #memory: WebAssembly.Memory | undefined
  #clean = true

  /** A memory whose bytes are all zero, and which nobody else has. */
  take(limits: MemoryLimits): WebAssembly.Memory {
    this.wipe()
    const fits = this.#limits?.min === limits.min && this.#limits.max === limits.max
    const memory = fits ? this.#memory : undefined
    this.#memory = undefined
    this.#limits = limits
    return memory ?? newMemory(limits)
  }

  /** Takes back what was taken last, when nobody reads or writes it any more. */
  giveBack(memory: WebAssembly.Memory): void {
    const pages = this.#limits?.min ?? 0
    if (pages > MOST_PAGES || memory.buffer.byteLength !== pages * PAGE) return
    this.#memory = memory
    this.#clean = false
  }

  /** Wipes what was given back, if that is still to be done: best while nobody waits for the thread. */
  wipe(): void {
    if (this.#clean || this.#memory === undefined) return
    new Uint8Array(this.#memory.buffer).fill(0)
    this.#clean = true
  }
}

import { type Bell, ring } from './doorbell.ts'

/**
 * What a cell's main thread is woken by: word 0 DOORBELL (anyone adds), word 1 SLEEPING (main), and
 * from word 16 one DIRTY bit for each slot (processes set, main takes the whole word).
 *
 * Order: bytes, then the bit, then the bell.
 *
 * @source runtime reference, 3.1
 */
const DIRTY = 16
const BITS = 32

export class HostBlock {
  readonly memory: SharedArrayBuffer
  readonly bell: Bell
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.bell = { words: this.#words, doorbell: 0, sleeping: 1 }
  }

  static create(slots: number): HostBlock {
    return new HostBlock(new SharedArrayBuffer((DIRTY + Math.ceil(slots / BITS)) * 4))
  }

  /** Something happened in `slot`. */
  mark(slot: number): void {
    Atomics.or(this.#words, DIRTY + (slot >>> 5), 1 << (slot & 31))
    ring(this.bell)
  }

  /** The slots marked since the last call. */
  take(): readonly number[] {
    const slots: number[] = []
    for (let word = DIRTY; word < this.#words.length; word += 1) {
      // Taken whole: a bit set meanwhile is in this word or in the next round.
      let bits = Atomics.exchange(this.#words, word, 0)
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits)
        bits &= ~(1 << bit)
        slots.push((word - DIRTY) * BITS + bit)
      }
    }
    return slots
  }
}

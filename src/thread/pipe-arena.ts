import { PIPE_BYTES } from '../kernel/process/pipe.ts'
import type { PipeBuffer, PipeBuffers, PipeEnd } from '../kernel/process/pipe-buffer.ts'
import { type PipePlace, PipeRing, pipesIn } from './pipe-ring.ts'

/** Pipes at once whose ends can be lent; memory that is never touched costs nothing. */
const PIPES = 64

/** The kernel's side of one of the rings. */
export class ArenaPipe implements PipeBuffer {
  readonly index: number
  readonly #ring: PipeRing
  readonly #kernel: number
  readonly #over: () => void
  readonly #open = new Set<PipeEnd>(['read', 'write'])

  /** @param over - both ends are closed. */
  constructor(index: number, ring: PipeRing, kernel: number, over: () => void) {
    this.index = index
    this.#ring = ring
    this.#kernel = kernel
    this.#over = over
  }

  /** Before it is told to whoever sits at `slot`. */
  lend(end: PipeEnd, slot: number): void {
    this.#ring.give(end, slot)
  }

  /** Before the kernel looks at the bytes. */
  takeBack(end: PipeEnd): void {
    this.#ring.give(end, this.#kernel)
  }

  read(into: Uint8Array): number | undefined {
    return this.#ring.read(into)
  }

  write(from: Uint8Array): number | undefined {
    return this.#ring.write(from)
  }

  available(): number {
    return this.#ring.available()
  }

  room(): number {
    return this.#ring.room()
  }

  closeReader(): void {
    this.#ring.closeReader()
    this.#closed('read')
  }

  closeWriter(): void {
    this.#ring.closeWriter()
    this.#closed('write')
  }

  #closed(end: PipeEnd): void {
    if (this.#open.delete(end) && this.#open.size === 0) this.#over()
  }
}

export interface PipeArenaParts extends PipePlace {
  /** Bytes of a pipe, a power of two; only tests have less than a pipe's. */
  readonly capacity?: number
  readonly ringOf?: (...parts: ConstructorParameters<typeof PipeRing>) => PipeRing
}

/** The kernel's side: which of the rings are pipes. There is no memory before somebody needs it. */
export class PipeArena implements PipeBuffers {
  readonly #parts: PipeArenaParts
  readonly #capacity: number
  /** Those that were pipes before. */
  readonly #free: number[] = []
  /** How many have ever been one: most containers have none. */
  #begun = 0
  #memory: SharedArrayBuffer | undefined

  constructor(parts: PipeArenaParts) {
    this.#parts = parts
    this.#capacity = parts.capacity ?? PIPE_BYTES
  }

  get memory(): SharedArrayBuffer {
    this.#memory ??= pipesIn(PIPES, this.#capacity)
    return this.#memory
  }

  #next(): number | undefined {
    if (this.#begun === PIPES) return undefined
    this.#begun += 1
    return this.#begun - 1
  }

  take(): ArenaPipe | undefined {
    const index = this.#free.pop() ?? this.#next()
    if (index === undefined) return undefined
    const { slot, bellOf, ringOf = (...parts) => new PipeRing(...parts) } = this.#parts
    const ring = ringOf({ memory: this.memory, index, capacity: this.#capacity }, bellOf)
    ring.reset(slot)
    return new ArenaPipe(index, ring, slot, () => this.#free.push(index))
  }
}

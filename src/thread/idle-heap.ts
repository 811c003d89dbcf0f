import type { Bell } from './doorbell.ts'

/** V8 gives up the pages of new objects only where few were made in the last 5 s. @source heap/gc-tracer.h */
const QUIET_MS = 5_500
/** Less than this in new objects is not worth a collection, which takes 10 ms. */
const WORTH_BYTES = 2 ** 20

/** A thread's own heap. */
export interface Heap {
  /** Bytes of objects, those that nobody needs any more among them. */
  used(): number
  collect(): void
}

/** There is one where V8 was told to `--expose-gc`. */
export function ownHeap(): Heap | undefined {
  const { gc } = globalThis
  return gc && { used: () => process.memoryUsage().heapUsed, collect: () => void gc() }
}

/**
 * Collects once in each long sleep of a thread. V8 itself does so from its event loop, to which a
 * thread that sleeps in a guest's call never comes back: it would keep the garbage of its start.
 *
 * A sleep is long when nobody has rung for a while. After a collection the thread is not woken again
 * until somebody has.
 */
export class IdleHeap {
  readonly #bell: Bell
  readonly #heap: Heap | undefined
  /** What the bell said when it was collected last. */
  #collectedAt: number | undefined
  /** Bytes that were left then. */
  #left = 0
  /** What the bell said when the silence began, and when (ms) that has lasted. */
  #silentAt = 0
  #due = Number.POSITIVE_INFINITY

  constructor(bell: Bell, heap: Heap | undefined) {
    this.#bell = bell
    this.#heap = heap
  }

  #rings(): number {
    return Atomics.load(this.#bell.words, this.#bell.doorbell)
  }

  /** The thread falls asleep at `now` (ms). */
  sleep(now: number): void {
    if (this.#heap === undefined) return
    this.#silentAt = this.#rings()
    const done = this.#silentAt === this.#collectedAt
    this.#due = done ? Number.POSITIVE_INFINITY : now + QUIET_MS
  }

  /** When (ms) it is to call `wake`. */
  get due(): number {
    return this.#due
  }

  /** Somebody has rung since `due` became never. */
  get disturbed(): boolean {
    if (this.#heap === undefined || this.#due !== Number.POSITIVE_INFINITY) return false
    return this.#rings() !== this.#collectedAt
  }

  /** It looks around at `now` (ms), and will sleep on. */
  wake(now: number): void {
    if (now < this.#due && !this.disturbed) return
    if (this.#due <= now && this.#rings() === this.#silentAt) this.#collect()
    this.sleep(now)
  }

  #collect(): void {
    this.#collectedAt = this.#silentAt
    if (this.#heap === undefined || this.#heap.used() - this.#left < WORTH_BYTES) return
    this.#heap.collect()
    this.#left = this.#heap.used()
  }
}

import type { PipeEnd } from '../../../src/kernel/process/pipe-buffer.ts'
import type { Bell, DelayPoint } from '../../../src/thread/doorbell.ts'
import { PipeRing, type RingPlace } from '../../../src/thread/pipe-ring.ts'
import type { PipeMutant } from './pipe-part.ts'

/** Looks up whom to ring before it publishes. */
class EarlyRing extends PipeRing {
  readonly #delay: DelayPoint
  #early: number | undefined

  constructor(place: RingPlace, bellOf: (slot: number) => Bell, delay: DelayPoint) {
    super(place, bellOf, delay)
    this.#delay = delay
  }

  protected override user(end: PipeEnd): number {
    return this.#early ?? super.user(end)
  }

  #moving<T>(end: PipeEnd, move: () => T): T {
    this.#early = super.user(end)
    this.#delay('seen')
    const moved = move()
    this.#early = undefined
    return moved
  }

  override write(from: Uint8Array): number | undefined {
    return this.#moving('read', () => super.write(from))
  }

  override read(into: Uint8Array): number | undefined {
    return this.#moving('write', () => super.read(into))
  }
}

/** What is done when the call that wanted it has been answered. */
export class Later {
  #jobs: (() => void)[] = []

  add(job: () => void): void {
    this.#jobs.push(job)
  }

  run(delay: DelayPoint): void {
    for (const job of this.#jobs.splice(0)) {
      delay('published')
      job()
    }
  }
}

/** Puts slots in later than it should. */
class LateRing extends PipeRing {
  readonly #later: Later
  readonly #isLate: (slot: number) => boolean
  #resetting = false

  constructor(
    parts: ConstructorParameters<typeof PipeRing>,
    later: Later,
    isLate: (slot: number) => boolean,
  ) {
    super(...parts)
    this.#later = later
    this.#isLate = isLate
  }

  override give(end: PipeEnd, slot: number): void {
    if (!this.#resetting && this.#isLate(slot)) this.#later.add(() => super.give(end, slot))
    else super.give(end, slot)
  }

  override reset(kernel: number): void {
    this.#resetting = true
    super.reset(kernel)
    this.#resetting = false
  }
}

/** @param later - for the kernel's side. */
export function ringOf(
  mutant: PipeMutant,
  place: RingPlace,
  bellOf: (slot: number) => Bell,
  delay: DelayPoint,
  later?: Later,
): PipeRing {
  if (mutant === 'slot-early') return new EarlyRing(place, bellOf, delay)
  if (later !== undefined && mutant === 'lend-late') {
    return new LateRing([place, bellOf, delay], later, (slot) => slot !== 0)
  }
  if (later !== undefined && mutant === 'take-late') {
    return new LateRing([place, bellOf, delay], later, (slot) => slot === 0)
  }
  return new PipeRing(place, bellOf, delay)
}

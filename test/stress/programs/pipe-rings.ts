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

/** Looks whether its writer is to be rung before it publishes. */
class EarlyRoomRing extends PipeRing {
  readonly #delay: DelayPoint
  #early: boolean | undefined

  constructor(place: RingPlace, bellOf: (slot: number) => Bell, delay: DelayPoint) {
    super(place, bellOf, delay)
    this.#delay = delay
  }

  protected override isRoomy(): boolean {
    return this.#early ?? super.isRoomy()
  }

  override read(into: Uint8Array): number | undefined {
    this.#early = super.isRoomy()
    this.#delay('seen')
    const read = super.read(into)
    this.#early = undefined
    return read
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

/** Puts in the slots of processes later than it should. */
class LateRing extends PipeRing {
  readonly #later: Later

  constructor(later: Later, ...parts: ConstructorParameters<typeof PipeRing>) {
    super(...parts)
    this.#later = later
  }

  override give(end: PipeEnd, slot: number): void {
    if (slot === 0) super.give(end, slot)
    else this.#later.add(() => super.give(end, slot))
  }
}

/** Does not put in its own slot, but where there is none yet. */
class LeavingRing extends PipeRing {
  #isNew = false

  override give(end: PipeEnd, slot: number): void {
    if (this.#isNew || slot !== 0) super.give(end, slot)
  }

  override reset(kernel: number): void {
    this.#isNew = true
    super.reset(kernel)
    this.#isNew = false
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
  if (mutant === 'room-early') return new EarlyRoomRing(place, bellOf, delay)
  if (mutant === 'slot-left') return new LeavingRing(place, bellOf, delay)
  return later !== undefined && mutant === 'lend-late'
    ? new LateRing(later, place, bellOf, delay)
    : new PipeRing(place, bellOf, delay)
}

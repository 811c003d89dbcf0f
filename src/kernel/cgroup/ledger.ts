import { IoController } from './io.ts'

/**
 * What a container may hold at once. Charged before it is allocated, by what it really holds, and
 * released when the last reference goes.
 */
export type HeldResource = 'memory' | 'disk' | 'inodes' | 'fds' | 'pids'

export type HeldLimits = Readonly<Partial<Record<HeldResource, number>>>

const HELD: readonly HeldResource[] = ['memory', 'disk', 'inodes', 'fds', 'pids']

/** One container's account. Units: bytes for memory and disk, pieces for the others. */
export class Ledger {
  readonly #limits: Record<HeldResource, number>
  readonly #used: Record<HeldResource, number> = { memory: 0, disk: 0, inodes: 0, fds: 0, pids: 0 }
  readonly #peak: Record<HeldResource, number> = { memory: 0, disk: 0, inodes: 0, fds: 0, pids: 0 }
  readonly #refusals: Record<HeldResource, number> = {
    memory: 0,
    disk: 0,
    inodes: 0,
    fds: 0,
    pids: 0,
  }
  /** Transfers of stored files, and the rates they are held to. */
  readonly io: IoController
  /** Calls of its guests so far. */
  syscalls = 0

  constructor(limits: HeldLimits = {}, io: IoController = new IoController()) {
    this.io = io
    const unlimited = Number.POSITIVE_INFINITY
    this.#limits = {
      memory: limits.memory ?? unlimited,
      disk: limits.disk ?? unlimited,
      inodes: limits.inodes ?? unlimited,
      fds: limits.fds ?? unlimited,
      pids: limits.pids ?? unlimited,
    }
  }

  /** Takes `amount` if it fits; false, with nothing taken, if it does not. */
  charge(resource: HeldResource, amount: number): boolean {
    const used = this.#used[resource] + amount
    if (used > this.#limits[resource]) {
      this.#refusals[resource] += 1
      return false
    }
    this.#used[resource] = used
    if (used > this.#peak[resource]) this.#peak[resource] = used
    return true
  }

  release(resource: HeldResource, amount: number): void {
    this.#used[resource] -= amount
  }

  /** How often something did not fit. */
  refusals(resource: HeldResource): number {
    return this.#refusals[resource]
  }

  used(resource: HeldResource): number {
    return this.#used[resource]
  }

  peak(resource: HeldResource): number {
    return this.#peak[resource]
  }

  /** Infinity where there is none. */
  limit(resource: HeldResource): number {
    return this.#limits[resource]
  }

  /** Another limit from now on. What is held beyond it stays; more of it does not fit. */
  setLimit(resource: HeldResource, limit: number): void {
    this.#limits[resource] = limit
  }

  /** How much of `resource` still fits. */
  left(resource: HeldResource): number {
    return this.#limits[resource] - this.#used[resource]
  }

  /** Everything held now, for tests that nothing is left behind. */
  held(): Readonly<Record<HeldResource, number>> {
    return Object.fromEntries(HELD.map((name) => [name, this.#used[name]])) as Record<
      HeldResource,
      number
    > // every name of HELD is set
  }
}

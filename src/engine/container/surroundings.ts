import type { ContainerRecord } from './container-record.ts'

/** What a container has of the outside beside its process, for as long as it runs. */
export interface Surroundings {
  /** Before its process starts. EngineError when something is missing: nothing is taken then. */
  take(record: ContainerRecord): void
  /** After its end. */
  give(record: ContainerRecord): void
}

/** Takes all, or none. EngineError of the first that cannot be had. */
export function takeAll(all: readonly Surroundings[], record: ContainerRecord): void {
  for (const [index, one] of all.entries()) {
    try {
      one.take(record)
    } catch (error) {
      giveAll(all.slice(0, index), record)
      throw error
    }
  }
}

/** Gives all back, the last one first. */
export function giveAll(all: readonly Surroundings[], record: ContainerRecord): void {
  for (const one of all.toReversed()) one.give(record)
}

import type { LayerFile } from '../../contract/layer.ts'
import type { ContainerRecord } from './container-record.ts'
import type { Mount } from './run-spec.ts'
import type { VolumeMount } from './volume-mount.ts'

/** What a container has of the outside beside its process, for as long as it runs. */
export interface Surroundings {
  /** Before its process starts. EngineError when something is missing: nothing is taken then. */
  take(record: ContainerRecord): void
  /** After its end. */
  give(record: ContainerRecord): void
}

export interface ProvidedVolumes {
  /** Binds of the volumes' directories, in the order they were asked for. */
  readonly mounts: readonly Mount[]
  /** The container is there, or will never be: then what was made for it goes. */
  settle(kept: boolean): Promise<void>
}

export interface ContainerVolumes {
  /**
   * Finds or makes volumes, and keeps them from being removed until `settle`.
   *
   * @param content - the image's files: an empty volume gets those below its mount point.
   * @throws EngineError as `createVolume` does.
   */
  provide(
    wanted: readonly VolumeMount[],
    content: () => Promise<readonly LayerFile[]>,
  ): Promise<ProvidedVolumes>
  /** Of a container that is gone: what nobody named and nobody else has. */
  dropAnonymous(record: ContainerRecord): Promise<void>
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

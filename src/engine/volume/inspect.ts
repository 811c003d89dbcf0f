import { bytesBelow } from './volume-files.ts'
import type { VolumeRecord } from './volume-record.ts'
import { usersOf, type VolumeParts } from './volumes.ts'

/** A volume, and how it is used. */
export interface VolumeFacts {
  readonly record: VolumeRecord
  /** Absolute, on the host. */
  readonly mountpoint: string
  /** Containers that have it mounted, whether they run or not. */
  readonly users: number
}

const volumeFacts = (parts: VolumeParts, record: VolumeRecord): VolumeFacts => ({
  record,
  mountpoint: parts.directory.mountpoint(record.name),
  users: usersOf(parts, record.name).length,
})

/** By name. EngineError NO_SUCH_VOLUME. */
export const inspectVolume =
  (parts: VolumeParts) =>
  (name: string): VolumeFacts =>
    volumeFacts(parts, parts.all.resolve(name))

export const listVolumes = (parts: VolumeParts) => (): readonly VolumeFacts[] =>
  parts.all.list().map((record) => volumeFacts(parts, record))

/** Bytes in a volume, by a walk. */
export const volumeSize = ({ mountpoint }: VolumeFacts): Promise<number> => bytesBelow(mountpoint)

import type { VolumeRecord } from '../volume/volume-record.ts'

/** Where volumes are kept. Every promise settles once the change cannot be lost. */
export interface VolumeStore {
  all(): Promise<readonly VolumeRecord[]>
  put(record: VolumeRecord): Promise<void>
  delete(name: string): Promise<void>
}

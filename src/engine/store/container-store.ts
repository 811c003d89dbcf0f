import type { ContainerRecord } from '../container/container-record.ts'
import { memoryRecordStore, type RecordStore } from './record-store.ts'

/** Where container records are kept. Every promise settles once the change cannot be lost. */
export type ContainerStore = RecordStore<ContainerRecord>

/** For the library and for tests: gone with the process. */
export const memoryContainerStore = (): ContainerStore => memoryRecordStore()

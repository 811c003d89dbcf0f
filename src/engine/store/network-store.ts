import type { NetworkRecord } from '../network/network-record.ts'
import type { RecordStore } from './record-store.ts'

/** Where networks are kept. Every promise settles once the change cannot be lost. */
export type NetworkStore = RecordStore<NetworkRecord>

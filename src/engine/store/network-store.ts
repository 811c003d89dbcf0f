import type { NetworkRecord } from '../network/network-record.ts'

/** Where networks are kept. Every promise settles once the change cannot be lost. */
export interface NetworkStore {
  all(): Promise<readonly NetworkRecord[]>
  put(record: NetworkRecord): Promise<void>
  delete(id: string): Promise<void>
}

/** For the library and for tests: gone with the process. */
export function memoryNetworkStore(): NetworkStore {
  const records = new Map<string, NetworkRecord>()
  return {
    all: async () => [...records.values()],
    put: async (record) => void records.set(record.id, record),
    delete: async (id) => void records.delete(id),
  }
}

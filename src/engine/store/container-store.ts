import type { ContainerRecord } from '../container/container-record.ts'

/** Where container records are kept. Every promise settles once the change cannot be lost. */
export interface ContainerStore {
  all(): Promise<readonly ContainerRecord[]>
  put(record: ContainerRecord): Promise<void>
  delete(id: string): Promise<void>
}

/** For the library and for tests: gone with the process. */
export function memoryContainerStore(): ContainerStore {
  const records = new Map<string, ContainerRecord>()
  return {
    all: async () => [...records.values()],
    put: async (record) => void records.set(record.id, record),
    delete: async (id) => void records.delete(id),
  }
}

/** Where records of one kind are kept. Every promise settles once the change cannot be lost. */
export interface RecordStore<T> {
  /** In the order in which they were first put. */
  all(): Promise<readonly T[]>
  /** Takes the place of the record with the same id. */
  put(record: T): Promise<void>
  delete(id: string): Promise<void>
}

/** For the library and for tests: gone with the process. */
export function memoryRecordStore<T extends { readonly id: string }>(): RecordStore<T> {
  const records = new Map<string, T>()
  return {
    all: async () => [...records.values()],
    put: async (record) => void records.set(record.id, record),
    delete: async (id) => void records.delete(id),
  }
}

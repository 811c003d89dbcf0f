import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockDirectory } from '../engine/store/directory-lock.ts'
import { openSqliteStore, type SqliteStore } from '../engine/store/sqlite-store.ts'

const OWNER_ONLY = 0o700

/**
 * What a daemon keeps in its data directory, which is its alone until `close`. A directory that is
 * made here is its owner's alone. One that was there before keeps its mode, which is the user's to
 * choose; the containers' own, and the database, are the owner's in any case.
 *
 * @throws EngineError `DATA_DIRECTORY_IN_USE` | `STORE_UNUSABLE`.
 */
export function openState(dataDirectory: string): SqliteStore {
  const containers = join(dataDirectory, 'containers')
  mkdirSync(containers, { recursive: true, mode: OWNER_ONLY })
  chmodSync(containers, OWNER_ONLY)
  const unlock = lockDirectory(dataDirectory, process.pid)
  try {
    const store = openSqliteStore(join(dataDirectory, 'state.db'))
    return {
      of: store.of,
      close: () => {
        store.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import { openOwned, type SqliteDatabase, textOf, unusable } from './sqlite-database.ts'

/** Opened by nobody but SQLite: closing any other descriptor of it would end the lock on it. */
const LOCK = 'daemon.lock'
/** Written by the holder, for the text that the next one gets. */
const HOLDER = 'daemon.pid'

const OWNER_ONLY = 0o600

function holderOf(directory: string): string {
  try {
    const pid = /^\d+$/.exec(readFileSync(join(directory, HOLDER), 'utf8').trim())?.[0]
    return pid === undefined ? '' : ` (process ${pid})`
  } catch {
    return ''
  }
}

function lock(directory: string, database: SqliteDatabase): void {
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
    if (!busy) throw unusable(join(directory, LOCK), textOf(error), error)
    throw new EngineError(
      'DATA_DIRECTORY_IN_USE',
      `another bulkhead daemon${holderOf(directory)} uses the data directory ${directory}`,
    )
  }
}

/**
 * Takes a data directory for this process: one daemon writes there. The lock is a transaction of
 * SQLite's that never ends, so the operating system's own lock on a file, on every platform; it goes
 * with the process, however that ends.
 *
 * @returns a function that gives the directory back.
 * @throws EngineError `DATA_DIRECTORY_IN_USE`, naming the directory and, where it is known, the
 *   process that holds it.
 */
export function lockDirectory(directory: string, pid: number): () => void {
  const database = openOwned(join(directory, LOCK))
  lock(directory, database)
  writeFileSync(join(directory, HOLDER), `${pid}\n`, { mode: OWNER_ONLY })
  return () => {
    rmSync(join(directory, HOLDER), { force: true })
    database.close()
  }
}

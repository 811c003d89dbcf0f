import { chmodSync, closeSync, openSync } from 'node:fs'
import Database from 'libsql'
import { EngineError } from '../../contract/errors.ts'
import { MIGRATIONS, type Migration } from './sqlite-migrations.ts'

export type SqliteDatabase = Database.Database

const OWNER_ONLY = 0o600
/** `bulk`: tells our files from other programs' databases. @source SQLite, PRAGMA application_id */
const APPLICATION_ID = 0x62756c6b

export const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** EngineError STORE_UNUSABLE: nothing was changed, and a person has to look. */
export const unusable = (path: string, why: string, cause?: unknown): EngineError =>
  new EngineError('STORE_UNUSABLE', `cannot use the database ${path}: ${why}`, { cause })

/** Makes the file before SQLite does, because that leaves the mode to the umask. */
function ownerOnly(path: string): void {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // By name: closing a descriptor of the file would end this process's locks on it.
    chmodSync(path, OWNER_ONLY)
  }
}

/** Opens a file of SQLite's that is its owner's alone, and makes it when it is missing. */
export function openOwned(path: string): SqliteDatabase {
  ownerOnly(path)
  return new Database(path)
}

function numberOf(database: SqliteDatabase, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).raw().get()
  return Array.isArray(row) ? Number(row[0]) : Number.NaN
}

function upgrade(
  path: string,
  database: SqliteDatabase,
  version: number,
  migrations: readonly Migration[],
): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const { sql } of migrations.slice(version)) database.exec(sql)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    const step = `from version ${version} to ${migrations.length}`
    throw unusable(path, `its upgrade ${step} failed: ${textOf(error)}`, error)
  }
}

function prepare(path: string, database: SqliteDatabase, migrations: readonly Migration[]): void {
  const version = numberOf(database, 'user_version')
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').raw().get()
  const empty = version === 0 && Array.isArray(tables) && tables[0] === 0
  if (!empty && numberOf(database, 'application_id') !== APPLICATION_ID) {
    throw unusable(path, 'it is not one of bulkhead')
  }
  if (version > migrations.length) {
    throw unusable(
      path,
      `it has version ${version}, and this bulkhead knows versions up to ${migrations.length}`,
    )
  }
  // Write-ahead log, and a sync of it with each commit: what was answered is on the disk.
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA fullfsync = ON')
  if (version < migrations.length) upgrade(path, database, version, migrations)
  const check = database.prepare('PRAGMA quick_check(1)').raw().get()
  if (!Array.isArray(check) || check[0] !== 'ok') {
    throw unusable(path, `it is damaged: ${Array.isArray(check) ? String(check[0]) : 'no answer'}`)
  }
}

/**
 * Opens the database of a data directory, upgraded to this version. Its one writer is whoever holds
 * the directory's lock.
 *
 * @throws EngineError `STORE_UNUSABLE`: it is damaged, of a newer version, or another program's.
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): SqliteDatabase {
  const database = openOwned(path)
  try {
    prepare(path, database, migrations)
    return database
  } catch (error) {
    database.close()
    if (error instanceof EngineError) throw error
    throw unusable(path, textOf(error), error)
  }
}

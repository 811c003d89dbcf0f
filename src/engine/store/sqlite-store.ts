import type { z } from 'zod'
import { type Deferred, deferred } from '../../std/deferred.ts'
import type { RecordStore } from './record-store.ts'
import { recordOf, recordText } from './record-text.ts'
import { openDatabase, type SqliteDatabase, textOf, unusable } from './sqlite-database.ts'
import type { Migration } from './sqlite-migrations.ts'

/** One kind of record in a store. */
export interface RecordKind<T extends { readonly id: string }> {
  /** In the database: never changed once released. */
  readonly name: string
  readonly shape: z.ZodType<T>
}

interface Write {
  readonly kind: string
  readonly id: string
  /** Undefined: the record goes. */
  readonly text: string | undefined
  readonly done: Deferred<void>
}

/** The records of a data directory in an SQLite database. */
export interface SqliteStore {
  of<T extends { readonly id: string }>(kind: RecordKind<T>): RecordStore<T>
  /** Writes what still waits, and closes the file. */
  close(): void
}

const PUT = `INSERT INTO records (kind, id, record) VALUES (?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record`
const DELETE = 'DELETE FROM records WHERE kind = ? AND id = ?'
const ALL = 'SELECT id, record FROM records WHERE kind = ? ORDER BY seq'

/** Writes several changes as one: one sync for all that came in the same turn of the loop. */
class GroupCommit {
  readonly #database: SqliteDatabase
  readonly #put
  readonly #delete
  #waiting: Write[] = []

  constructor(database: SqliteDatabase) {
    this.#database = database
    this.#put = database.prepare(PUT)
    this.#delete = database.prepare(DELETE)
  }

  write(kind: string, id: string, text: string | undefined): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush())
    const done = deferred<void>()
    this.#waiting.push({ kind, id, text, done })
    return done.promise
  }

  flush(): void {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length === 0) return
    try {
      this.#commit(writes)
    } catch (error) {
      for (const { done } of writes) done.reject(error)
      return
    }
    for (const { done } of writes) done.resolve()
  }

  #commit(writes: readonly Write[]): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const { kind, id, text } of writes) {
        if (text === undefined) this.#delete.run(kind, id)
        else this.#put.run(kind, id, text)
      }
      this.#database.exec('COMMIT')
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

function parsed<T extends { readonly id: string }>(
  path: string,
  kind: RecordKind<T>,
  row: { readonly id: unknown; readonly record: unknown },
): T {
  const damaged = (why: string) => unusable(path, `${kind.name} ${String(row.id)}: ${why}`)
  let value: unknown
  try {
    value = recordOf(String(row.record))
  } catch (error) {
    throw damaged(textOf(error))
  }
  const result = kind.shape.safeParse(value)
  if (!result.success) {
    const [issue] = result.error.issues
    throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no record'}`)
  }
  if (result.data.id !== row.id) throw damaged(`the record has another id, ${result.data.id}`)
  return result.data
}

/**
 * Opens the store in the file `path`.
 *
 * @throws EngineError `STORE_UNUSABLE`, also later from `all`, naming the row that cannot be read.
 */
export function openSqliteStore(path: string, migrations?: readonly Migration[]): SqliteStore {
  const database = openDatabase(path, migrations)
  const group = new GroupCommit(database)
  const all = database.prepare(ALL)
  return {
    of: (kind) => ({
      all: async () => {
        group.flush()
        const rows = all.all(kind.name)
        // Of the two columns that were asked for.
        return rows.map((row) => parsed(path, kind, row as { id: unknown; record: unknown }))
      },
      put: async (record) => await group.write(kind.name, record.id, recordText(record)),
      delete: async (id) => await group.write(kind.name, id, undefined),
    }),
    close: () => {
      group.flush()
      // libsql keeps a file open as long as its statements are not collected: what is in the log
      // goes into the file now, not then.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
  }
}

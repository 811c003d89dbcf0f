/** Takes a database from one version to the next, inside a transaction. */
export interface Migration {
  /** What it brings. */
  readonly name: string
  readonly sql: string
}

/**
 * Every version of the database, oldest first: the n-th row leads to version n. A row that was
 * released is never changed; what changes is a new row. It may rewrite records with SQLite's JSON
 * functions.
 *
 * One table for all kinds of records: a new noun needs no migration, and changes of several kinds
 * fit into one commit. `seq` keeps the order in which records came, also when one is replaced.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'records',
    sql: `CREATE TABLE records (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      record TEXT NOT NULL,
      UNIQUE (kind, id)
    ) STRICT`,
  },
]

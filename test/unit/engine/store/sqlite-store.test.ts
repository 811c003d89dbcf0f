import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { shapeOf } from '../../../../src/engine/store/shape-of.ts'
import { MIGRATIONS } from '../../../../src/engine/store/sqlite-migrations.ts'
import {
  openSqliteStore,
  type RecordKind,
  type SqliteStore,
} from '../../../../src/engine/store/sqlite-store.ts'

interface Thing {
  readonly id: string
  readonly size: number
}

const THING: RecordKind<Thing> = {
  name: 'thing',
  shape: shapeOf<Thing>()({ id: z.string(), size: z.number() }),
}

let directory = ''
let path = ''
const open: SqliteStore[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sqlite-'))
  path = join(directory, 'state.db')
})
afterEach(() => {
  for (const store of open.splice(0)) store.close()
  rmSync(directory, { recursive: true })
})

function opened(migrations = MIGRATIONS): SqliteStore {
  const store = openSqliteStore(path, migrations)
  open.push(store)
  return store
}

/** A database with one thing, closed. */
async function kept(thing: Thing = { id: 'a', size: 1 }): Promise<void> {
  const store = openSqliteStore(path)
  await store.of(THING).put(thing)
  store.close()
}

function sql(...statements: readonly string[]): void {
  const database = new Database(path)
  for (const statement of statements) database.exec(statement)
  database.close()
}

const refusal = (why: string) => ({
  code: 'STORE_UNUSABLE',
  message: expect.stringMatching(`^cannot use the database ${path}: ${why}`) as unknown,
})

describe('a database', () => {
  it('is its owner’s alone, with its log', async () => {
    await opened().of(THING).put({ id: 'a', size: 1 })
    const mode = (name: string): number => statSync(join(directory, name)).mode & 0o777
    expect([mode('state.db'), mode('state.db-wal')]).toEqual([0o600, 0o600])
  })
  it('of another program is left alone', () => {
    sql('CREATE TABLE things (x)')
    expect(() => opened()).toThrow(expect.objectContaining(refusal('it is not one of bulkhead')))
    expect(statSync(path).size).toBeGreaterThan(0)
  })
  it.each([
    ['is text', () => writeFileSync(path, 'no database, '.repeat(1000)), 'file is not a database'],
    ['lost its end', () => writeFileSync(path, readFileSync(path).subarray(0, 6_000)), ''],
    [
      'was overwritten in the middle',
      () => writeFileSync(path, readFileSync(path).fill(0xff, 4096, 8192)),
      '',
    ],
  ])('that %s is refused by name', async (_, damage, why) => {
    await kept()
    damage()
    expect(() => opened()).toThrow(expect.objectContaining(refusal(why)))
  })
})

describe('a row that cannot be read', () => {
  it.each([
    ['no JSON', "'{'", 'thing a: .*JSON'],
    ['another type', `'{"id":"a","size":"1"}'`, 'thing a: size: .*expected number'],
    ['a field missing', `'{"id":"a"}'`, 'thing a: size: '],
    ['a field too many', `'{"id":"a","size":1,"x":1}'`, 'thing a: : Unrecognized key: "x"'],
    ['another id', `'{"id":"b","size":1}'`, 'thing a: the record has another id, b'],
    ['no record', "'null'", 'thing a: '],
    ['a tag without sense', `'{"id":"a","size":{"$bigint":"x"}}'`, 'thing a: .*BigInt'],
  ])('is named: %s', async (_, record, why) => {
    await kept()
    sql(`UPDATE records SET record = ${record}`)
    await expect(opened().of(THING).all()).rejects.toMatchObject(refusal(why))
  })
  it('of another kind harms nobody', async () => {
    await kept()
    sql("INSERT INTO records (kind, id, record) VALUES ('other', 'x', '{')")
    expect(await opened().of(THING).all()).toEqual([{ id: 'a', size: 1 }])
  })
})

describe('an upgrade', () => {
  const LATER = [
    ...MIGRATIONS,
    {
      name: 'sizes are doubled',
      sql: "UPDATE records SET record = json_set(record, '$.size', 2 * (record ->> '$.size'))",
    },
    { name: 'a name for each', sql: 'ALTER TABLE records ADD COLUMN name TEXT' },
  ]
  const versionOf = (): unknown => {
    const database = new Database(path)
    const row = database.prepare('PRAGMA user_version').get()
    database.close()
    return row
  }
  it('takes every step there is, once', async () => {
    await kept()
    for (let opening = 0; opening < 2; opening += 1) {
      const store = openSqliteStore(path, LATER)
      expect(await store.of(THING).all()).toEqual([{ id: 'a', size: 2 }])
      store.close()
    }
    expect(versionOf()).toMatchObject({ user_version: 3 })
  })
  it('makes a new database in the same way', async () => {
    const things = opened(LATER).of(THING)
    await things.put({ id: 'a', size: 1 })
    expect(await things.all()).toEqual([{ id: 'a', size: 1 }])
  })
  it('that fails half-way changes nothing, and says from where to where', async () => {
    await kept()
    const broken = [...LATER, { name: 'broken', sql: 'SELECT * FROM nowhere' }]
    expect(() => opened(broken)).toThrow(
      expect.objectContaining(
        refusal('its upgrade from version 1 to 4 failed: no such table: nowhere'),
      ),
    )
    expect(versionOf()).toMatchObject({ user_version: 1 })
    expect(await opened().of(THING).all()).toEqual([{ id: 'a', size: 1 }])
  })
  it('is not taken back: a newer database is refused, and left as it was', async () => {
    await kept()
    openSqliteStore(path, LATER).close()
    const before = readFileSync(path)
    expect(() => opened()).toThrow(
      expect.objectContaining(
        refusal('it has version 3, and this bulkhead knows versions up to 1'),
      ),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })
  it('finds what version 1 wrote', async () => {
    // As the first release left it. Never changed: a later version reads it as it is.
    sql(
      'CREATE TABLE records (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ' +
        'id TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (kind, id)) STRICT',
      `INSERT INTO records (kind, id, record) VALUES ('thing', 'a', '{"id":"a","size":7}')`,
      'PRAGMA application_id = 1651862635',
      'PRAGMA user_version = 1',
    )
    expect(await opened().of(THING).all()).toEqual([{ id: 'a', size: 7 }])
  })
})

describe('a change', () => {
  it('is in the file when it was acknowledged, without the store being closed', async () => {
    const things = opened().of(THING)
    await Promise.all([things.put({ id: 'a', size: 1 }), things.put({ id: 'b', size: 2 })])
    // What a crash leaves: the file and its log, copied while the store is open.
    const copy = join(directory, 'copy.db')
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    const store = openSqliteStore(copy)
    open.push(store)
    expect(await store.of(THING).all()).toHaveLength(2)
  })
  it('that cannot be written fails, with all that came in the same turn, and nothing stays', async () => {
    const things = opened().of(THING)
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    const results = await Promise.allSettled([
      things.put({ id: 'a', size: 1 }),
      things.put({ id: 'b', size: 2 }),
    ])
    other.exec('ROLLBACK')
    other.close()
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await things.put({ id: 'c', size: 3 })
    expect(await things.all()).toEqual([{ id: 'c', size: 3 }])
  })
  it('that is no plain data is refused at once', async () => {
    const things = opened().of(THING)
    const record = { id: 'a', size: Number.NaN }
    await expect(things.put(record)).rejects.toThrow('the number NaN cannot be kept')
    expect(await things.all()).toEqual([])
  })
})

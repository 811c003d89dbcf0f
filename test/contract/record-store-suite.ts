import { afterEach, describe, expect, it } from 'vitest'
import type { RecordStore } from '../../src/engine/store/record-store.ts'

/** With one of each value that a record may hold. */
export interface SuiteRecord {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly created: Date
  readonly fuel: bigint | undefined
  readonly size: number
  readonly bytes: Uint8Array
  readonly tags: readonly (string | null)[]
}

/** A store that was opened, and the same one opened again where something outlives it. */
export interface OpenedStore {
  readonly store: RecordStore<SuiteRecord>
  close(): void
  /** Undefined: nothing outlives it. */
  readonly reopen: (() => RecordStore<SuiteRecord>) | undefined
}

const RECORD: SuiteRecord = {
  id: 'a',
  name: 'first \u0000 "quoted" 🚢',
  labels: { $date: '1', $$bytes: 'x', $bigint: 'y', 'a.b': '', ['constructor']: 'z' },
  created: new Date(1_700_000_000_123),
  fuel: 2n ** 63n,
  size: 0.1,
  bytes: Uint8Array.from({ length: 300 }, (_, index) => index & 255),
  tags: ['', null, 'ü'],
}

const named = (id: string, name = id): SuiteRecord => ({ ...RECORD, id, name })

/** What every record store does. */
export function recordStoreSuite(name: string, open: () => OpenedStore): void {
  describe(`a record store, ${name}`, () => {
    const opened: OpenedStore[] = []
    const fresh = (): OpenedStore => {
      const one = open()
      opened.push(one)
      return one
    }
    afterEach(() => {
      for (const one of opened.splice(0)) one.close()
    })
    const ids = async (store: RecordStore<SuiteRecord>) => (await store.all()).map(({ id }) => id)

    it('is empty at first', async () => {
      expect(await fresh().store.all()).toEqual([])
    })
    it.each([
      ['every value', RECORD],
      ['undefined', { ...RECORD, fuel: undefined }],
      ['no bytes', { ...RECORD, bytes: new Uint8Array() }],
      ['the first and the last millisecond', { ...RECORD, created: new Date(-8.64e15) }],
    ])('gives back what was put: %s', async (_, record) => {
      const { store } = fresh()
      await store.put(record)
      expect(await store.all()).toStrictEqual([record])
    })
    it('replaces a record, and leaves it its place in the order', async () => {
      const { store } = fresh()
      for (const id of ['c', 'a', 'b']) await store.put(named(id))
      await store.put(named('c', 'renamed'))
      expect((await store.all()).map(({ name: each }) => each)).toEqual(['renamed', 'a', 'b'])
    })
    it('puts a record that was deleted at the end', async () => {
      const { store } = fresh()
      for (const id of ['a', 'b']) await store.put(named(id))
      await store.delete('a')
      expect(await ids(store)).toEqual(['b'])
      await store.put(named('a'))
      expect(await ids(store)).toEqual(['b', 'a'])
    })
    it('deletes what is not there without a word', async () => {
      const { store } = fresh()
      await store.delete('nobody')
      expect(await store.all()).toEqual([])
    })
    it('takes changes in the order in which they were asked for, without waiting', async () => {
      const { store } = fresh()
      const changes = [store.put(named('a', '1')), store.delete('a'), store.put(named('a', '2'))]
      for (let index = 0; index < 200; index += 1) changes.push(store.put(named(`n${index}`)))
      changes.push(store.delete('n7'))
      await Promise.all(changes)
      const all = await store.all()
      expect([all.length, all[0]?.name]).toEqual([200, '2'])
    })
    it('sees a change that was asked for before', async () => {
      const { store } = fresh()
      const put = store.put(named('a'))
      expect(await ids(store)).toEqual(['a'])
      await put
    })
    it('keeps what it acknowledged, where something outlives it', async () => {
      const { store, reopen } = fresh()
      if (reopen === undefined) return
      await Promise.all([store.put(RECORD), store.put(named('b')), store.put(named('c'))])
      await store.delete('b')
      expect(await reopen().all()).toStrictEqual([RECORD, named('c')])
    })
  })
}

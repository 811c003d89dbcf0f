import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { DONE, fail, ok } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import { FdTable, ROOT_FD } from '../../../../src/kernel/process/fd-table.ts'

function setup(limit = 8, fds?: number) {
  const ledger = new Ledger(fds === undefined ? {} : { fds })
  const table = new FdTable(limit, ledger)
  let closed = 0
  const file = () =>
    new OpenFile({
      type: 'unknown',
      access: { read: true, write: true },
      handle: {
        seekable: false,
        read: () => ok(0),
        write: (from) => ok(from.length),
        readable: () => undefined,
        writable: () => undefined,
        close: () => {
          closed += 1
        },
      },
      place: undefined,
      ledger,
    })
  return { table, ledger, file, closed: () => closed }
}

describe('FdTable', () => {
  it('gives the lowest free number', () => {
    const { table, file } = setup()
    expect([1, 2, 3].map(() => table.add(file()))).toEqual([ok(0), ok(1), ok(2)])
    table.close(1)
    expect(table.add(file())).toEqual(ok(1))
  })
  it('is full at its limit, and takes again after a close', () => {
    const { table, file } = setup(2)
    table.add(file())
    table.add(file())
    expect(table.add(file())).toEqual(fail(Errno.MFILE))
    table.close(0)
    expect(table.add(file())).toEqual(ok(0))
  })
  it('says NFILE when the container has no more', () => {
    const { table, file } = setup(8, 1)
    table.add(file())
    expect(table.add(file())).toEqual(fail(Errno.NFILE))
  })
  it.each([-1, 0, 5, 2 ** 31, Number.NaN])('has nothing at %d', (fd) => {
    const { table } = setup()
    expect(table.get(fd)).toEqual(fail(Errno.BADF))
    expect(table.close(fd)).toEqual(fail(Errno.BADF))
    expect(table.renumber(fd, fd)).toEqual(fail(Errno.BADF))
  })
  it('closes what stood at the number moved to', () => {
    const { table, file, closed } = setup()
    table.add(file())
    table.add(file())
    expect(table.renumber(1, 0)).toEqual(DONE)
    expect(closed()).toBe(1)
    expect(table.get(1)).toEqual(fail(Errno.BADF))
    expect(table.renumber(0, 0)).toEqual(DONE)
    expect(closed()).toBe(1)
  })
  it('releases a shared description with its last descriptor', () => {
    const { table, file, closed } = setup()
    const shared = file()
    table.add(shared)
    table.add(shared.retain())
    table.close(0)
    expect(closed()).toBe(0)
    table.close(1)
    expect(closed()).toBe(1)
  })
  it('is not changed by a number that no descriptor can have', () => {
    const { table, file, ledger } = setup()
    table.add(file())
    for (const fd of [
      -1,
      1.5,
      8,
      2 ** 31,
      2 ** 32,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      ROOT_FD,
    ]) {
      expect(table.dupTo(0, fd, false)).toEqual(fail(Errno.BADF))
      expect(table.dupTo(fd, 1, false)).toEqual(fail(Errno.BADF))
      expect(table.dup(fd, 0, false)).toEqual(fail(Errno.BADF))
      expect(table.dup(0, fd, false)).toEqual(fail(Errno.INVAL))
      expect(table.put(fd, file())).toEqual(fail(Errno.BADF))
      expect(table.setCloseOnExec(fd, true)).toEqual(fail(Errno.BADF))
      expect(table.isCloseOnExec(fd)).toEqual(fail(Errno.BADF))
    }
    expect(ledger.used('fds')).toBe(1)
  })
  it('has the root beside its numbers: it is found and shared, and not closed or counted', () => {
    const { table, file, ledger, closed } = setup()
    const root = file()
    table.setRoot(root)
    expect(table.get(ROOT_FD)).toEqual(ok(root))
    expect(table.dup(ROOT_FD, 0, false)).toEqual(ok(0))
    expect(table.close(ROOT_FD)).toEqual(fail(Errno.BADF))
    expect(table.isCloseOnExec(ROOT_FD)).toEqual(ok(false))
    expect([...table.entries()]).toEqual([[0, root]])
    expect(ledger.used('fds')).toBe(1)
    table.closeAll()
    expect(closed()).toBe(1)
    expect(table.get(ROOT_FD)).toEqual(fail(Errno.BADF))
  })
  it('is not given to a child by a limit that is lower, but what is open stays', () => {
    const { table, file } = setup(8)
    for (let count = 0; count < 5; count += 1) table.add(file())
    table.limit = 2
    expect(table.add(file())).toEqual(fail(Errno.MFILE))
    expect(table.get(4).ok).toBe(true)
    expect(table.dupTo(0, 4, false)).toEqual(fail(Errno.BADF))
    const child = table.inherit()
    expect(child.ok && [...child.value.entries()].length).toBe(5)
  })
  it('is inherited whole or not at all', () => {
    const { table, file, ledger, closed } = setup(8, 5)
    for (let count = 0; count < 3; count += 1) table.add(file())
    expect(table.inherit()).toEqual(fail(Errno.NFILE))
    expect(ledger.used('fds')).toBe(3)
    table.closeAll()
    expect(closed()).toBe(3)
  })

  type Call =
    | { readonly op: 'add'; readonly on: boolean }
    | { readonly op: 'close' | 'exec' | 'inherit'; readonly fd: number }
    | {
        readonly op: 'renumber' | 'dup' | 'dupTo'
        readonly fd: number
        readonly to: number
        readonly on: boolean
      }
    | { readonly op: 'flag'; readonly fd: number; readonly on: boolean }
  const fd = fc.nat(9)
  const call: fc.Arbitrary<Call> = fc.oneof(
    fc.record({ op: fc.constant('add' as const), on: fc.boolean() }),
    fc.record({ op: fc.constantFrom('close', 'close', 'exec', 'inherit'), fd }),
    fc.record({ op: fc.constantFrom('renumber', 'dup', 'dupTo'), fd, to: fd, on: fc.boolean() }),
    fc.record({ op: fc.constant('flag' as const), fd, on: fc.boolean() }),
  )
  const LIMIT = 6
  interface Open {
    readonly file: OpenFile
    readonly on: boolean
  }

  /** A map from numbers to files, which the table is held to. */
  class Model {
    readonly open = new Map<number, Open>()

    lowest(from: number): number | undefined {
      for (let at = from; at < LIMIT; at += 1) if (!this.open.has(at)) return at
      return undefined
    }

    /** The number it leads to; undefined: it fails. */
    take(call: Exclude<Call, { op: 'inherit' }>, file: () => OpenFile): number | undefined {
      if (call.op === 'add') return this.put(this.lowest(0), file(), call.on)
      if (call.op === 'exec') {
        for (const [at, { on }] of this.open) if (on) this.open.delete(at)
        return 0
      }
      const open = this.open.get(call.fd)
      if (open === undefined) return undefined
      return this.change(call, open)
    }

    private change(
      call: Exclude<Call, { op: 'inherit' | 'add' | 'exec' }>,
      open: Open,
    ): number | undefined {
      if (call.op === 'close') return this.open.delete(call.fd) ? 0 : undefined
      if (call.op === 'flag') return this.put(call.fd, open.file, call.on)
      if (call.op === 'dup') return this.put(this.lowest(call.to), open.file, call.on)
      if (call.op === 'dupTo') {
        if (call.fd === call.to) return call.to
        return this.put(call.to < LIMIT ? call.to : undefined, open.file, call.on)
      }
      if (!this.open.has(call.to)) return undefined
      this.open.delete(call.fd)
      return this.put(call.to, open.file, open.on)
    }

    private put(at: number | undefined, file: OpenFile, on: boolean): number | undefined {
      if (at !== undefined) this.open.set(at, { file, on })
      return at
    }
  }

  const done = (table: FdTable, call: Exclude<Call, { op: 'inherit' }>, file: () => OpenFile) => {
    if (call.op === 'add') return table.add(file(), call.on)
    if (call.op === 'close') return table.close(call.fd)
    if (call.op === 'exec') return ok(table.closeOnExec())
    if (call.op === 'flag') return table.setCloseOnExec(call.fd, call.on)
    if (call.op === 'renumber') return table.renumber(call.fd, call.to)
    return table[call.op](call.fd, call.to, call.on)
  }

  it('is a map from numbers to files, and has charged what is open, after any calls', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
        const { ledger, file, closed, table: first } = setup(LIMIT)
        const model = new Model()
        const tables = [first]
        let table = first
        let made = 0
        for (const one of calls) {
          if (one.op === 'inherit') {
            const child = table.inherit()
            if (!child.ok) throw new Error('there is no limit')
            table = child.value
            tables.push(table)
            continue
          }
          const fresh = file()
          if (one.op === 'add') made += 1
          const wanted = model.take(one, () => fresh)
          const answer = done(table, one, () => fresh)
          expect([one, answer.ok]).toEqual([one, wanted !== undefined])
          if (one.op === 'add' && !answer.ok) fresh.release()
          if (answer.ok && typeof answer.value === 'number') expect(answer.value).toBe(wanted)
          const open = [...model.open].toSorted(([a], [b]) => a - b)
          expect([...table.entries()]).toEqual(open.map(([at, { file: its }]) => [at, its]))
          for (const [at, { on }] of open) expect(table.isCloseOnExec(at)).toEqual(ok(on))
        }
        const held = tables.reduce((sum, each) => sum + [...each.entries()].length, 0)
        expect(ledger.used('fds')).toBe(held)
        for (const each of tables) each.closeAll()
        expect(ledger.used('fds')).toBe(0)
        expect(closed()).toBe(made)
      }),
    )
  })
})

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
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { DONE, fail, ok } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import { FdTable } from '../../../../src/kernel/process/fd-table.ts'

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
  it('has charged exactly what is open after any sequence of calls', () => {
    const call = fc.oneof(
      fc.record({ op: fc.constant('add' as const) }),
      fc.record({ op: fc.constant('close' as const), fd: fc.nat(9) }),
      fc.record({ op: fc.constant('renumber' as const), fd: fc.nat(9), to: fc.nat(9) }),
    )
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
        const { table, ledger, file } = setup(6)
        for (const one of calls) {
          if (one.op === 'add') table.add(file())
          else if (one.op === 'close') table.close(one.fd)
          else table.renumber(one.fd, one.to)
        }
        expect(ledger.used('fds')).toBe([...table.entries()].length)
        table.closeAll()
        expect(ledger.used('fds')).toBe(0)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ok, type Result } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import { FdTable } from '../../../../src/kernel/process/fd-table.ts'
import { must } from '../../../support/errno.ts'

const LIMIT = 6

type Call =
  | { readonly op: 'add'; readonly on: boolean }
  | { readonly op: 'close' | 'exec' | 'inherit'; readonly fd: number }
  | {
      readonly op: 'renumber' | 'dup' | 'dupTo' | 'flag'
      readonly fd: number
      readonly to: number
      readonly on: boolean
    }
const fd = fc.nat(9)
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ op: fc.constant('add' as const), on: fc.boolean() }),
  fc.record({ op: fc.constantFrom('close', 'close', 'exec', 'inherit'), fd }),
  fc.record({
    op: fc.constantFrom('renumber', 'dup', 'dupTo', 'flag'),
    fd,
    to: fd,
    on: fc.boolean(),
  }),
)

interface Open {
  readonly file: OpenFile
  readonly on: boolean
}

/** A map from numbers to files. Each call answers the number it leads to; undefined: it fails. */
class Model {
  readonly open = new Map<number, Open>()

  lowest(from: number): number | undefined {
    for (let at = from; at < LIMIT; at += 1) if (!this.open.has(at)) return at
    return undefined
  }

  put(at: number | undefined, open: Open): number | undefined {
    if (at !== undefined) this.open.set(at, open)
    return at
  }

  exec(): number {
    for (const [at, { on }] of this.open) if (on) this.open.delete(at)
    return 0
  }

  renumber(from: number, to: number, open: Open): number | undefined {
    if (!this.open.has(to)) return undefined
    this.open.delete(from)
    return this.put(to, open)
  }

  dupTo(from: number, to: number, open: Open): number | undefined {
    return from === to ? to : this.put(to < LIMIT ? to : undefined, open)
  }
}

function expected(model: Model, one: Call, fresh: OpenFile): number | undefined {
  if (one.op === 'add') return model.put(model.lowest(0), { file: fresh, on: one.on })
  if (one.op === 'exec') return model.exec()
  if (one.op === 'inherit') return 0
  const open = model.open.get(one.fd)
  if (open === undefined) return undefined
  const { file } = open
  switch (one.op) {
    case 'close':
      return model.open.delete(one.fd) ? 0 : undefined
    case 'flag':
      return model.put(one.fd, { file, on: one.on })
    case 'dup':
      return model.put(model.lowest(one.to), { file, on: one.on })
    case 'dupTo':
      return model.dupTo(one.fd, one.to, { file, on: one.on })
    case 'renumber':
      return model.renumber(one.fd, one.to, open)
  }
}

/** A process and the children it became, and what they have open. */
class Run {
  readonly ledger = new Ledger()
  readonly tables = [new FdTable(LIMIT, this.ledger)]
  readonly model = new Model()
  made = 0
  closed = 0

  get table(): FdTable {
    const last = this.tables.at(-1)
    if (last === undefined) throw new Error('there is one')
    return last
  }

  file(): OpenFile {
    this.made += 1
    const handle = {
      seekable: false,
      read: () => ok(0),
      write: () => ok(0),
      readable: () => undefined,
      writable: () => undefined,
      close: () => {
        this.closed += 1
      },
    }
    const access = { read: true, write: true }
    return new OpenFile({ type: 'fifo', access, handle, place: undefined, ledger: this.ledger })
  }

  done(one: Call, fresh: OpenFile): Result<unknown> {
    const { table } = this
    switch (one.op) {
      case 'add':
        return table.add(fresh.retain(), one.on)
      case 'close':
        return table.close(one.fd)
      case 'exec':
        return ok(table.closeOnExec())
      case 'inherit':
        return ok(this.tables.push(must(table.inherit())))
      case 'flag':
        return table.setCloseOnExec(one.fd, one.on)
      case 'renumber':
        return table.renumber(one.fd, one.to)
      case 'dup':
      case 'dupTo':
        return table[one.op](one.fd, one.to, one.on)
    }
  }

  take(one: Call): void {
    const fresh = this.file()
    const wanted = expected(this.model, one, fresh)
    const answer = this.done(one, fresh)
    expect([one, answer.ok]).toEqual([one, wanted !== undefined])
    const isNumbered = ['add', 'dup', 'dupTo'].includes(one.op)
    if (answer.ok && isNumbered) expect(answer.value).toBe(wanted)
    if (!answer.ok && one.op === 'add') fresh.release()
    fresh.release()
    this.check()
  }

  check(): void {
    const open = [...this.model.open].toSorted(([a], [b]) => a - b)
    expect([...this.table.entries()]).toEqual(open.map(([at, { file }]) => [at, file]))
    for (const [at, { on }] of open) expect(this.table.isCloseOnExec(at)).toEqual(ok(on))
    const held = this.tables.map((table) => [...table.entries()].length)
    expect(this.ledger.used('fds')).toBe(held.reduce((sum, one) => sum + one, 0))
  }

  finish(): void {
    for (const table of this.tables) table.closeAll()
    expect(this.ledger.used('fds')).toBe(0)
    expect(this.closed).toBe(this.made)
  }
}

describe('the descriptors of a process', () => {
  it('are a map from numbers to files, and charged as what is open, after any calls', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40, size: 'max' }), (calls) => {
        const run = new Run()
        for (const one of calls) run.take(one)
        run.finish()
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { type Blocked, blocked, fail, ok, type Result } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import type { FileHandle } from '../../../../src/kernel/mount/vnode.ts'

/** Bytes 0, 1, 2 … up to `size`; reads stop there. */
function handleOf(size: number, more: Partial<FileHandle> = {}): FileHandle {
  return {
    seekable: true,
    read: (into, at) => {
      const count = Math.max(0, Math.min(into.length, size - at))
      for (let index = 0; index < count; index += 1) into[index] = at + index
      return ok(count)
    },
    write: (from) => ok(from.length),
    readable: () => undefined,
    writable: () => undefined,
    close: () => {},
    ...more,
  }
}

function opened(handle: FileHandle | undefined, more: object = {}) {
  const ledger = new Ledger()
  const file = new OpenFile({
    type: handle === undefined ? 'directory' : 'regular',
    access: { read: true, write: true },
    handle,
    place: undefined,
    ledger,
    ...more,
  })
  return { file, ledger }
}

describe('OpenFile', () => {
  it('fills buffers in order, moves its position and stops at a short one', () => {
    const { file } = opened(handleOf(5))
    const [a, b, c] = [new Uint8Array(2), new Uint8Array(4), new Uint8Array(1)]
    expect(file.read([a, b, c])).toEqual(ok(5))
    expect([...a, ...b, ...c]).toEqual([0, 1, 2, 3, 4, 0, 0])
    expect(file.position).toBe(5)
    expect(file.read([a])).toEqual(ok(0))
  })
  it('leaves its position alone in readAt', () => {
    const { file } = opened(handleOf(5))
    const into = new Uint8Array(2)
    expect(file.readAt([into], 3)).toEqual(ok(2))
    expect([...into]).toEqual([3, 4])
    expect(file.position).toBe(0)
  })
  it.each<[string, Partial<FileHandle>, Result<number> | Blocked]>([
    ['a failure before the first byte', { write: () => fail(Errno.NOSPC) }, fail(Errno.NOSPC)],
    ['a pipe whose reader has gone', { write: () => fail(Errno.PIPE) }, fail(Errno.PIPE)],
  ])('passes on %s', (_, more, result) => {
    expect(opened(handleOf(0, more)).file.write([new Uint8Array(1)])).toEqual(result)
  })
  it('answers the bytes that fitted before a failure', () => {
    let calls = 0
    const write = () => {
      calls += 1
      return calls === 1 ? ok(3) : fail(Errno.NOSPC)
    }
    const { file } = opened(handleOf(0, { write }))
    expect(file.write([new Uint8Array(3), new Uint8Array(3)])).toEqual(ok(3))
    expect(file.position).toBe(3)
  })
  it('is blocked, or says AGAIN with NONBLOCK', () => {
    const wait = blocked(() => false)
    const { file } = opened(handleOf(0, { seekable: false, read: () => wait }))
    expect(file.read([new Uint8Array(1)])).toBe(wait)
    file.nonblock = true
    expect(file.read([new Uint8Array(1)])).toEqual(fail(Errno.AGAIN))
  })
  it.each([
    ['read', { read: false, write: true }],
    ['write', { read: true, write: false }],
  ] as const)('refuses to %s against its mode, even no bytes', (verb, access) => {
    const { file } = opened(handleOf(5), { access })
    expect(file[verb]([])).toEqual(fail(Errno.BADF))
    expect(file[`${verb}At`]([], 0)).toEqual(fail(Errno.BADF))
  })
  it('answers BADF for every transfer and seek on a directory', () => {
    const { file } = opened(undefined)
    expect(file.read([])).toEqual(fail(Errno.BADF))
    expect(file.write([])).toEqual(fail(Errno.BADF))
    expect(file.seek(0n, 'set')).toEqual(fail(Errno.BADF))
    expect(file.truncate(0)).toEqual(fail(Errno.BADF))
  })
  it('answers SPIPE for positions on a stream', () => {
    const { file } = opened(handleOf(0, { seekable: false }))
    expect(file.readAt([], 0)).toEqual(fail(Errno.SPIPE))
    expect(file.writeAt([], 0)).toEqual(fail(Errno.SPIPE))
    expect(file.seek(0n, 'current')).toEqual(fail(Errno.SPIPE))
  })
  it.each([
    [7n, 'set', ok(7n), 7],
    [2n, 'current', ok(5n), 5],
    [-4n, 'current', fail(Errno.INVAL), 3],
    [2n ** 62n, 'set', fail(Errno.INVAL), 3],
  ] as const)('seek %i from %s', (offset, whence, result, position) => {
    const { file } = opened(handleOf(9))
    file.position = 3
    expect(file.seek(offset, whence)).toEqual(result)
    expect(file.position).toBe(position)
  })
})

import { describe, expect, it } from 'vitest'
import { Errno } from '../../../src/contract/errno.ts'
import type { HostDirectory, HostStat } from '../../../src/contract/host-directory.ts'
import { DEFAULT_LIMITS } from '../../../src/contract/limits.ts'
import { DONE, fail, ok } from '../../../src/contract/result.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { BindFileSystem } from '../../../src/kernel/mount/fs/bind.ts'
import { collectFiles } from '../../../src/thread/collect-files.ts'
import { directoryEntry, fileEntry, treeOf } from '../../support/process.ts'

const LIMIT = 100_000
const refused = (path: string) => ({
  files: new Map(),
  filesLoss: `${path} is too large to be collected: all collected files together may have ${LIMIT} bytes (limits.collect, at most 1073741824)`,
})
const limits = { ...DEFAULT_LIMITS, collect: LIMIT }
const collected = ({ walker }: ReturnType<typeof treeOf>, ...collect: readonly string[]) =>
  collectFiles(walker, { collect, limits }, new Ledger())

/** A file of the host that says how large it is, has `bytes` of zeros, and counts what is read of it. */
function bound(says: number, bytes: number) {
  const stat: HostStat = {
    type: 'regular',
    identity: '1:1',
    mode: 0o644,
    links: 1,
    size: says,
    accessed: 0n,
    modified: 0n,
    changed: 0n,
  }
  const seen = { read: 0, open: 0 }
  const refusing = () => fail(Errno.PERM)
  const host: HostDirectory = {
    stat: () => ok(stat),
    list: refusing,
    readlink: refusing,
    open: () => {
      seen.open += 1
      return ok({
        stat: () => ok(stat),
        setTimes: refusing,
        read: (into, at) => {
          const count = Math.min(into.length, bytes - at)
          seen.read += count
          return ok(count)
        },
        write: refusing,
        truncate: refusing,
        sync: () => DONE,
        close: () => {
          seen.open -= 1
        },
      })
    },
    createDirectory: refusing,
    removeDirectory: refusing,
    unlink: refusing,
    link: refusing,
    rename: refusing,
    setTimes: refusing,
  }
  const tree = treeOf([fileEntry('/f', ''), directoryEntry('/d')])
  tree.mounts.mount('/f', new BindFileSystem(host, 9), { readOnly: false })
  return { seen, collect: () => collected(tree, '/none', '/d', '/f') }
}

describe('files that a run brings back', () => {
  it('are those that are there and regular, each once', () => {
    const tree = treeOf([fileEntry('/a', 'x'.repeat(60_000)), directoryEntry('/d')])
    const { files, filesLoss } = collected(tree, '/none', '/d', '/a', '/a')
    expect(filesLoss).toBeUndefined()
    expect([...files].map(([path, { length }]) => [path, length])).toEqual([['/a', 60_000]])
  })
  it('may be as large together as the limit, and not a byte larger', () => {
    const files = (more: number) =>
      treeOf([fileEntry('/a', 'x'.repeat(60_000)), fileEntry('/b', 'y'.repeat(40_000 + more))])
    expect(collected(files(0), '/a', '/b').files.size).toBe(2)
    expect(collected(files(1), '/a', '/b')).toEqual(refused('/b'))
  })
  it('are not read at all where they say that they are too large', () => {
    const { seen, collect } = bound(2 ** 40, 2 ** 22)
    expect(collect()).toEqual(refused('/f'))
    expect(seen).toEqual({ read: 0, open: 0 })
  })
  it.each([0, 10, LIMIT])('that say %i bytes and have more are read up to the limit', (says) => {
    const { seen, collect } = bound(says, 2 ** 22)
    expect(collect()).toEqual(refused('/f'))
    expect(seen).toEqual({ read: LIMIT + 1, open: 0 })
  })
  it('that say more than they have come as they are', () => {
    const { collect } = bound(LIMIT, 70_000)
    expect(collect().files.get('/f')).toHaveLength(70_000)
  })
})

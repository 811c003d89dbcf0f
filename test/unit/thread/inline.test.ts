import { describe, expect, it } from 'vitest'
import type { GuestSpec } from '../../../src/contract/guest-spec.ts'
import { DEFAULT_LIMITS } from '../../../src/contract/limits.ts'
import { buildLayerView } from '../../../src/kernel/mount/layer-index.ts'
import { runInline } from '../../../src/thread/inline.ts'
import { GUEST as ANY_GUEST } from '../../support/cell-jobs.ts'
import { directoryEntry } from '../../support/process.ts'
import { moduleOf, section } from '../../support/wasm-modules.ts'

const WASI = 'wasi_snapshot_preview1'
const text = (word: string) => [word.length, ...Buffer.from(word)]
const I32 = 0x7f

/**
 * Imports fd_read, fd_write and proc_exit, has one page with an iovec at 0 that leads to 64 bytes at
 * 16, and runs `code` as `_start`.
 */
function guestOf(code: readonly number[]): Uint8Array {
  const body = [0, ...code, 0x0b]
  const call = [0x60, 4, I32, I32, I32, I32, 1, I32]
  return moduleOf(
    section(1, [3, ...call, 0x60, 1, I32, 0, 0x60, 0, 0]),
    section(2, [
      ...[3, ...text(WASI), ...text('fd_read'), 0, 0, ...text(WASI), ...text('fd_write'), 0, 0],
      ...[...text(WASI), ...text('proc_exit'), 0, 1],
    ]),
    section(3, [1, 2]),
    section(5, [1, 0, 1]),
    section(7, [2, ...text('_start'), 0, 3, ...text('memory'), 2, 0]),
    section(10, [1, body.length, ...body]),
    section(11, [1, 0, 0x41, 0, 0x0b, 8, 16, 0, 0, 0, 64, 0, 0, 0]),
  )
}
const READ = [0x41, 0, 0x41, 0, 0x41, 1, 0x41, 4, 0x10, 0, 0x1a]
const WRITE = [0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 1, 0x1a]
const exit = (code: number) => [0x41, code, 0x10, 2]

const GUEST: GuestSpec = {
  ...ANY_GUEST,
  collect: ['/etc/hostname'],
  deterministic: { seed: 1, epoch: 0 },
}
const ROOT = buildLayerView([[directoryEntry('/'), directoryEntry('/etc')]]).parts
/** As every image has it: nothing is in the way of what a container finds. */
const PLAIN_ROOT = buildLayerView([
  ['/', '/proc', '/dev', '/sys', '/sys/fs', '/sys/fs/cgroup', '/etc'].map((path) =>
    directoryEntry(path),
  ),
]).parts
const run = (code: readonly number[], more: Partial<GuestSpec> = {}, stdin = '') =>
  runInline(guestOf(code), ROOT, { ...GUEST, ...more }, Buffer.from(stdin))

describe('a guest on this thread', () => {
  it('reads what it is given and writes it out again', () => {
    // The read length goes to 4, which is the length of the buffer that is then written.
    const done = run([...READ, ...WRITE], {}, 'echo')
    expect(Buffer.from(done.stdout).toString()).toBe('echo')
    expect(done).toMatchObject({ exitCode: 0, reason: 'exit', message: undefined })
    expect(done.usage.syscalls).toBe(2)
  })
  it('ends with the code of proc_exit, and nothing after it runs', () => {
    const done = run([...exit(7), ...WRITE])
    expect(done).toMatchObject({ exitCode: 7, reason: 'exit' })
    expect(done.stdout).toHaveLength(0)
  })
  it('ends with 134 for a trap, in its own words', () => {
    const done = run([0x00])
    expect(done).toMatchObject({ exitCode: 134, reason: 'trap' })
    expect(done.message).toMatch(/^trap: unreachable, in function \d+ at 0x[0-9a-f]+$/)
  })
  it('ends with 137 when its fuel is gone', () => {
    const limits = { ...DEFAULT_LIMITS, fuel: 10_000n }
    const done = run([0x03, 0x40, 0x0c, 0, 0x0b], { limits })
    expect(done).toMatchObject({ exitCode: 137, reason: 'fuel' })
  })
  it('uses the same fuel each time, to the last unit', () => {
    const fuel = () => run([...READ, ...WRITE, ...exit(0)], {}, 'x').usage.fuel
    expect(fuel()).toBe(fuel())
    expect(fuel()).toBeGreaterThan(400n)
  })
  it('finds its host name in /etc, and hands its files out', () => {
    const done = run([])
    expect(Buffer.from(done.files.get('/etc/hostname') ?? []).toString()).toBe('box\n')
  })
  it('finds the same whether its root was furnished at the start or when it first looks', () => {
    const collect = [
      '/etc/hostname',
      '/etc/hosts',
      '/etc/resolv.conf',
      '/proc/mounts',
      '/proc/1/comm',
    ]
    const texts = (more: Partial<GuestSpec>) => {
      const { files } = runInline(guestOf([]), PLAIN_ROOT, { ...GUEST, collect, ...more })
      return [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
    }
    const atFirstLook = texts({})
    expect(atFirstLook.map(([path]) => path)).toEqual(collect)
    // What is put in by hand must be there before anybody looks.
    const bytes = new Uint8Array(1)
    expect(texts({ files: [{ path: '/own', bytes, mode: 0o644 }] })).toEqual(atFirstLook)
  })
  it('holds nothing of a root that it never looks at', () => {
    const peak = (more: Partial<GuestSpec>) =>
      runInline(guestOf(READ), PLAIN_ROOT, { ...GUEST, collect: [], ...more }).usage.peakDisk
    const files = [{ path: '/own', bytes: new Uint8Array(), mode: 0o644 }]
    expect([peak({}), peak({ files }) > 0]).toEqual([0, true])
  })
  it('keeps the memory for what it has not put in yet', () => {
    const held = (more: Partial<GuestSpec>) =>
      runInline(guestOf([]), PLAIN_ROOT, { ...GUEST, collect: [], ...more }).usage.peakMemory
    const inode = 1_536
    const files = [{ path: '/own', bytes: new Uint8Array(), mode: 0o644 }]
    expect(held({})).toBe(held({ files }) - inode)
  })
  it('is refused when it starts with more memory than it may have', () => {
    const limits = { ...DEFAULT_LIMITS, memory: 1 }
    expect(() => run([], { limits })).toThrow(/more than its limit|cannot prepare/)
  })
})

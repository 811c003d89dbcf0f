import { describe, expect, it } from 'vitest'
import { HostBlock } from '../../../src/thread/host-block.ts'

/** The same block, as its owner and as the cell's main thread see it. */
function blocks() {
  const host = HostBlock.create(1)
  return { owner: host.control(0), main: host.control(0) }
}
const COUNTERS = {
  fuel: 2n ** 40n + 3n,
  memory: 3 * 65_536 + 1,
  memoryLimit: 64 * 2 ** 20,
  syscalls: 2 ** 33,
  readBytes: 2 ** 41,
  writtenBytes: 5,
  cpuMs: 12.5,
  processes: 3,
}

describe('a control block', () => {
  it('tells others what its owner has published', () => {
    const { owner, main } = blocks()
    owner.begin()
    owner.enter('running')
    owner.publish(COUNTERS, 1_000)
    owner.publish({ ...COUNTERS, fuel: COUNTERS.fuel + 1n }, 1_001.5)
    expect(main.stats()).toEqual({
      state: 'running',
      fuel: 2n ** 40n + 4n,
      cpuMs: 12.5,
      memory: 4 * 65_536,
      memoryLimit: 64 * 2 ** 20,
      syscalls: 2 ** 33,
      readBytes: 2 ** 41,
      writtenBytes: 5,
      processes: 3,
      safepoints: 2,
      safepointUs: 1_500,
    })
  })
  it('has no limit of memory where there is none', () => {
    const { owner, main } = blocks()
    owner.publish({ ...COUNTERS, memoryLimit: Number.POSITIVE_INFINITY }, 1)
    expect(main.stats().memoryLimit).toBe(Number.POSITIVE_INFINITY)
  })
  it('keeps the first reason for which a process is condemned', () => {
    const { owner, main } = blocks()
    expect([owner.raised(), owner.condemned()]).toEqual([false, undefined])
    main.condemn('timeout')
    main.condemn('killed')
    expect([owner.raised(), owner.condemned()]).toEqual([true, { reason: 'timeout', signal: 0 }])
  })
  it('says nothing of its last process to the next', () => {
    const { owner, main } = blocks()
    owner.begin()
    owner.publish(COUNTERS, 1_000)
    owner.thread = 77
    main.condemn('killed')
    main.free()
    expect(main.stats()).toEqual({
      state: 'free',
      fuel: 0n,
      cpuMs: 0,
      memory: 0,
      memoryLimit: Number.POSITIVE_INFINITY,
      syscalls: 0,
      readBytes: 0,
      writtenBytes: 0,
      processes: 0,
      safepoints: 0,
      safepointUs: 0,
    })
    expect([owner.raised(), owner.condemned(), owner.thread]).toEqual([false, undefined, 77])
    // The time between two publishings is not counted across two processes.
    owner.begin()
    owner.publish(COUNTERS, 9_000)
    expect(main.stats().safepointUs).toBe(0)
  })
  it('counts its processes, so that a handle of an old one fits no more', () => {
    const { owner, main } = blocks()
    const before = main.generation
    main.free()
    expect(owner.generation).toBe(before + 1)
  })
})

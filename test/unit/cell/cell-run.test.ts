import { describe, expect, it } from 'vitest'
import { CellRun } from '../../../src/cell/cell-run.ts'
import { DrainTurns } from '../../../src/cell/drain-turns.ts'
import { KEEPING_MS, WEDGED_MS } from '../../../src/cell/seated-process.ts'
import type { SeatTask, WorkerSeat } from '../../../src/cell/worker-seat.ts'
import type { Limits } from '../../../src/contract/limits.ts'
import { createRing, RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import type { ProcessOutcome } from '../../../src/thread/process-task.ts'
import { GUEST } from '../../support/cell-jobs.ts'

const GRACE_MS = 100

/** A run on a worker that does nothing by itself, and timers that pass when the test says so. */
function runOn() {
  const control = HostBlock.create(1).control(0)
  const output = createRing(64)
  const log: string[] = []
  const timers: { readonly ms: number; readonly then: () => void; off: boolean }[] = []
  let outcome: ProcessOutcome | undefined
  const quiet = (): void => {}
  const seat = {
    slot: 0,
    control,
    streams: () => ({
      stdout: new RingReader(output, quiet),
      stderr: new RingReader(output, quiet),
    }),
    begin: ({ guest }: SeatTask) => log.push(`begin ${guest.limits.pids}`),
    update: ({ pids }: Partial<Limits>) => log.push(`update ${pids}`),
    wake: quiet,
    unasked: quiet,
    ask: () => Promise.resolve(undefined),
    outcome: () => outcome,
    closeOutput: () => new RingWriter(output, quiet).close(),
    terminate: () => log.push('terminate'),
  } as unknown as WorkerSeat // what a run uses of one
  const job = { guest: GUEST, stdin: undefined, stdout: quiet, stderr: quiet }
  const digest = { digest: 'd' }
  const run = new CellRun({
    pid: 1,
    job: { ...job, module: digest, root: { key: 'r' } },
    module: digest as never, // not looked into
    root: { key: 'r' } as never, // nor this
    startExec: () => {
      throw new Error('no test asks for this')
    },
    startChild: () => undefined,
    programs: undefined as never, // no kernel orders anything
    seated: {
      killGraceMs: GRACE_MS,
      turns: new DrainTurns({ nextTurn: setImmediate, later: quiet }),
      othersBegin: () => false,
      after: (ms, then) => {
        const timer = { ms, then, off: false }
        timers.push(timer)
        return () => {
          timer.off = true
        }
      },
      seated: quiet,
      unqueue: () => false,
      over: (_, its, back) =>
        log.push(`over ${its === undefined ? 'without' : 'with'} seat ${back}`),
    },
  })
  return {
    run,
    seat,
    control,
    log,
    /** The timer that was set last goes off, unless it was taken back. */
    elapse: (ms: number) => {
      const timer = timers.pop()
      expect(timer?.ms).toBe(ms)
      if (timer?.off === false) timer.then()
    },
    report: (given: ProcessOutcome) => {
      outcome = given
      new RingWriter(output, quiet).close()
      run.pump()
    },
  }
}

describe('a run whose worker does not end', () => {
  it('is given up with its seat, which is not given to anybody again', async () => {
    const { run, seat, control, log, elapse } = runOn()
    run.sit(seat)
    run.kill('timeout')
    expect(control.condemned()?.reason).toBe('timeout')
    elapse(GRACE_MS)
    elapse(WEDGED_MS)
    expect(log).toEqual(['begin 64', 'terminate', 'over with seat false'])
    expect(await run.ended).toMatchObject({ reason: 'timeout', exitCode: 137 })
    // Should the thread end after all, nothing happens twice.
    run.workerGone()
    expect(log).toHaveLength(3)
  })
  it('but ends after all within the time has its own end, and keeps its seat', async () => {
    const { run, seat, log, elapse, report } = runOn()
    run.sit(seat)
    run.kill('killed')
    report({ ok: false, code: 'INVALID_MOUNT', message: 'planted' })
    elapse(GRACE_MS)
    expect(log).toEqual(['begin 64', 'over with seat true'])
    await expect(run.ended).rejects.toMatchObject({ code: 'INVALID_MOUNT', message: 'planted' })
  })
  it('while its process is over and its files are on their way to disk has longer, not for ever', () => {
    const { run, seat, control, log, elapse } = runOn()
    run.sit(seat)
    run.kill('killed')
    control.enter('zombie')
    elapse(GRACE_MS)
    expect(log).toEqual(['begin 64'])
    elapse(KEEPING_MS)
    expect(log).toEqual(['begin 64', 'terminate'])
  })
})

describe('a run that is asked', () => {
  it('keeps nothing of the question while it lives on', async () => {
    const { run, seat } = runOn()
    run.sit(seat)
    let waits = 0
    const gone = new Promise<void>(() => undefined)
    const waited = (): Promise<void> => {
      waits += 1
      return gone
    }
    Object.defineProperty(run, 'gone', { get: waited })
    await run.ask({ verb: 'signal', member: undefined, signal: 1 })
    expect(waits).toBe(0)
  })
})

describe('a run for which no thread can be started', () => {
  it('fails', async () => {
    const { run, log } = runOn()
    run.fail()
    await expect(run.ended).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(log).toEqual(['over without seat false'])
  })
})

describe('a run that is paused before it has a worker', () => {
  it('stands still at once, and its worker gets nothing to do until it is let go on', async () => {
    const { run, seat, control, log, report } = runOn()
    await run.pause()
    run.sit(seat)
    await run.pause()
    run.update({ pids: 3 })
    expect([log, control.raised()]).toEqual([[], false])
    run.unpause()
    expect(log).toEqual(['begin 3'])
    report({ ok: false, code: 'INVALID_MOUNT', message: 'planted' })
    await expect(run.ended).rejects.toMatchObject({ code: 'INVALID_MOUNT' })
  })
  it('goes to its worker when it is killed, which ends it', async () => {
    const { run, seat, control, log, report } = runOn()
    await run.pause()
    run.sit(seat)
    run.kill('killed')
    expect([log, control.condemned()?.reason]).toEqual([['begin 64'], 'killed'])
    report({ ok: false, code: 'INVALID_MOUNT', message: 'planted' })
    await expect(run.ended).rejects.toThrow('planted')
  })
})

describe('the pause of a run', () => {
  const hasSettled = async (still: Promise<void>): Promise<boolean> => {
    const later = new Promise<false>((resolve) => {
      setImmediate(() => resolve(false))
    })
    return await Promise.race([still.then(() => true), later])
  }
  it.each(['paused', 'blocked'] as const)('is answered once its process is %s', async (state) => {
    const { run, seat, control } = runOn()
    run.sit(seat)
    control.enter('running')
    const still = run.pause()
    expect([control.pausing(), await hasSettled(still)]).toEqual([true, false])
    control.enter(state)
    run.pump()
    expect(await hasSettled(still)).toBe(true)
    run.kill('killed')
  })
  it.each([
    ['it is let go on', (run: CellRun) => run.unpause()],
    ['its thread is gone', (run: CellRun) => run.workerGone()],
  ])('is answered when %s', async (_, happens) => {
    const { run, seat, control } = runOn()
    run.sit(seat)
    control.enter('running')
    const still = run.pause()
    happens(run)
    expect(await hasSettled(still)).toBe(true)
  })
  it('and its limits are nobody’s once it is over: another may sit there', async () => {
    const { run, seat, control, log, report } = runOn()
    run.sit(seat)
    report({ ok: false, code: 'INVALID_MOUNT', message: 'planted' })
    await expect(run.ended).rejects.toThrow('planted')
    control.free()
    control.pause()
    await run.pause()
    run.unpause()
    run.update({ pids: 3 })
    expect([control.pausing(), log.at(-1)]).toEqual([true, 'over with seat true'])
  })
})

import { expect, it } from 'vitest'
import { CellExec } from '../../../src/cell/cell-exec.ts'
import { DrainTurns } from '../../../src/cell/drain-turns.ts'
import { processGone } from '../../../src/cell/refusals.ts'
import { WEDGED_MS } from '../../../src/cell/seated-process.ts'
import type { SeatSecondary, WorkerSeat } from '../../../src/cell/worker-seat.ts'
import { createRing, RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import type { Attached } from '../../../src/thread/live-tree.ts'
import { GUEST } from '../../support/cell-jobs.ts'

const GRACE_MS = 100
const ATTACHED: Attached = { environment: ['HOME=/'], pipes: undefined }

/** A process on a worker and beside a kernel that do nothing by themselves. */
function execOn() {
  const control = HostBlock.create(1).control(0)
  const output = createRing(64)
  const log: string[] = []
  const timers: { readonly ms: number; readonly then: () => void }[] = []
  const questions: { settle: (error?: Error) => void }[] = []
  const quiet = (): void => {}
  let queued = true
  const seat = {
    slot: 0,
    control,
    streams: () => ({
      stdout: new RingReader(output, quiet),
      stderr: new RingReader(output, quiet),
    }),
    member: () => ({}),
    beginSecondary: ({ spec }: SeatSecondary) => log.push(`begin ${spec.environment.join()}`),
    update: () => log.push('update'),
    wake: quiet,
    outcome: () => undefined,
    closeOutput: () => {
      log.push('close output')
      new RingWriter(output, quiet).close()
    },
    terminate: () => log.push('terminate'),
  } as unknown as WorkerSeat // what a process uses of one
  const exec = new CellExec({
    pid: 2,
    member: 2,
    module: { digest: 'd', manifest: { imports: [] } } as never, // no more is looked into
    job: {
      module: { digest: 'd' },
      exec: { args: ['a'], environment: [], workingDirectory: '/', user: '', terminal: undefined },
      stdin: undefined,
      stdout: quiet,
      stderr: quiet,
    },
    container: {
      ask: ({ verb }) => {
        log.push(verb)
        // Every question is answered as if it were the first.
        return new Promise<never>((resolve, reject) => {
          const settle = (error?: Error): void => {
            if (error === undefined) resolve(ATTACHED as never)
            else reject(error)
          }
          questions.push({ settle })
        })
      },
      kernelSlot: 5,
      spent: quiet,
      fuel: undefined,
      outOfFuel: quiet,
      wake: quiet,
      guest: GUEST,
    },
    seated: {
      killGraceMs: GRACE_MS,
      turns: new DrainTurns({ nextTurn: setImmediate, later: quiet }),
      othersBegin: () => false,
      after: (ms, then) => {
        timers.push({ ms, then })
        return quiet
      },
      seated: () => {
        queued = false
      },
      unqueue: () => queued,
      over: (_, its, back) =>
        log.push(`over ${its === undefined ? 'without' : 'with'} seat ${back}`),
    },
  })
  return {
    exec,
    seat,
    control,
    log,
    /** The kernel answers the oldest question. */
    answer: async (error?: Error) => {
      questions.shift()?.settle(error)
      await new Promise((resolve) => setImmediate(resolve))
    },
    elapse: (ms: number) => {
      const timer = timers.pop()
      expect(timer?.ms).toBe(ms)
      timer?.then()
    },
  }
}

it('begins when its kernel knows of it, with the environment it is told', async () => {
  const { exec, seat, log, answer } = execOn()
  exec.sit(seat)
  exec.update({ pids: 3 })
  await answer()
  exec.update({ pids: 3 })
  expect(log).toEqual(['attach', 'begin HOME=/', 'update'])
})

it('killed before its kernel has answered, it never begins and is forgotten again', async () => {
  const { exec, seat, log, answer } = execOn()
  exec.sit(seat)
  exec.kill('timeout')
  await answer()
  expect(await exec.ended).toMatchObject({ reason: 'timeout', exitCode: 137 })
  await answer()
  // Its output was never open, and the seat may be another's by now.
  expect(log).toEqual(['attach', 'detach', 'over with seat true'])
})

it('killed, and then refused by its kernel, it was killed', async () => {
  const { exec, seat, log, answer } = execOn()
  exec.sit(seat)
  exec.kill('killed')
  await answer(processGone())
  expect(await exec.ended).toMatchObject({ reason: 'killed', exitCode: 137 })
  expect(log).toEqual(['attach', 'over with seat true'])
})

it('is refused when its container ends before it has a worker', async () => {
  const { exec, log } = execOn()
  exec.containerEnded()
  await expect(exec.ended).rejects.toMatchObject({ code: 'PROCESS_GONE' })
  expect(log).toEqual(['over without seat false'])
})

it('does not hold up a pause before it begins, and begins when that is over', async () => {
  const { exec, seat, log, answer } = execOn()
  exec.sit(seat)
  await exec.pause()
  await answer()
  await exec.pause()
  expect(log).toEqual(['attach'])
  exec.unpause()
  expect(log).toEqual(['attach', 'begin HOME=/'])
})

it('whose thread dies while its kernel has not answered is forgotten when it has', async () => {
  const { exec, seat, log, answer } = execOn()
  exec.sit(seat)
  exec.workerGone()
  expect(await exec.ended).toMatchObject({ reason: 'lost', exitCode: 137 })
  await answer()
  expect(log.filter((what) => what !== 'close output')).toEqual([
    'attach',
    'over without seat true',
    'detach',
  ])
})

it('whose thread cannot be ended keeps its seat, and is told of', async () => {
  const { exec, seat, log, answer, elapse } = execOn()
  exec.sit(seat)
  await answer()
  exec.containerEnded()
  elapse(GRACE_MS)
  elapse(WEDGED_MS)
  expect(await exec.ended).toMatchObject({ reason: 'killed', exitCode: 137 })
  expect(log).toEqual(['attach', 'begin HOME=/', 'terminate', 'detach', 'over with seat false'])
})

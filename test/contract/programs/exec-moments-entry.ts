import { workerData } from 'node:worker_threads'
import { RingWriter } from '../../../src/thread/byte-ring.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import type { Seat } from '../../../src/thread/process-task.ts'
import { type RunTasks, serve } from '../../../src/thread/process-worker.ts'
import { runSecondary } from '../../../src/thread/run-secondary.ts'

/** Where a process beside PID 1 may be when it is ended. */
export type ExecMoment = 'starting' | 'guest code' | 'a call on its way' | 'an answer there'

/** For good: nothing but the end of the thread ends it. */
const sleepForEver = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const seat = workerData as Seat // what the cell hands over
const mark = (): void => new HostBlock(seat.host).mark(seat.slot)

/**
 * The worker entry of the product, but for a secondary that is told by its environment to stop at a
 * moment. There it says `here` on stderr, once, and goes on when a flag is up; a deaf one never hears
 * of it.
 */
const secondary: RunTasks['secondary'] = (run, product) => {
  const environment = new Map(
    run.spec.environment.map((entry) => entry.split('=') as [string, string]),
  )
  const moment = environment.get('MOMENT') as ExecMoment | undefined
  const deaf = environment.get('DEAF') === '1'
  const { control, waiter } = product
  let said = false
  const stop = (at: ExecMoment): void => {
    if (moment !== at || said) return
    said = true
    // Its kernel writes nothing there: its guest does not.
    new RingWriter(seat.stderr, mark).write(Buffer.from('here'))
    if (deaf) sleepForEver()
    waiter.park(() => control.raised(), Number.POSITIVE_INFINITY)
  }
  stop('starting')
  return runSecondary(run, {
    ...product,
    control: {
      raised: () => control.raised(),
      condemned: () => control.condemned(),
      pausing: () => control.pausing(),
      takeSignals: () => control.takeSignals(),
      changedLimits: () => control.changedLimits(),
      publish: (counters) => {
        control.publish(counters)
        if (counters.fuel > 5_000_000n) stop('guest code')
      },
    },
    waiter: {
      park: (changed, deadline, as) => {
        stop('a call on its way')
        const answer = waiter.park(changed, deadline, as)
        stop('an answer there')
        return answer
      },
    },
  })
}

await serve(seat, { secondary })

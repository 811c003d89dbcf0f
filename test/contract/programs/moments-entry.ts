import { workerData } from 'node:worker_threads'
import type { GuestPorts } from '../../../src/thread/guest-ports.ts'
import type { Seat } from '../../../src/thread/process-task.ts'
import { type RunTasks, serve } from '../../../src/thread/process-worker.ts'
import { runGuest } from '../../../src/thread/run-guest.ts'

/** Where a process may be when it is killed. */
export type Moment =
  | 'starting'
  | 'guest code'
  | 'park in read'
  | 'park in poll'
  | 'park on a full ring'
  | 'host call'
  | 'hand-back'

/** For good: nothing but the end of the thread ends it. */
const sleepForEver = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/**
 * The worker entry of the product, but for a process that is told by its environment to stop at a
 * moment. There it says `here` on stderr, once, and goes on when it is condemned; a deaf one never
 * hears of it.
 */
const init: RunTasks['init'] = (run, product) => {
  const environment = new Map(
    run.guest.environment.map((entry) => entry.split('=') as [string, string]),
  )
  const moment = environment.get('MOMENT') as Moment | undefined
  const deaf = environment.get('DEAF') === '1'
  let said = false
  const here = (): void => {
    if (said) return
    said = true
    product.stderr.write(Buffer.from('here'))
    // A sleep that is over at once: before it, others are told.
    product.waiter.park(() => true, 0)
  }
  const stop = (): void => {
    here()
    if (deaf) sleepForEver()
    product.waiter.park(() => product.control.raised(), Number.POSITIVE_INFINITY)
  }
  const { stdout, waiter, control } = product
  const ports: GuestPorts = {
    ...product,
    control: {
      raised: () => !deaf && control.raised(),
      condemned: () => (deaf ? undefined : control.condemned()),
      pausing: () => !deaf && control.pausing(),
      takeSignals: () => control.takeSignals(),
      changedLimits: () => control.changedLimits(),
      publish: (counters) => control.publish(counters),
    },
    stdout: {
      room: () => stdout.room(),
      write: (from) => {
        if (moment === 'host call') stop()
        const count = stdout.write(from)
        if (moment === 'guest code') here()
        return count
      },
    },
    waiter: {
      park: (changed, deadline, as) => {
        if (moment?.startsWith('park') === true) here()
        return waiter.park(changed, deadline, as)
      },
    },
  }
  if (moment === 'starting') stop()
  const end = runGuest(run, ports)
  if (moment === 'hand-back') stop()
  return end
}

await serve(workerData as Seat, { init }) // what the cell hands over

import { pbkdf2Sync } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import type { Seat } from '../../../src/thread/process-task.ts'
import { type RunTasks, serve } from '../../../src/thread/process-worker.ts'
import { runGuest } from '../../../src/thread/run-guest.ts'

/** Faults of our own that no guest may cause, by the guest's first argument. */
const FAULTS: Readonly<Record<string, () => void>> = {
  'worker exits': () => process.exit(3),
  'internal fault': () => {
    throw new TypeError('planted')
  },
  /** Not even terminate() ends it: it is in a call of the host's, for half an hour or so. */
  'cannot be ended': () => void pbkdf2Sync('', '', 2 ** 31 - 1, 64, 'sha512'),
  'heap limit': () => {
    const kept: number[][] = []
    for (;;) kept.push(new Array<number>(2_000_000).fill(kept.length))
  },
  /** The whole process, by the signal with which V8 ends it when it cannot go on. */
  'process abort': () => void process.kill(process.pid, 'SIGABRT'),
}

/** The worker entry of the product, but for the faults. One that comes by input comes later. */
const init: RunTasks['init'] = (run, product) => {
  FAULTS[run.guest.args[0] ?? '']?.()
  const { stdin } = product
  const read = (into: Uint8Array): number | undefined => {
    const count = stdin.read(into)
    FAULTS[new TextDecoder().decode(into.subarray(0, count ?? 0))]?.()
    return count
  }
  return runGuest(run, { ...product, stdin: { read, available: () => stdin.available() } })
}

await serve(workerData as Seat, { init }) // what the cell hands over

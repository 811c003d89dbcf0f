import { Worker } from 'node:worker_threads'

/** The descriptor of the lifeline in a cell's process, behind the channel. */
export const LIFELINE_FD = 4

/** It waits, and holds nothing. */
const HEAP_MB = 16

/**
 * Starts a thread that ends this process when the other end of the lifeline is closed, whatever this
 * thread does: a cell whose loop hangs does not see that its host is gone.
 *
 * @param entry - what the thread starts from, absolute.
 * @param fault - hears of a thread that ended.
 */
export function watchLifeline(entry: string, fault: (error: unknown) => void): Worker {
  const worker = new Worker(entry, {
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  worker.on('error', fault)
  worker.unref()
  return worker
}

import { parentPort } from 'node:worker_threads'
import { threadId } from '../../../src/thread/thread-id.ts'
import { delays } from './delays.ts'
import { Kernel } from './pipe-kernel.ts'
import { type PipePart, SHARED } from './pipe-part.ts'
import { GuestProcess } from './pipe-process.ts'

// One part after another: a thread takes longer to start than most of them.
parentPort?.on('message', (part: PipePart) => {
  const whereabouts = { asleep: part.words, index: SHARED.ASLEEP + part.number }
  Atomics.store(new Int32Array(part.words), SHARED.THREAD + part.number, threadId())
  const delay = delays(part.seed + part.number * 7, part.delay, whereabouts)
  if (part.number === 0) new Kernel(part, delay).run()
  else new GuestProcess(part, delay).run()
  delay('sleeping')
  parentPort?.postMessage('through')
})

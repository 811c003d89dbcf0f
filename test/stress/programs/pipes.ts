import { parentPort, workerData } from 'node:worker_threads'
import { delays } from './delays.ts'
import { Kernel } from './pipe-kernel.ts'
import { type PipePart, SHARED } from './pipe-part.ts'
import { GuestProcess } from './pipe-process.ts'

const part = workerData as PipePart // what the test hands over
const whereabouts = { asleep: part.words, index: SHARED.ASLEEP + part.number }
const delay = delays(part.seed + part.number * 7, part.delay, whereabouts)
if (part.number === 0) new Kernel(part, delay).run()
else new GuestProcess(part, delay).run()
delay('sleeping')
parentPort?.close()

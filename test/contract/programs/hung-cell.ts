import { resolve } from 'node:path'
import { watchLifeline } from '../../../src/cell/lifeline.ts'

// A cell with a fault: its main thread never comes back to its loop.
const thread = watchLifeline(resolve('dist/cell/lifeline-entry.js'), (error) => {
  console.error(error)
})
// Until it hangs, the thread alone would not keep it.
setInterval(() => {}, 60_000)
thread.once('online', () => {
  console.error(`hangs ${process.pid}`)
  for (;;);
})

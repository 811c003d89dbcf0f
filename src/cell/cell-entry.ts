import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CellServer } from './child/serve-cell.ts'
import { createInProcessCell } from './in-process-cell.ts'
import { watchLifeline } from './lifeline.ts'

/** Where the host has put the channel: behind the standard streams. */
const CHANNEL_FD = 3

/** Not process.exit, which waits for workers that cannot be ended. */
const end = (): void => void process.kill(process.pid, 'SIGKILL')

const fault = (error: unknown): void => console.error(error)

watchLifeline(fileURLToPath(new URL('./lifeline-entry.js', import.meta.url)), fault)

/** What a cell's process starts from: an in-process cell, served over the channel. */
const server = new CellServer(new Socket({ fd: CHANNEL_FD }), {
  open: createInProcessCell,
  closed: end,
  fault,
})
// An interrupt at a terminal goes to both; what it means is the host's to say.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.once('SIGTERM', () => void server.close().finally(() => end()))

import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { LIFELINE_FD } from '../lifeline.ts'
import { boundedLines } from './bounded-lines.ts'
import type { CellProcessHandle, Death } from './supervisor.ts'

/** The descriptor of the channel in the cell's process; cell-entry.ts knows it too. */
const CHANNEL_FD = 3
/** From the process's end to the end of its channel, should somebody else still hold that open. */
const LINGER_MS = 500

/** What Node itself needs to start: all that a cell has of its host's environment. */
const NEEDED = process.platform === 'win32' ? ['SystemRoot', 'windir', 'TEMP'] : []

/**
 * By default glibc makes eight arenas for each core, and what the starts of threads leave in one is of no
 * use to the others. Two let as many threads allocate at once as can run.
 */
const ARENAS_PER_CORE = 2

const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(NEEDED.map((name) => [name, process.env[name]])),
  MALLOC_ARENA_MAX: String(ARENAS_PER_CORE * availableParallelism()),
})

const endOf = (child: ChildProcess): Promise<Death> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    // It could not even be started. After a start this comes for a signal that found nobody.
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
  })

/**
 * Starts a cell's process. Its channel is one more pipe beside the standard streams, a socket pair
 * on Unix and a named pipe on Windows; `overlapped` means something on Windows alone. Another, on
 * which nothing is sent, is the cell's lifeline: it is closed when this process is no more.
 *
 * @param said - gets what it writes to stderr, line by line, and not more than an operator can read.
 */
export function spawnCell(entry: string, said: (text: string) => void): CellProcessHandle {
  // Threads that sleep ask for their own collection: thread/idle-heap.ts.
  const child = spawn(process.execPath, ['--expose-gc', entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'overlapped', 'overlapped'],
    env: environment(),
    windowsHide: true,
  })
  // Both are sockets, as every pipe of a child is; asked for above, so they are there.
  const channel = child.stdio[CHANNEL_FD] as Socket
  const stderr = child.stderr as Socket
  const lifeline = child.stdio[LIFELINE_FD] as Socket
  child.unref()
  stderr.unref()
  lifeline.unref()
  lifeline.on('error', () => {})
  const closed = new Promise<void>((resolve) => void channel.once('close', () => resolve()))
  boundedLines(stderr, said)
  const ended = endOf(child)
  // Without a channel it is of no use, and without the process the channel is nobody's.
  void closed.then(() => child.kill('SIGKILL'))
  void ended.then(() => setTimeout(() => channel.destroy(), LINGER_MS).unref())
  return {
    pid: child.pid,
    channel,
    gone: Promise.all([ended, closed]).then(([death]) => death),
    signal: (name) => {
      // Somebody waits for its end now.
      child.ref()
      channel.ref()
      child.kill(name)
    },
  }
}

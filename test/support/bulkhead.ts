import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Images and rewritten modules of the tests, kept from one run to the next. */
export const DATA_DIRECTORY = fileURLToPath(
  new URL('../../node_modules/.cache/bulkhead', import.meta.url),
)

export interface Finished {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

interface How {
  readonly stdin?: Uint8Array | string
  readonly env?: NodeJS.ProcessEnv
  /** Another Node than the one that runs the tests. */
  readonly node?: string
  readonly cwd?: string
}

/** Starts the built CLI as a user would, with a data directory of the tests' own. */
export function startBulkhead(args: readonly string[], how: How = {}) {
  return spawn(how.node ?? process.execPath, ['--', cli, ...args], {
    cwd: how.cwd ?? root,
    env: { ...process.env, BULKHEAD_DATA_DIR: DATA_DIRECTORY, ...how.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs the built CLI to its end. */
export async function bulkhead(args: readonly string[], how: How = {}): Promise<Finished> {
  const child = startBulkhead(args, how)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  // A guest that reads no input ends before we have written ours.
  child.stdin.on('error', () => {})
  child.stdin.end(how.stdin ?? '')
  const closed: unknown[] = await once(child, 'close')
  return {
    // `close` hands over the exit code, or null for a signal.
    code: closed[0] as number | null,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString(),
  }
}

/** Python in a container, with `source` as its program. */
export const python = (source: string, flags: readonly string[] = [], how: How = {}) =>
  bulkhead(['run', ...flags, 'python', '-c', source], how)

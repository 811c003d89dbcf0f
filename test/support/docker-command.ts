import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The unmodified docker client, Debian's docker.io or docker's own. */
const DOCKER = process.env['BULKHEAD_DOCKER'] ?? 'docker'

export interface Done {
  readonly code: number
  /** As latin1: a character is a byte. */
  readonly stdout: string
  readonly stderr: string
}

export interface DockerPlace {
  /** The daemon's, as DOCKER_HOST wants it. */
  readonly address: string
  /** For the client's configuration; it is also where the client runs. */
  readonly directory: string
}

/**
 * Runs the docker client to its end. A client that is not there fails loudly.
 *
 * @param until - of a command that has no end: it is interrupted when its output is like this.
 */
export async function dockerCommand(
  { address, directory }: DockerPlace,
  args: readonly string[],
  stdin: string | Uint8Array = '',
  until?: RegExp,
): Promise<Done> {
  const env = { PATH: process.env['PATH'], HOME: directory, DOCKER_HOST: address }
  const child = spawn(DOCKER, args, { env, cwd: directory })
  const missing = once(child, 'error').then(([error]) => {
    throw new Error(`the docker client is needed for this test: ${String(error)}`)
  })
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('latin1').on('data', (piece: string) => {
      text[stream] += piece
      // Each time: a client that goes on after the first must be told again.
      if (until?.test(text.stdout) === true) child.kill('SIGINT')
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const [code] = (await Promise.race([once(child, 'close'), missing])) as [number]
  return { code, ...text }
}

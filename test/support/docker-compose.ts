import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { DockerPlace, Done } from './docker-command.ts'

/** Debian's, of the package of that name: version 1, over docker-py. */
const COMPOSE = process.env['BULKHEAD_COMPOSE'] ?? 'docker-compose'

/**
 * Runs docker-compose on the project of a directory to its end; what it says of its progress is left out.
 *
 * @throws Error loudly, when it is not there.
 */
export async function dockerCompose(
  { address, directory }: DockerPlace,
  args: readonly string[],
): Promise<Pick<Done, 'code' | 'stdout'>> {
  const env = { PATH: process.env['PATH'], HOME: directory, DOCKER_HOST: address }
  const all = ['--ansi', 'never', '--project-name', 'p', ...args]
  const child = spawn(COMPOSE, all, { env, cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const missing = once(child, 'error').then(([error]) => {
    throw new Error(`docker-compose is needed for this test: ${String(error)}`)
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece
  })
  child.stderr.resume()
  const [code] = (await Promise.race([once(child, 'close'), missing])) as [number]
  return { code, stdout }
}

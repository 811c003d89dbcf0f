import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

/** The unmodified docker client, Debian's docker.io or docker's own. */
const DOCKER = process.env['BULKHEAD_DOCKER'] ?? 'docker'

interface Done {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface DockerClient {
  /** Runs the docker client to its end. A client that is not there fails loudly. */
  run(...args: readonly string[]): Promise<Done>
  /** Standard output of a command that must succeed, without its last newline. */
  ok(...args: readonly string[]): Promise<string>
  /** What a command that must fail says. */
  fails(...args: readonly string[]): Promise<string>
  close(): void
}

/** The docker client for a daemon, with a configuration of its own. */
export function dockerClient(address: string): DockerClient {
  const config = mkdtempSync(join(tmpdir(), 'docker-'))
  const env = { PATH: process.env['PATH'], HOME: config, DOCKER_HOST: address }
  const run = async (...args: readonly string[]): Promise<Done> => {
    const child = spawn(DOCKER, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const missing = once(child, 'error').then(([error]) => {
      throw new Error(`the docker client is needed for this test: ${String(error)}`)
    })
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (piece: string) => {
        text[stream] += piece
      })
    }
    const [code] = (await Promise.race([once(child, 'close'), missing])) as [number]
    return { code, ...text }
  }
  return {
    run,
    ok: async (...args) => {
      const { code, stdout, stderr } = await run(...args)
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, ''])
      return stdout.trimEnd()
    },
    fails: async (...args) => {
      const { code, stderr } = await run(...args)
      expect([args.join(' '), code]).not.toEqual([args.join(' '), 0])
      return stderr
    },
    close: () => rmSync(config, { recursive: true }),
  }
}

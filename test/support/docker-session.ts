import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startDaemon } from './daemon.ts'

/** The unmodified docker client, Debian's docker.io or docker's own. */
const DOCKER = process.env['BULKHEAD_DOCKER'] ?? 'docker'

export interface Done {
  readonly code: number
  /** As latin1: a character is a byte. */
  readonly stdout: string
  readonly stderr: string
}

/** A daemon of its own, and the docker client that talks to it. */
export interface DockerSession {
  /** Runs the client to its end. A client that is not there fails loudly. */
  docker(args: readonly string[], stdin?: string | Uint8Array): Promise<Done>
  /** Standard output of a command that must succeed in silence, without its last newline. */
  ok(...args: readonly string[]): Promise<string>
  /** A directory for the test's own files. */
  readonly directory: string
  readonly port: number
  stop(): Promise<void>
}

export async function dockerSession(): Promise<DockerSession> {
  const directory = mkdtempSync(join(tmpdir(), 'docker-'))
  const daemon = await startDaemon()
  const env = { PATH: process.env['PATH'], HOME: directory, DOCKER_HOST: daemon.address }
  const docker: DockerSession['docker'] = async (args, stdin = '') => {
    const child = spawn(DOCKER, args, { env, cwd: directory })
    const missing = once(child, 'error').then(([error]) => {
      throw new Error(`the docker client is needed for this test: ${String(error)}`)
    })
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('latin1').on('data', (piece: string) => {
        text[stream] += piece
      })
    }
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
    const [code] = (await Promise.race([once(child, 'close'), missing])) as [number]
    return { code, ...text }
  }
  return {
    docker,
    ok: async (...args) => {
      const { code, stdout, stderr } = await docker(args)
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, ''])
      return stdout.trimEnd()
    },
    directory,
    port: daemon.port,
    stop: async () => {
      await daemon.stop()
      rmSync(directory, { recursive: true })
    },
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startDaemon } from './daemon.ts'
import { type Done, dockerCommand } from './docker-command.ts'

/** A daemon of its own, and the docker client that talks to it. */
export interface DockerSession {
  /** As `dockerCommand`. */
  docker(args: readonly string[], stdin?: string | Uint8Array, until?: RegExp): Promise<Done>
  /** Standard output of a command that must succeed in silence, without its last newline. */
  ok(...args: readonly string[]): Promise<string>
  /** A directory for the test's own files. */
  readonly directory: string
  readonly port: number
  /** The daemon's, as DOCKER_HOST wants it. */
  readonly address: string
  stop(): Promise<void>
}

/**
 * @param dataDirectory - the daemon's, if it is to have one that was made before.
 * @param listen - where it is to listen; at a free port unless given.
 */
export async function dockerSession(
  dataDirectory?: string,
  listen?: string,
): Promise<DockerSession> {
  const directory = mkdtempSync(join(tmpdir(), 'docker-'))
  const daemon = await startDaemon(dataDirectory, listen === undefined ? {} : { listen })
  const place = { address: daemon.address, directory }
  const docker: DockerSession['docker'] = (args, stdin, until) =>
    dockerCommand(place, args, stdin, until)
  return {
    docker,
    ok: async (...args) => {
      const { code, stdout, stderr } = await docker(args)
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, ''])
      return stdout.trimEnd()
    },
    directory,
    port: daemon.port,
    address: daemon.address,
    stop: async () => {
      await daemon.stop()
      rmSync(directory, { recursive: true })
    },
  }
}

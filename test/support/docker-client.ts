import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Done, dockerCommand } from './docker-command.ts'

export interface DockerClient {
  /** As `dockerCommand`, its output read as UTF-8. */
  run(...args: readonly string[]): Promise<Done>
  /** Standard output of a command that must succeed, without its last newline. */
  ok(...args: readonly string[]): Promise<string>
  /** What a command that must fail says. */
  fails(...args: readonly string[]): Promise<string>
  close(): void
}

/** The docker client for a daemon, with a configuration of its own. */
export function dockerClient(address: string): DockerClient {
  const directory = mkdtempSync(join(tmpdir(), 'docker-'))
  const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()
  const run = async (...args: readonly string[]): Promise<Done> => {
    const { code, stdout, stderr } = await dockerCommand({ address, directory }, args)
    return { code, stdout: utf8(stdout), stderr: utf8(stderr) }
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
    close: () => rmSync(directory, { recursive: true }),
  }
}

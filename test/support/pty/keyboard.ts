import { expect } from 'vitest'
import type { DockerSession } from '../docker-session.ts'
import { type Step, type Typed, typed } from './typed.ts'

const DOCKER = process.env['BULKHEAD_DOCKER'] ?? 'docker'

/** The docker client at a keyboard; all that was waited for must come. */
export async function atKeyboard(
  session: DockerSession,
  args: readonly string[],
  steps: readonly Step[],
): Promise<Typed> {
  const env = { HOME: session.directory, DOCKER_HOST: session.address }
  const done = await typed([DOCKER, ...args], steps, env)
  expect(done.missing, done.screen).toBeUndefined()
  return done
}

/**
 * An empty line that is edited: what is drawn of one with words in it is not taken for it. A ^D before it
 * would be the end of a file to a line that nobody reads, as on Linux.
 */
export const PROMPT: Step = { until: '# \r\x1b[2C' }
/** A shell of `docker run -it base`, once it asks. */
export const inBase = (session: DockerSession, ...steps: readonly Step[]): Promise<Typed> =>
  atKeyboard(session, ['run', '-it', '--rm', 'base'], [PROMPT, ...steps])
export const line = (text: string): Step => ({ type: `${text}\r` })
/** A line that begins so. */
export const shows = (text: string): Step => ({ until: `\n${text}` })
export const press = (keys: string): Step => ({ type: keys })
/** What `echo` says is never what was typed for it. */
export const say = (word: string): Step => line(`echo "${word}"-$((20+22)) $?`)
export const said = (word: string, status: number): Step => ({
  until: `\n${word}-42 ${status}\r\n`,
})

export const [CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_Z] = ['\x01', '\x03', '\x04', '\x05', '\x1a']

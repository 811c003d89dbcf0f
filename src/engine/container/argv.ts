import { EngineError } from '../../contract/errors.ts'
import type { ImageConfig } from './root-source.ts'

/** A container's command line, and the two halves it is made of. */
export interface CommandLine {
  readonly argv: readonly string[]
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
}

/**
 * Entrypoint and command, as Docker joins them: a new entrypoint drops the image's command, and `[]`
 * or `['']` clear the image's entrypoint.
 *
 * @throws EngineError `INVALID_ARGUMENT`: nothing is left to run.
 * @source engine API reference, 6.1
 */
export function argvOf(
  own: {
    readonly entrypoint?: readonly string[] | undefined
    readonly cmd?: readonly string[] | undefined
  },
  image: ImageConfig,
): CommandLine {
  const given = own.entrypoint?.length === 1 && own.entrypoint[0] === '' ? [] : own.entrypoint
  const entrypoint = given ?? image.Entrypoint
  const ownCmd = own.cmd?.length === 0 ? undefined : own.cmd
  const cmd = ownCmd ?? (own.entrypoint === undefined ? image.Cmd : [])
  const argv = [...entrypoint, ...cmd]
  if (argv.length === 0) throw new EngineError('INVALID_ARGUMENT', 'no command specified')
  return { argv, entrypoint, cmd }
}

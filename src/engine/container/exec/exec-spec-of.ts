import { posix } from 'node:path'
import { EngineError } from '../../../contract/errors.ts'
import type { ExecSpec, GuestSpec } from '../../../contract/guest-spec.ts'
import { UNKNOWN_SIZE } from '../../../contract/terminal.ts'
import { refuseLongArguments, withoutNul } from '../guest-spec-of.ts'
import type { ExecRequest } from './exec.ts'

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

/** The container's variables, the exec's own over them. */
function environmentOf(container: readonly string[], own: readonly string[]): readonly string[] {
  const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? ''
  const variables = new Map(container.map((entry) => [nameOf(entry), entry]))
  for (const entry of own) {
    const name = nameOf(withoutNul('environment', entry))
    if (name === '') throw invalid(`invalid environment variable: ${entry}`)
    if (entry.includes('=')) variables.set(name, entry)
    else variables.delete(name)
  }
  return [...variables.values()]
}

function directoryOf(container: string, own: string): string {
  if (own === '') return container
  if (own.startsWith('/')) return posix.normalize(withoutNul('working directory', own))
  throw invalid(`the working directory '${own}' is invalid, it needs to be an absolute path`)
}

/**
 * What an exec runs, every value checked.
 *
 * @param guest - the container's own, which holds where the request is silent.
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function execSpecOf(guest: GuestSpec, request: ExecRequest): ExecSpec {
  const args = request.cmd.map((argument) => withoutNul('argument', argument))
  if (args.length === 0) throw invalid('No exec command specified')
  const base = request.tty === true ? ['TERM=xterm'] : []
  const environment = environmentOf([...base, ...guest.environment], request.env ?? [])
  refuseLongArguments(args, environment)
  return {
    args,
    environment,
    workingDirectory: directoryOf(guest.workingDirectory, request.workingDir ?? ''),
    user: withoutNul('user', request.user ?? '') || guest.user,
    terminal: request.tty === true ? (request.terminalSize ?? UNKNOWN_SIZE) : undefined,
  }
}

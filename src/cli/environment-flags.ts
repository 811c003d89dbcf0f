import { readFileSync } from 'node:fs'
import { EngineError } from '../contract/errors.ts'

type Environment = Record<string, string>

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

/** One `NAME=value`; a bare `NAME` takes its value from the host, or is left out. */
function assign(text: string, host: Readonly<NodeJS.ProcessEnv>, into: Environment): void {
  const at = text.indexOf('=')
  const name = at === -1 ? text : text.slice(0, at)
  if (name === '' || /\s/.test(name)) {
    throw invalid(`invalid environment variable ${JSON.stringify(text)}: NAME=value is accepted`)
  }
  const value = at === -1 ? host[name] : text.slice(at + 1)
  if (value !== undefined) into[name] = value
}

/** Lines of `NAME=value`; empty lines and lines that begin with `#` say nothing. */
export function parseEnvironmentFile(
  text: string,
  host: Readonly<NodeJS.ProcessEnv>,
  into: Environment,
): void {
  for (const line of text.split(/\r?\n/)) {
    const entry = line.trimStart()
    if (entry !== '' && !entry.startsWith('#')) assign(entry, host, into)
  }
}

/**
 * The environment of `--env-file` and `-e`, later ones winning, `-e` over files.
 *
 * @source docker-run(1), "--env", "--env-file"
 */
export function environmentOf(
  files: readonly string[],
  variables: readonly string[],
  host: Readonly<NodeJS.ProcessEnv>,
): Environment {
  // No prototype: a variable may have any name.
  const environment = Object.create(null) as Environment
  for (const file of files) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      throw invalid(`cannot read --env-file ${file}`)
    }
    parseEnvironmentFile(text, host, environment)
  }
  for (const variable of variables) assign(variable, host, environment)
  return environment
}

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const DEFAULT_REGISTRY = 'https://registry.npmjs.org/'

/** `key=value` lines; variables of the form ${NAME} are taken from the environment. */
function parseNpmrc(text: string, environment: Readonly<NodeJS.ProcessEnv>): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (match?.[1] === undefined) continue
    const value = (match[2] ?? '').replace(/^"(.*)"$/, '$1')
    settings.set(
      match[1],
      value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => environment[name] ?? whole),
    )
  }
  return settings
}

function readNpmrc(path: string, environment: Readonly<NodeJS.ProcessEnv>): Map<string, string> {
  try {
    return parseNpmrc(readFileSync(path, 'utf8'), environment)
  } catch {
    return new Map()
  }
}

/**
 * The registry npm itself would use here: its environment variables, then the .npmrc of the working
 * directory, then the user's; with them credentials of the form `//host/:_authToken`.
 *
 * @source npm documentation, "npmrc"
 */
export function registryOptions(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  directory: string = process.cwd(),
): Record<string, string> {
  const settings = new Map([
    ...readNpmrc(environment['npm_config_userconfig'] ?? join(homedir(), '.npmrc'), environment),
    ...readNpmrc(join(directory, '.npmrc'), environment),
  ])
  const options: Record<string, string> = {}
  for (const [key, value] of settings) {
    if (key.startsWith('//') || key.endsWith('proxy') || key === 'cafile') options[key] = value
  }
  const own = environment['npm_config_registry'] ?? environment['NPM_CONFIG_REGISTRY']
  options['registry'] = own ?? settings.get('registry') ?? DEFAULT_REGISTRY
  return options
}

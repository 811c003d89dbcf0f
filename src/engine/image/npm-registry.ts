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

/** npm's settings, and what its fetch calls them. */
const FETCH_NAMES: ReadonlyMap<string, string> = new Map([
  ['https-proxy', 'httpsProxy'],
  ['proxy', 'proxy'],
  ['noproxy', 'noProxy'],
])
/** A user waits: two more tries within three seconds, not npm's two within a minute. */
const RETRIES = 2
const RETRY_AFTER_MS = { fetchRetryMintimeout: 500, fetchRetryMaxtimeout: 2_000 }

/** Certificates of the file that `cafile` names. A file that cannot be read is left to TLS to miss. */
function certificatesOf(path: string | undefined): { readonly ca: string } | undefined {
  try {
    return path === undefined ? undefined : { ca: readFileSync(path, 'utf8') }
  } catch {
    return undefined
  }
}

/**
 * The registry npm itself would use here: its environment variables, then the .npmrc of the working
 * directory, then the user's; with them registries of scopes, credentials of the form
 * `//host/:_authToken`, proxies and certificates.
 *
 * @source npm documentation, "npmrc"
 */
export function registryOptions(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  directory: string = process.cwd(),
): Record<string, string | number | boolean> & { registry: string } {
  const settings = new Map([
    ...readNpmrc(environment['npm_config_userconfig'] ?? join(homedir(), '.npmrc'), environment),
    ...readNpmrc(join(directory, '.npmrc'), environment),
  ])
  const setting = (name: string): string | undefined => {
    const variable = `npm_config_${name.replaceAll('-', '_')}`
    return environment[variable] ?? environment[variable.toUpperCase()] ?? settings.get(name)
  }
  const options: Record<string, string> = {}
  for (const [key, value] of settings) {
    if (key.startsWith('//') || /^@[^:]+:registry$/.test(key)) options[key] = value
  }
  for (const [name, fetchName] of FETCH_NAMES) {
    const value = setting(name)
    if (value !== undefined) options[fetchName] = value
  }
  return {
    ...options,
    ...certificatesOf(setting('cafile')),
    ...RETRY_AFTER_MS,
    fetchRetries: Number(setting('fetch-retries') ?? RETRIES),
    strictSSL: setting('strict-ssl') !== 'false',
    registry: setting('registry') ?? DEFAULT_REGISTRY,
  }
}

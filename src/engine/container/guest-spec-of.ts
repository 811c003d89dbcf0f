import { posix } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { GuestSpec, InputFile } from '../../contract/guest-spec.ts'
import { MAX_ARGUMENT_BYTES } from '../../contract/limits.ts'
import { limitsOf } from './limits-of.ts'
import { mountsOf } from './mounts-of.ts'
import type { RunSpec } from './run-spec.ts'

/** What the image says, where the caller is silent. */
export interface ImageDefaults {
  readonly argv: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly user: string
  /** The first twelve digits of the container's id. */
  readonly hostname: string
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const encoder = new TextEncoder()
const INPUT_MODE = 0o644
/** Of what can be run: a module, or a script. */
const PROGRAM_MODE = 0o755
const PROGRAM_STARTS = [[0, 0x61, 0x73, 0x6d], [...encoder.encode('#!')]]

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

/** @throws EngineError `INVALID_ARGUMENT`. */
export function withoutNul(what: string, text: string): string {
  if (text.includes('\0')) throw invalid(`${what} must not contain a NUL byte`)
  return text
}

function workingDirectoryOf(path: string): string {
  if (path.startsWith('/')) return absolute('working directory', path)
  throw invalid(`the working directory '${path}' is invalid, it needs to be an absolute path`)
}

function absolute(what: string, path: string): string {
  if (!path.startsWith('/')) throw invalid(`${what} ${JSON.stringify(path)} must be absolute`)
  return posix.normalize(withoutNul(what, path))
}

/** @throws EngineError `INVALID_ARGUMENT`. */
export function variableName(name: string): string {
  if (name !== '' && !name.includes('=')) return name
  throw invalid(`invalid environment variable name ${JSON.stringify(name)}`)
}

/** Docker's own variables, the image's, then the caller's; each name once. */
function environmentOf(
  hostname: string,
  image: readonly string[],
  own: RunSpec['env'] = {},
): readonly string[] {
  const variables = new Map([
    ['PATH', DEFAULT_PATH],
    ['HOSTNAME', hostname],
  ])
  for (const entry of image) {
    const at = entry.indexOf('=')
    variables.set(entry.slice(0, at), entry.slice(at + 1))
  }
  for (const [name, value] of Object.entries(own)) {
    const checked = withoutNul('environment', variableName(name))
    variables.set(checked, withoutNul('environment', value))
  }
  const entries: string[] = []
  for (const [name, value] of variables) entries.push(`${name}=${value}`)
  return entries
}

function filesOf(files: RunSpec['files'] = {}): readonly InputFile[] {
  return Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    return { path: absolute('file', path), bytes, mode: modeOf(bytes) }
  })
}

const ROOT_ALONE: GuestSpec['preopens'] = [['/', '/']]

function preopensOf(preopens: RunSpec['preopens']): GuestSpec['preopens'] {
  if (preopens === undefined) return ROOT_ALONE
  return Object.entries(preopens).map(([name, path]) => [
    withoutNul('preopen', name),
    absolute('preopen', path),
  ])
}

const modeOf = (bytes: Uint8Array): number =>
  PROGRAM_STARTS.some((start) => start.every((byte, at) => bytes[at] === byte))
    ? PROGRAM_MODE
    : INPUT_MODE

/** @throws EngineError `INVALID_ARGUMENT`. */
export function refuseLongArguments(args: readonly string[], environment: readonly string[]): void {
  let bytes = 0
  for (const text of [...args, ...environment]) bytes += Buffer.byteLength(text) + 1
  if (bytes > MAX_ARGUMENT_BYTES) {
    throw invalid(
      `arguments and environment take ${bytes} bytes; at most ${MAX_ARGUMENT_BYTES} are accepted`,
    )
  }
}

/**
 * The plain description of one guest, every value checked.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT` | `INVALID_MOUNT`.
 */
export function guestSpecOf(spec: RunSpec, defaults: ImageDefaults): GuestSpec {
  const args = defaults.argv
  for (const argument of args) withoutNul('argument', argument)
  const hostname = spec.hostname ?? defaults.hostname
  const environment = environmentOf(hostname, defaults.environment, spec.env)
  refuseLongArguments(args, environment)
  const explicit = spec.preopens !== undefined
  const epoch = spec.deterministic?.epoch ?? 0
  return {
    args,
    environment,
    workingDirectory: workingDirectoryOf(spec.cwd ?? defaults.workingDirectory),
    user: spec.user ?? defaults.user,
    hostname,
    domainname: spec.domainname ?? '',
    readOnlyRoot: spec.readOnly ?? false,
    mounts: mountsOf(spec.mounts),
    preopens: preopensOf(spec.preopens),
    personality: explicit ? 'strict' : 'container',
    escapeErrno: spec.escapeErrno === 'ENOTCAPABLE' ? 'NOTCAPABLE' : 'PERM',
    files: filesOf(spec.files),
    collect: (spec.collect ?? []).map((path) => absolute('collected file', path)),
    limits: limitsOf(spec.limits),
    deterministic: spec.deterministic && {
      seed: spec.deterministic.seed,
      epoch: typeof epoch === 'number' ? epoch : epoch.getTime(),
    },
    terminal: spec.terminal,
    init: spec.init ?? false,
  }
}

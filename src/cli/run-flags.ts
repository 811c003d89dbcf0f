import { type Command, Option } from 'commander'
import { EngineError } from '../contract/errors.ts'
import type { OomPolicy } from '../contract/limits.ts'
import type { LimitsSpec, Mount } from '../index.ts'
import { parseDurationMs } from '../std/duration.ts'
import { parseMountFlag, parseTmpfsFlag, parseVolumeFlag } from './mount-flags.ts'

/** The flags of `bulkhead run`, as commander hands them over. */
export interface RunFlags {
  readonly interactive?: boolean
  readonly env: readonly string[]
  readonly envFile: readonly string[]
  readonly volume: readonly string[]
  readonly mount: readonly string[]
  readonly tmpfs: readonly string[]
  readonly workdir?: string
  readonly user?: string
  readonly hostname?: string
  readonly domainname?: string
  readonly readOnly?: boolean
  readonly rootfs?: string
  readonly entrypoint?: string
  readonly memory?: string
  readonly cpus?: string
  readonly fuel?: string
  readonly timeout?: string
  readonly pidsLimit?: string
  readonly storageLimit?: string
  readonly ulimit: readonly string[]
  readonly stopSignal?: string
  readonly oomPolicy?: OomPolicy
  readonly name?: string
  readonly label: readonly string[]
  readonly seed?: string
  readonly epoch?: string
  readonly usage?: boolean
  readonly rm?: boolean
}

const repeated = (flags: string, description: string): Option =>
  new Option(flags, description)
    .default([], 'none')
    .argParser((value: string, previous: readonly string[]) => [...previous, value])

/** Adds the flags in the order docker's own help has them. */
export function addRunFlags(command: Command): Command {
  return command
    .option('-i, --interactive', 'pass standard input through')
    .addOption(repeated('-e, --env <NAME[=VALUE]>', 'set an environment variable'))
    .addOption(repeated('--env-file <FILE>', 'read environment variables from a file'))
    .addOption(repeated('-v, --volume <HOST:PATH[:ro]>', 'bind a host directory or file'))
    .addOption(repeated('--mount <OPTIONS>', 'type=bind|tmpfs,source=…,target=…[,readonly]'))
    .addOption(repeated('--tmpfs <PATH[:OPTIONS]>', 'mount an empty in-memory file system'))
    .option('-w, --workdir <PATH>', 'working directory')
    .option('-u, --user <USER[:GROUP]>', 'names or numbers')
    .option('--hostname <NAME>', 'host name of the container')
    .option('--domainname <NAME>', 'domain name of the container')
    .option('--read-only', 'mount the root file system read-only')
    .option('--rootfs <DIR>', 'with FILE.wasm: a host directory, copied in as the root')
    .option('--entrypoint <PROGRAM>', "replace the image's entrypoint")
    .option('--memory <SIZE>', 'memory limit, such as 64m or 1g')
    .option('--cpus <NUMBER>', 'CPUs it may use, such as 0.5')
    .option('--fuel <UNITS>', 'instructions it may execute before it is killed')
    .option('--timeout <DURATION>', 'time it may take before it is killed, such as 500ms, 10s, 2m')
    .option('--pids-limit <NUMBER>', 'processes it may have')
    .option('--storage-limit <SIZE>', 'bytes it may write outside of binds')
    .addOption(repeated('--ulimit <nofile=N>', 'open files of a process'))
    .option('--stop-signal <SIGNAL>', 'signal that asks it to stop')
    .addOption(
      new Option('--oom-policy <POLICY>', 'over the memory limit: term, kill, or fail').choices([
        'term',
        'kill',
        'fail',
      ]),
    )
    .option('--name <NAME>', 'name of the container')
    .addOption(repeated('-l, --label <KEY[=VALUE]>', 'attach a label'))
    .option('--seed <NUMBER>', 'run deterministically: frozen clocks, seeded randomness')
    .option('--epoch <TIME>', 'where the clocks of a deterministic run stand (ISO 8601 or ms)')
    .option('--usage', 'print what the run cost to standard error')
    .option('--rm', 'accepted for docker scripts: nothing is ever left behind')
}

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

function numberOf(flag: string, text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value))
    throw invalid(`invalid ${flag} ${JSON.stringify(text)}: a number is accepted`)
  return value
}

function fuelOf(text: string): bigint {
  if (!/^\d+$/.test(text)) {
    throw invalid(`invalid --fuel ${JSON.stringify(text)}: a whole number is accepted`)
  }
  return BigInt(text)
}

function timeoutOf(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined) {
    throw invalid(`invalid --timeout ${JSON.stringify(text)}: 500ms, 10s, 2m or 1h are accepted`)
  }
  return ms
}

/** `--ulimit nofile=SOFT[:HARD]`: the soft one holds. */
function openFilesOf(ulimits: readonly string[]): number | undefined {
  let files: number | undefined
  for (const text of ulimits) {
    const match = /^nofile=(\d+)(?::\d+)?$/.exec(text)
    if (match === null) {
      throw invalid(`invalid --ulimit ${JSON.stringify(text)}: nofile=SOFT[:HARD] is accepted`)
    }
    files = Number(match[1])
  }
  return files
}

const given = <K extends string, In, Out>(
  key: K,
  value: In | undefined,
  read: (value: In) => Out,
): { [P in K]?: Out } =>
  // A computed key widens to string; it is exactly K.
  value === undefined ? {} : ({ [key]: read(value) } as { [P in K]?: Out })

export function limitsFrom(flags: RunFlags): LimitsSpec {
  return {
    ...given('memory', flags.memory, (text) => text),
    ...given('disk', flags.storageLimit, (text) => text),
    ...given('cpus', flags.cpus, (text) => numberOf('--cpus', text)),
    ...given('fuel', flags.fuel, fuelOf),
    ...given('timeoutMs', flags.timeout, timeoutOf),
    ...given('pids', flags.pidsLimit, (text) => numberOf('--pids-limit', text)),
    ...given('openFiles', openFilesOf(flags.ulimit), (files) => files),
    ...given('oomPolicy', flags.oomPolicy, (policy) => policy),
  }
}

export const mountsFrom = (flags: RunFlags): readonly Mount[] => [
  ...flags.volume.map(parseVolumeFlag),
  ...flags.mount.map(parseMountFlag),
  ...flags.tmpfs.map(parseTmpfsFlag),
]

/** `KEY=VALUE`, or `KEY` with an empty value. */
export function labelsFrom(flags: RunFlags): Readonly<Record<string, string>> {
  // No prototype: a label may have any name.
  const labels = Object.create(null) as Record<string, string>
  for (const label of flags.label) {
    const at = label.indexOf('=')
    if (at === 0 || label === '') throw invalid(`invalid label ${JSON.stringify(label)}`)
    labels[at === -1 ? label : label.slice(0, at)] = at === -1 ? '' : label.slice(at + 1)
  }
  return labels
}

/** Seed and epoch of a deterministic run; undefined when no seed is given. */
export function determinismFrom(
  flags: RunFlags,
): { readonly seed: number; readonly epoch?: number } | undefined {
  if (flags.seed === undefined) {
    if (flags.epoch !== undefined) throw invalid('--epoch needs --seed')
    return undefined
  }
  const seed = numberOf('--seed', flags.seed)
  if (flags.epoch === undefined) return { seed }
  const epoch = /^\d+$/.test(flags.epoch) ? Number(flags.epoch) : Date.parse(flags.epoch)
  if (Number.isNaN(epoch)) {
    throw invalid(`invalid --epoch ${JSON.stringify(flags.epoch)}: ISO 8601 or ms is accepted`)
  }
  return { seed, epoch }
}

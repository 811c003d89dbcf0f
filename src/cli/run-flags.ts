import { type Command, Option } from 'commander'
import { EngineError } from '../contract/errors.ts'
import type { Mount } from '../index.ts'
import { type LimitFlags, numberOf } from './limit-flags.ts'
import { parseMountFlag, parseTmpfsFlag, parseVolumeFlag } from './mount-flags.ts'

/** The flags of `bulkhead run`, as commander hands them over. */
export interface RunFlags extends LimitFlags {
  readonly interactive?: boolean
  readonly tty?: boolean
  readonly init?: boolean
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
  readonly stopSignal?: string
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
    .option('-t, --tty', 'give it a terminal')
    .option('--init', 'signals have their default actions, as behind an init')
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
    .option(
      '-c, --cpu-shares <NUMBER>',
      'weight when CPUs are short, 2 to 262144; 1024 unless given',
    )
    .option('--cpu-period <MICROSECONDS>', 'period of --cpu-quota, 1000 to 1000000')
    .option('--cpu-quota <MICROSECONDS>', 'CPU time in each period, from 1000')
    .addOption(repeated('--device-read-bps <PATH:RATE>', 'bytes it may read per second, as 1mb'))
    .addOption(repeated('--device-write-bps <PATH:RATE>', 'bytes it may write per second'))
    .addOption(repeated('--device-read-iops <PATH:RATE>', 'reads it may make per second'))
    .addOption(repeated('--device-write-iops <PATH:RATE>', 'writes it may make per second'))
    .option('--fuel <UNITS>', 'instructions it may execute before it is killed')
    .option('--timeout <DURATION>', 'time it may take before it is killed, such as 500ms, 10s, 2m')
    .option('--pids-limit <NUMBER>', 'processes it may have')
    .option('--storage-limit <SIZE>', 'bytes it may write outside of binds')
    .addOption(
      repeated('--ulimit <NAME=SOFT[:HARD]>', 'nofile: open files; fsize: bytes of a file'),
    )
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

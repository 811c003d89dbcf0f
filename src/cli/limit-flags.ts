import { EngineError } from '../contract/errors.ts'
import type { OomPolicy } from '../contract/limits.ts'
import type { LimitsSpec } from '../index.ts'
import { parseDurationMs } from '../std/duration.ts'
import { parseSizeBytes } from '../std/size.ts'

/** The flags of `bulkhead run` that bound a container, as commander hands them over. */
export interface LimitFlags {
  readonly memory?: string
  readonly cpus?: string
  readonly cpuShares?: string
  readonly cpuPeriod?: string
  readonly cpuQuota?: string
  readonly deviceReadBps: readonly string[]
  readonly deviceWriteBps: readonly string[]
  readonly deviceReadIops: readonly string[]
  readonly deviceWriteIops: readonly string[]
  readonly fuel?: string
  readonly timeout?: string
  readonly pidsLimit?: string
  readonly storageLimit?: string
  readonly ulimit: readonly string[]
  readonly oomPolicy?: OomPolicy
}

/** In docker's words: what, for which flag, and what is accepted. */
const invalid = (flag: string, text: string, accepted: string): EngineError =>
  new EngineError(
    'INVALID_ARGUMENT',
    `invalid argument ${JSON.stringify(text)} for "${flag}" flag: ${accepted}`,
  )

export function numberOf(flag: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw invalid(flag, text, 'a number is accepted')
}

function wholeOf(flag: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text)
  throw invalid(flag, text, 'a whole number is accepted')
}

function fuelOf(text: string): bigint {
  if (/^\d+$/.test(text)) return BigInt(text)
  throw invalid('--fuel', text, 'a whole number is accepted')
}

function timeoutOf(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined) throw invalid('--timeout', text, '500ms, 10s, 2m or 1h are accepted')
  return ms
}

/**
 * `PATH:RATE`. A container here is one device to itself, so every path means the same one: that of a
 * mount, `/`, or the host's device that a docker script names. Of several rates the least holds.
 *
 * @source docker-run(1), "--device-read-bps": a device path, and a number with an optional unit
 */
function rateOf(
  flag: string,
  texts: readonly string[],
  read: (text: string) => number | undefined,
  accepted: string,
): number | undefined {
  const rates = texts.map((text) => {
    const at = text.lastIndexOf(':')
    const rate = at === -1 ? undefined : read(text.slice(at + 1))
    if (!text.startsWith('/') || rate === undefined || rate <= 0) {
      throw invalid(flag, text, `PATH:RATE is accepted, with ${accepted}`)
    }
    return rate
  })
  return rates.length === 0 ? undefined : Math.min(...rates)
}

const bytesPerSecond = (flag: string, texts: readonly string[]): number | undefined =>
  rateOf(flag, texts, parseSizeBytes, 'an absolute path and a rate such as 1048576, 512kb or 10mb')

const perSecond = (flag: string, texts: readonly string[]): number | undefined =>
  rateOf(
    flag,
    texts,
    (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
    'an absolute path and a whole number above 0',
  )

/** What docker knows and a WebAssembly guest has no counterpart of. @source setrlimit(2) */
const OTHER_ULIMITS = [
  ...['core', 'cpu', 'data', 'locks', 'memlock', 'msgqueue', 'nice', 'nproc', 'rss', 'rtprio'],
  ...['rttime', 'sigpending', 'stack'],
]
const ULIMITS = { nofile: 'openFiles', fsize: 'fileSize' } as const

type Ulimit = readonly [name: 'openFiles' | 'fileSize', value: number]

/** `NAME=SOFT[:HARD]`: the soft one holds, as no guest can raise it; -1 is no bound. */
function ulimitOf(text: string): readonly Ulimit[] {
  const [, name = '', soft = '', hard = soft] = /^(\w+)=(-1|\d+)(?::(-1|\d+))?$/.exec(text) ?? []
  const accepted = `${Object.keys(ULIMITS).join(' and ')} are accepted, as NAME=SOFT[:HARD]`
  if (OTHER_ULIMITS.includes(name)) throw invalid('--ulimit', text, `no guest has it; ${accepted}`)
  if (name !== 'nofile' && name !== 'fsize') throw invalid('--ulimit', text, accepted)
  const bound = (limit: string): number =>
    limit === '-1' ? Number.POSITIVE_INFINITY : Number(limit)
  if (bound(soft) > bound(hard)) {
    const reason = 'ulimit soft limit must be less than or equal to hard limit'
    throw invalid('--ulimit', text, `${reason}: ${soft} > ${hard}`)
  }
  return soft === '-1' ? [] : [[ULIMITS[name], Number(soft)]]
}

const given = <K extends string, In, Out>(
  key: K,
  value: In | undefined,
  read: (value: In) => Out,
): { [P in K]?: Out } =>
  // A computed key widens to string; it is exactly K.
  value === undefined ? {} : ({ [key]: read(value) } as { [P in K]?: Out })

const asIs = <T>(value: T): T => value

/** @throws EngineError `INVALID_ARGUMENT`, naming the flag, the value and what is accepted. */
export function limitsFrom(flags: LimitFlags): LimitsSpec {
  return {
    ...given('memory', flags.memory, asIs),
    ...given('disk', flags.storageLimit, asIs),
    ...given('cpus', flags.cpus, (text) => numberOf('--cpus', text)),
    ...given('cpuShares', flags.cpuShares, (text) => wholeOf('--cpu-shares', text)),
    ...given('cpuPeriod', flags.cpuPeriod, (text) => wholeOf('--cpu-period', text)),
    ...given('cpuQuota', flags.cpuQuota, (text) => wholeOf('--cpu-quota', text)),
    ...given('readBps', bytesPerSecond('--device-read-bps', flags.deviceReadBps), asIs),
    ...given('writeBps', bytesPerSecond('--device-write-bps', flags.deviceWriteBps), asIs),
    ...given('readIops', perSecond('--device-read-iops', flags.deviceReadIops), asIs),
    ...given('writeIops', perSecond('--device-write-iops', flags.deviceWriteIops), asIs),
    ...given('fuel', flags.fuel, fuelOf),
    ...given('timeoutMs', flags.timeout, timeoutOf),
    ...given('pids', flags.pidsLimit, (text) => numberOf('--pids-limit', text)),
    ...Object.fromEntries(flags.ulimit.flatMap(ulimitOf)),
    ...given('oomPolicy', flags.oomPolicy, asIs),
  }
}

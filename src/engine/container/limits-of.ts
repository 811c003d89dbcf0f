import { EngineError } from '../../contract/errors.ts'
import {
  DEFAULT_LIMITS,
  type IoLimits,
  type Limits,
  MOST_COLLECTED,
  type OomPolicy,
} from '../../contract/limits.ts'
import { parseSizeBytes } from '../../std/size.ts'
import type { LimitsSpec } from './run-spec.ts'

/** A page of linear memory: less cannot hold any guest. Docker's own least is 6 MiB. */
const LEAST_MEMORY = 65_536
const OOM_POLICIES: readonly OomPolicy[] = ['term', 'kill', 'fail']

const invalid = (name: string, value: unknown, accepted: string): EngineError =>
  new EngineError('INVALID_LIMIT', `invalid ${name} ${String(value)}: ${accepted}`)

/** Bytes of a size given as a number or as Docker's size text. */
export function sizeOf(name: string, value: number | string): number {
  const bytes = typeof value === 'string' ? parseSizeBytes(value) : value
  if (bytes === undefined || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw invalid(name, value, 'a number of bytes or a size such as 64m or 1g is accepted')
  }
  return bytes
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw invalid(name, value, `a whole number from ${least} up is accepted`)
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw invalid(name, value, 'a number above 0 is accepted')
}

function fuelOf(value: bigint | number): bigint {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (whole && value > 0) return BigInt(value)
  throw invalid('fuel', value, 'a whole number above 0 is accepted')
}

function policyOf(value: string): OomPolicy {
  const policy = OOM_POLICIES.find((name) => name === value)
  if (policy === undefined)
    throw invalid('OOM policy', value, `${OOM_POLICIES.join(', ')} are known`)
  return policy
}

/** Docker's bounds. @source moby, daemon/daemon_unix.go; opencontainers/cgroups, cpu.shares */
const CPU = { leastUs: 1_000, longestPeriodUs: 1_000_000, leastShares: 2, mostShares: 262_144 }
const NO_QUOTA = -1

function between(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalid(name, value, `a whole number from ${least} to ${most} is accepted`)
}

/** `cpus` and the pair of quota and period say the same thing, so only one of them may be given. */
function bandwidthOf({ cpus, cpuQuota, cpuPeriod }: LimitsSpec) {
  if (cpus === undefined) {
    const quota = given(cpuQuota, NO_QUOTA, (value) =>
      value === NO_QUOTA ? value : count('cpu quota', value, CPU.leastUs),
    )
    return {
      cpuQuota: quota === NO_QUOTA ? undefined : quota,
      cpuPeriod: given(cpuPeriod, DEFAULT_LIMITS.cpuPeriod, (value) =>
        between('cpu period', value, CPU.leastUs, CPU.longestPeriodUs),
      ),
    }
  }
  if (cpuQuota !== undefined || cpuPeriod !== undefined) {
    throw invalid('cpus', cpus, 'either cpus or cpuQuota with cpuPeriod is accepted, not both')
  }
  const { cpuPeriod: period } = DEFAULT_LIMITS
  const quota = Math.round(positive('cpus', cpus) * period)
  if (quota < CPU.leastUs) throw invalid('cpus', cpus, 'a number from 0.01 up is accepted')
  return { cpuQuota: quota, cpuPeriod: period }
}

function rateOf(name: string, value: number | string): number {
  const bytes = sizeOf(name, value)
  if (bytes > 0) return bytes
  throw invalid(name, value, 'more than 0 bytes per second are accepted')
}

const ioOf = ({ readBps, writeBps, readIops, writeIops }: LimitsSpec): IoLimits => ({
  readBps: given(readBps, undefined, (value) => rateOf('readBps', value)),
  writeBps: given(writeBps, undefined, (value) => rateOf('writeBps', value)),
  readIops: given(readIops, undefined, (value) => count('readIops', value, 1)),
  writeIops: given(writeIops, undefined, (value) => count('writeIops', value, 1)),
})

const NAMES: Readonly<Record<keyof LimitsSpec, true>> = {
  memory: true,
  disk: true,
  inodes: true,
  openFiles: true,
  fileSize: true,
  pids: true,
  cpus: true,
  cpuQuota: true,
  cpuPeriod: true,
  cpuShares: true,
  readBps: true,
  writeBps: true,
  readIops: true,
  writeIops: true,
  fuel: true,
  timeoutMs: true,
  collect: true,
  oomPolicy: true,
}

/** What a caller without types has misspelt would bound nothing. */
function mustBeKnown(spec: LimitsSpec): void {
  const unknown = Object.keys(spec).find((name) => !Object.hasOwn(NAMES, name))
  if (unknown === undefined) return
  const known = Object.keys(NAMES).join(', ')
  throw new EngineError('INVALID_LIMIT', `no limit is called ${unknown}: ${known} are accepted`)
}

const given = <In, Out, Fallback>(
  value: In | undefined,
  fallback: Fallback,
  read: (value: In) => Out,
): Out | Fallback => (value === undefined ? fallback : read(value))

/**
 * The limits of one container, every one checked.
 *
 * @throws EngineError `INVALID_LIMIT`, naming the limit, the value and what is accepted.
 */
export function limitsOf(spec: LimitsSpec = {}): Limits {
  mustBeKnown(spec)
  const memory = given(spec.memory, DEFAULT_LIMITS.memory, (value) => sizeOf('memory', value))
  if (memory < LEAST_MEMORY) throw invalid('memory', spec.memory, 'at least 64k is needed')
  return {
    memory,
    disk: given(spec.disk, DEFAULT_LIMITS.disk, (value) => sizeOf('disk', value)),
    inodes: given(spec.inodes, DEFAULT_LIMITS.inodes, (value) => count('inodes', value, 0)),
    openFiles: given(spec.openFiles, DEFAULT_LIMITS.openFiles, (n) => count('open files', n, 1)),
    fileSize: given(spec.fileSize, DEFAULT_LIMITS.fileSize, (size) => sizeOf('file size', size)),
    pids: given(spec.pids, DEFAULT_LIMITS.pids, (value) => count('pids', value, 1)),
    fuel: given(spec.fuel, DEFAULT_LIMITS.fuel, fuelOf),
    ...bandwidthOf(spec),
    cpuShares: given(spec.cpuShares, DEFAULT_LIMITS.cpuShares, (value) =>
      between('cpu shares', value, CPU.leastShares, CPU.mostShares),
    ),
    ...ioOf(spec),
    timeoutMs: given(spec.timeoutMs, DEFAULT_LIMITS.timeoutMs, (ms) => positive('timeout', ms)),
    collect: given(spec.collect, DEFAULT_LIMITS.collect, (size) =>
      between('collect', sizeOf('collect', size), 0, MOST_COLLECTED),
    ),
    oomPolicy: given(spec.oomPolicy, DEFAULT_LIMITS.oomPolicy, policyOf),
  }
}

import { EngineError } from '../../contract/errors.ts'
import { DEFAULT_LIMITS, type Limits, type OomPolicy } from '../../contract/limits.ts'
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

const given = <In, Out>(value: In | undefined, fallback: Out, read: (value: In) => Out): Out =>
  value === undefined ? fallback : read(value)

/**
 * The limits of one container, every one checked.
 *
 * @throws EngineError `INVALID_LIMIT`, naming the limit, the value and what is accepted.
 */
export function limitsOf(spec: LimitsSpec = {}): Limits {
  const memory = given(spec.memory, DEFAULT_LIMITS.memory, (value) => sizeOf('memory', value))
  if (memory < LEAST_MEMORY) throw invalid('memory', spec.memory, 'at least 64k is needed')
  return {
    memory,
    disk: given(spec.disk, DEFAULT_LIMITS.disk, (value) => sizeOf('disk', value)),
    inodes: given(spec.inodes, DEFAULT_LIMITS.inodes, (value) => count('inodes', value, 0)),
    openFiles: given(spec.openFiles, DEFAULT_LIMITS.openFiles, (n) => count('open files', n, 1)),
    pids: given(spec.pids, DEFAULT_LIMITS.pids, (value) => count('pids', value, 1)),
    fuel: given(spec.fuel, DEFAULT_LIMITS.fuel, fuelOf),
    cpus: given(spec.cpus, DEFAULT_LIMITS.cpus, (value) => positive('cpus', value)),
    timeoutMs: given(spec.timeoutMs, DEFAULT_LIMITS.timeoutMs, (ms) => positive('timeout', ms)),
    oomPolicy: given(spec.oomPolicy, DEFAULT_LIMITS.oomPolicy, policyOf),
  }
}

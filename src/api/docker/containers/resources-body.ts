import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import type { RestartPolicy } from '../../../engine/container/restart-policy.ts'
import type { LimitsSpec } from '../../../engine/container/run-spec.ts'

const count = z.number().int().nullish()
const rates = z.array(z.object({ Path: z.string(), Rate: z.number().int() })).nullish()

/** What a create and an update have in common: `Resources` and the restart policy. */
export const resources = {
  Memory: count,
  NanoCpus: count,
  CpuQuota: count,
  CpuPeriod: count,
  CpuShares: count,
  PidsLimit: count,
  BlkioDeviceReadBps: rates,
  BlkioDeviceWriteBps: rates,
  BlkioDeviceReadIOps: rates,
  BlkioDeviceWriteIOps: rates,
  RestartPolicy: z.object({ Name: z.string().nullish(), MaximumRetryCount: count }).nullish(),
}
const schema = z.object(resources)
type Resources = z.output<typeof schema>
type Rates = Resources['BlkioDeviceReadBps']

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

const POLICIES: readonly RestartPolicy['name'][] = ['no', 'always', 'unless-stopped', 'on-failure']

/** @source engine API reference, 15 */
export function restartPolicyOf({ RestartPolicy: given }: Resources): RestartPolicy {
  const name = POLICIES.find((known) => known === (given?.Name || 'no'))
  const maximumRetryCount = given?.MaximumRetryCount ?? 0
  if (name === undefined) {
    throw invalid(
      `invalid restart policy: unknown policy '${given?.Name}'; ` +
        "use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
    )
  }
  if (maximumRetryCount < 0) {
    throw invalid('invalid restart policy: maximum retry count cannot be negative')
  }
  if (maximumRetryCount > 0 && name !== 'on-failure') {
    throw invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'")
  }
  return { name, maximumRetryCount }
}

const LEAST_MEMORY = 6 * 2 ** 20
const NANO = 1_000_000_000

/** A container is one device to itself: of several devices' rates the lowest holds. */
function rateOf(devices: Rates): number | undefined {
  const all = (devices ?? []).map(({ Rate }) => Rate).filter((rate) => rate > 0)
  return all.length === 0 ? undefined : Math.min(...all)
}

/** The limits that are set; Docker's 0 and null say nothing. */
export function limitsOf(body: Resources): LimitsSpec {
  const { Memory, NanoCpus, CpuQuota, CpuPeriod, CpuShares, PidsLimit } = body
  if (Memory && Memory < LEAST_MEMORY) throw invalid('Minimum memory limit allowed is 6MB')
  const readBps = rateOf(body.BlkioDeviceReadBps)
  const writeBps = rateOf(body.BlkioDeviceWriteBps)
  const readIops = rateOf(body.BlkioDeviceReadIOps)
  const writeIops = rateOf(body.BlkioDeviceWriteIOps)
  return {
    ...(Memory && { memory: Memory }),
    ...(NanoCpus && { cpus: NanoCpus / NANO }),
    ...(CpuQuota && { cpuQuota: CpuQuota }),
    ...(CpuPeriod && { cpuPeriod: CpuPeriod }),
    ...(CpuShares && { cpuShares: CpuShares }),
    ...(PidsLimit && PidsLimit > 0 && { pids: PidsLimit }),
    ...(readBps && { readBps }),
    ...(writeBps && { writeBps }),
    ...(readIops && { readIops }),
    ...(writeIops && { writeIops }),
  }
}

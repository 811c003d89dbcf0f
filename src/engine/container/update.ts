import { EngineError } from '../../contract/errors.ts'
import type { Limits } from '../../contract/limits.ts'
import type { Container } from './container.ts'
import type { ContainerSpec } from './container-spec.ts'
import { announce, type ContainerParts, change } from './containers.ts'
import { limitsOf } from './limits-of.ts'
import type { RestartPolicy } from './restart-policy.ts'
import type { LimitsSpec } from './run-spec.ts'

/** What may be changed while a container lives; what is absent stays as it is. */
export interface UpdateRequest {
  readonly limits?: LimitsSpec
  readonly restartPolicy?: RestartPolicy
}

const conflict = (text: string): EngineError => new EngineError('WRONG_STATE', text)
const isSet = (value: number | undefined): boolean => value !== undefined && value > 0

/** `cpus` and its long form do not change into each other. @source moby, container_unix.go */
function refuseMixedCpu(old: LimitsSpec, { cpus, cpuQuota, cpuPeriod }: LimitsSpec): void {
  const cannot = (what: string, because: string): EngineError =>
    conflict(`Conflicting options: ${what} cannot be updated as ${because} has already been set`)
  if (isSet(cpus) && isSet(old.cpuPeriod)) throw cannot('Nano CPUs', 'CPU Period')
  if (isSet(cpus) && isSet(old.cpuQuota)) throw cannot('Nano CPUs', 'CPU Quota')
  if (isSet(cpuPeriod) && isSet(old.cpus)) throw cannot('CPU Period', 'NanoCPUs')
  if (isSet(cpuQuota) && isSet(old.cpus)) throw cannot('CPU Quota', 'NanoCPUs')
}

/** A guest cannot give memory back: a limit below what it holds is refused, as runc does. */
async function refuseLessThanUsed({ run }: Container, { memory }: Limits): Promise<void> {
  const used = (await run?.process.stats())?.memory ?? 0
  if (used <= memory) return
  throw new EngineError(
    'UPDATE_FAILED',
    `unable to set memory limit to ${memory} (current usage: ${used})`,
  )
}

async function changedSpec(container: Container, request: UpdateRequest): Promise<ContainerSpec> {
  const { spec, state } = container.record
  if (state.status === 'removing' || state.status === 'dead') {
    throw conflict('container is marked for removal and cannot be "update"')
  }
  const { limits: wanted = {}, restartPolicy = spec.restartPolicy } = request
  if (spec.autoRemove && restartPolicy.name !== 'no') {
    throw conflict(
      'Restart policy cannot be updated because AutoRemove is enabled for the container',
    )
  }
  refuseMixedCpu(spec.limits, wanted)
  const limits = { ...spec.limits, ...wanted }
  const holds = limitsOf(limits)
  if (wanted.memory !== undefined) await refuseLessThanUsed(container, holds)
  return { ...spec, limits, restartPolicy, guest: { ...spec.guest, limits: holds } }
}

/**
 * Changes limits and restart policy, of a container that runs from its next safepoint on.
 *
 * @throws EngineError `WRONG_STATE` | `UPDATE_FAILED` | `INVALID_LIMIT`.
 * @source docker-update(1); engine API reference, 6.5 and 15
 */
export const update =
  (parts: Pick<ContainerParts, 'store' | 'events'>) =>
  (container: Container, request: UpdateRequest): Promise<void> =>
    container.turn.run(async () => {
      try {
        await change(parts, container, { spec: await changedSpec(container, request) })
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        throw new EngineError(
          error.code,
          `Cannot update container ${container.id}: ${error.message}`,
        )
      }
      container.run?.process.update(container.record.spec.guest.limits)
      announce(parts, container.record, 'update')
    })

import type { ContainerId } from '../../contract/ids.ts'
import type { ContainerState } from '../../contract/state.ts'
import type { ContainerSpec } from './container-spec.ts'
import type { Health } from './health/health-state.ts'

/** Everything that is kept of a container. Replaced as a whole with each change. */
export interface ContainerRecord {
  readonly id: ContainerId
  /** Without a slash. */
  readonly name: string
  readonly created: Date
  readonly spec: ContainerSpec
  readonly state: ContainerState
  /** Restarts by policy since somebody last started it. */
  readonly restartCount: number
  /** A stop or kill came through the API since the last start. */
  readonly stoppedByHand: boolean
  /** Since its first start; absent where it has no check. */
  readonly health?: Health
}

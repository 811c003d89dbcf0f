import type { Host } from '../host/create-host.ts'
import type { PullProgress } from './pull-progress.ts'

/** Opens a host for one command and closes it after. */
export type WithHost = <T>(
  action: (host: Host) => Promise<T>,
  onPull?: (progress: PullProgress) => void,
) => Promise<T>

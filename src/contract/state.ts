/** How a container's last run ended, or why its last start failed. */
export interface Exit {
  /** 0 to 255; 126, 127 or 128 for a start that failed. */
  readonly code: number
  readonly oomKilled: boolean
  /** Docker's `State.Error`; empty when there is nothing to say. */
  readonly error: string
  /** Undefined when the start failed: it never ran. */
  readonly startedAt: Date | undefined
  readonly finishedAt: Date
}

/** Where a container is in its life. Data lives only in the states that have it. */
export type ContainerState =
  /** `last` is set when a start failed. */
  | { readonly status: 'created'; readonly last: Exit | undefined }
  | { readonly status: 'running'; readonly pid: number; readonly startedAt: Date }
  | { readonly status: 'paused'; readonly pid: number; readonly startedAt: Date }
  | { readonly status: 'restarting'; readonly last: Exit; readonly retryAt: Date }
  | { readonly status: 'removing'; readonly last: Exit | undefined }
  | { readonly status: 'exited'; readonly last: Exit }
  | { readonly status: 'dead'; readonly last: Exit | undefined; readonly reason: string }

export type Status = ContainerState['status']

/** What happened. Facts, not requests: `stop` is a verb, `exit` is what it leads to. */
export type ContainerFact =
  | { readonly type: 'start'; readonly pid: number; readonly startedAt: Date }
  /** The start failed. */
  | { readonly type: 'fail'; readonly exit: Exit }
  | { readonly type: 'pause' }
  | { readonly type: 'unpause' }
  /** PID 1 ended, and its restart policy lets it rest. */
  | { readonly type: 'exit'; readonly exit: Exit }
  /** PID 1 ended, and its restart policy wants it again. */
  | { readonly type: 'backoff'; readonly exit: Exit; readonly retryAt: Date }
  /** Stop or kill while it waits to be restarted: no signal is sent. */
  | { readonly type: 'cancel' }
  /** Its worker cannot be ended. A worker or a cell that died is an `exit`. */
  | { readonly type: 'lose'; readonly exit: Exit; readonly reason: string }
  | { readonly type: 'remove' }
  /** The removal failed half-way. */
  | { readonly type: 'stuck'; readonly reason: string }

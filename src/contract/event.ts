export type EventType = 'container' | 'image' | 'network' | 'volume' | 'daemon'

/** Something that happened in the engine, in Docker's words. */
export interface EngineEvent {
  readonly type: EventType
  /** `create`, `start`, `die`, `exec_start: sh -c x` … */
  readonly action: string
  readonly actor: {
    readonly id: string
    readonly attributes: Readonly<Record<string, string>>
  }
  /** ns since 1970, strictly increasing over all events of an engine. */
  readonly timeNano: bigint
}

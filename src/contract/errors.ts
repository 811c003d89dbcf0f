/** Classes of failure. The HTTP API maps each to one status; nothing else does. */
export type ErrorKind =
  | 'InvalidParameter'
  | 'NotFound'
  | 'Conflict'
  | 'Unauthorized'
  | 'Forbidden'
  | 'TooLarge'
  | 'TooSlow'
  | 'NotImplemented'
  | 'Unavailable'
  | 'Unprocessable'
  | 'System'

/** Every code a caller may match on, and its class. A code is a promise; a message is not. */
export const KIND_OF = {
  INVALID_ARGUMENT: 'InvalidParameter',
  INVALID_LIMIT: 'InvalidParameter',
  INVALID_MOUNT: 'InvalidParameter',
  /** Not a WebAssembly module, or one that is refused; the message says why. */
  INVALID_MODULE: 'InvalidParameter',
  INVALID_IMAGE: 'InvalidParameter',
  NO_SUCH_IMAGE: 'NotFound',
  NO_SUCH_CONTAINER: 'NotFound',
  NO_SUCH_EXEC: 'NotFound',
  NO_SUCH_NETWORK: 'NotFound',
  NO_SUCH_VOLUME: 'NotFound',
  NO_SUCH_PLUGIN: 'NotFound',
  /** Predefined networks, subnets that overlap, networks that are in use. */
  NETWORK_FORBIDDEN: 'Forbidden',
  /** All subnets of the default pools, or all addresses of a subnet, are taken. */
  NO_FREE_ADDRESS: 'Unavailable',
  NOT_CONNECTED: 'System',
  /** The beginning of an id fits several. */
  AMBIGUOUS_ID: 'InvalidParameter',
  NAME_IN_USE: 'Conflict',
  /** The container is in a state in which this cannot be done. */
  WRONG_STATE: 'Conflict',
  NOT_PAUSED: 'System',
  /** New limits do not fit what a container that runs holds. */
  UPDATE_FAILED: 'System',
  /** A container could not be started; the text says which of Docker's exit codes it leads to. */
  START_FAILED: 'InvalidParameter',
  /** The same of an exec. */
  EXEC_FAILED: 'InvalidParameter',
  /** The entrypoint is not in the container's file system. */
  NO_SUCH_COMMAND: 'NotFound',
  /** The entrypoint is there, and is nothing that can be run. */
  NOT_EXECUTABLE: 'InvalidParameter',
  NO_SUCH_FILE: 'NotFound',
  /** Nothing is there in the container. */
  NO_SUCH_PATH: 'NotFound',
  /** What was to be unpacked is no archive, or holds what is refused. */
  INVALID_ARCHIVE: 'InvalidParameter',
  /** The process that was to answer has ended meanwhile. */
  PROCESS_GONE: 'Conflict',
  /** The registry or catalogue source did not deliver what was asked, or not what was promised. */
  PULL_FAILED: 'Unavailable',
  /** No worker slot is free. */
  NO_FREE_SLOT: 'Unavailable',
  /** The process in which containers run has died too often, or twice over this very request. */
  CELL_LOST: 'Unavailable',
  NO_SUCH_PAGE: 'NotFound',
  BODY_TOO_LARGE: 'TooLarge',
  /** What a run was to bring back is larger than its limit. */
  FILES_TOO_LARGE: 'TooLarge',
  BODY_TOO_SLOW: 'TooSlow',
  /** The client has gone before it had sent everything. */
  BODY_CUT_SHORT: 'InvalidParameter',
  NOT_IMPLEMENTED: 'NotImplemented',
  /** No token, or another one than the daemon's. */
  UNAUTHORIZED: 'Unauthorized',
  /** A page in a browser asked, not a client of this machine. */
  FORBIDDEN_ORIGIN: 'Forbidden',
  ADDRESS_IN_USE: 'Conflict',
  HOST_CLOSED: 'Conflict',
  /** What was kept of a container's files cannot be read. */
  LAYER_DAMAGED: 'System',
  IMAGE_IN_USE: 'Conflict',
  /** Another daemon has the data directory. */
  DATA_DIRECTORY_IN_USE: 'Conflict',
  /** The database of a data directory is damaged, of a newer version, or another program's. */
  STORE_UNUSABLE: 'System',
  VOLUME_IN_USE: 'Conflict',
  INTERNAL: 'System',
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof KIND_OF

/** An error whose message a client may read: it names no host path and no other tenant. */
export class EngineError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineError'
    this.code = code
  }

  get kind(): ErrorKind {
    return KIND_OF[this.code]
  }
}

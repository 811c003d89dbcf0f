/**
 * Where bytes come from. Never waits: `read` copies up to `into.length` bytes and answers how many;
 * 0 is the end (sticky), undefined means nothing yet.
 */
export interface ByteSource {
  read(into: Uint8Array): number | undefined
  /** Bytes ready now; -1 at the end. */
  available(): number
  /** Another number after each piece that came; absent: what is available tells it. */
  came?(): number
}

/**
 * Where bytes go. Never waits: `write` takes what fits and answers how many; 0 is no room now,
 * undefined means that the reader is gone (EPIPE).
 */
export interface ByteSink {
  write(from: Uint8Array): number | undefined
  /** Room now, in bytes; -1 when the reader is gone. */
  room(): number
  /** Another number after each piece that was taken; absent: the room tells it. */
  taken?(): number
}

/** The standard streams of a process. */
export interface StandardStreams {
  readonly stdin: ByteSource
  readonly stdout: ByteSink
  readonly stderr: ByteSink
}

export type OutputStream = 'stdout' | 'stderr'

/** A line of output with its newline, or a piece of one that was too long or had none. */
export interface LogEntry {
  readonly stream: OutputStream
  /** ns since 1970. */
  readonly time: bigint
  readonly bytes: Uint8Array
}

/**
 * An entry in a log file, little-endian:
 *
 *   u32 length of the bytes   u8 stream (1 stdout, 2 stderr)   u64 time   bytes
 *
 * Length first, so that a file that was cut short by a crash shows where it ends.
 */
const HEADER_BYTES = 13
const STREAMS: readonly (OutputStream | undefined)[] = [undefined, 'stdout', 'stderr']

export function encodeEntry({ stream, time, bytes }: LogEntry): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + bytes.length)
  const view = new DataView(record.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint8(4, STREAMS.indexOf(stream))
  view.setBigUint64(5, time, true)
  record.set(bytes, HEADER_BYTES)
  return record
}

/** The entry at `at`, and where the next one begins; undefined when it is not whole. */
export function decodeEntry(
  file: Uint8Array,
  at: number,
): { readonly entry: LogEntry; readonly next: number } | undefined {
  if (at + HEADER_BYTES > file.length) return undefined
  const view = new DataView(file.buffer, file.byteOffset + at, HEADER_BYTES)
  const from = at + HEADER_BYTES
  const next = from + view.getUint32(0, true)
  const stream = STREAMS[view.getUint8(4)]
  if (next > file.length || stream === undefined) return undefined
  return {
    entry: { stream, time: view.getBigUint64(5, true), bytes: file.subarray(from, next) },
    next,
  }
}

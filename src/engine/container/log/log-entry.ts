export type OutputStream = 'stdout' | 'stderr'

/** Bytes of one stream. */
export interface OutputPiece {
  readonly stream: OutputStream
  readonly bytes: Uint8Array
}

/** A line of output with its newline, or a piece of one that was too long or had none. */
export interface LogEntry extends OutputPiece {
  /** ns since 1970. */
  readonly time: bigint
}

/**
 * An entry in a log file, little-endian:
 *
 *   u32 length of the bytes   u8 stream (1 stdout, 2 stderr)   u64 time   bytes
 *
 * Length first, so that a file that was cut short by a crash shows where it ends.
 */
export const ENTRY_HEADER_BYTES = 13
const STREAMS: readonly (OutputStream | undefined)[] = [undefined, 'stdout', 'stderr']

/** The header of entries of one stream and time, which is another's with another length. */
export function entryHeader(stream: OutputStream, time: bigint) {
  const bytes = new Uint8Array(ENTRY_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(4, STREAMS.indexOf(stream))
  view.setBigUint64(5, time, true)
  return { bytes, length: (count: number): void => view.setUint32(0, count, true) }
}

const lengthAt = (file: Uint8Array, at: number): number =>
  new DataView(file.buffer, file.byteOffset + at).getUint32(0, true)

/** Where the whole entry at `at` ends. */
export const endOfEntry = (file: Uint8Array, at: number): number =>
  at + ENTRY_HEADER_BYTES + lengthAt(file, at)

/** The entry at `at`, and where the next one begins; undefined when it is not whole. */
export function decodeEntry(
  file: Uint8Array,
  at: number,
): { readonly entry: LogEntry; readonly next: number } | undefined {
  if (at + ENTRY_HEADER_BYTES > file.length) return undefined
  const view = new DataView(file.buffer, file.byteOffset + at, ENTRY_HEADER_BYTES)
  const from = at + ENTRY_HEADER_BYTES
  const next = from + view.getUint32(0, true)
  const stream = STREAMS[view.getUint8(4)]
  if (next > file.length || stream === undefined) return undefined
  return {
    entry: { stream, time: view.getBigUint64(5, true), bytes: file.subarray(from, next) },
    next,
  }
}

import type { OutputPiece, OutputStream } from '../../engine/container/log/log-entry.ts'

/** @source engine API reference, 3.1 */
const TYPE: Readonly<Record<OutputStream, number>> = { stdout: 1, stderr: 2 }
const HEADER_BYTES = 8

export const MULTIPLEXED = 'application/vnd.docker.multiplexed-stream'
export const RAW = 'application/vnd.docker.raw-stream'

/** A frame for each, one behind the other: the stream, three zeros, the length big-endian, the bytes. */
export function frames(pieces: readonly OutputPiece[]): Uint8Array {
  const length = pieces.reduce((sum, { bytes }) => sum + HEADER_BYTES + bytes.length, 0)
  const framed = new Uint8Array(length)
  const view = new DataView(framed.buffer)
  let at = 0
  for (const { stream, bytes } of pieces) {
    framed[at] = TYPE[stream]
    view.setUint32(at + 4, bytes.length)
    framed.set(bytes, at + HEADER_BYTES)
    at += HEADER_BYTES + bytes.length
  }
  return framed
}

export const frame = (stream: OutputStream, bytes: Uint8Array): Uint8Array =>
  frames([{ stream, bytes }])

/** Pieces as their client gets them: raw ones have no frames, and one alone, as live output comes, is no copy. */
export function written(raw: boolean, pieces: readonly OutputPiece[]): Uint8Array {
  if (!raw) return frames(pieces)
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first.bytes
  return Buffer.concat(pieces.map(({ bytes }) => bytes))
}

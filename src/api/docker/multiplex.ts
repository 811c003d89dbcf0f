import type { OutputStream } from '../../engine/container/log/log-entry.ts'

/** @source engine API reference, 3.1 */
const TYPE: Readonly<Record<OutputStream, number>> = { stdout: 1, stderr: 2 }
const HEADER_BYTES = 8

export const MULTIPLEXED = 'application/vnd.docker.multiplexed-stream'
export const RAW = 'application/vnd.docker.raw-stream'

/** One frame: the stream, three zeros, the length big-endian, the bytes. */
export function frame(stream: OutputStream, bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + bytes.length)
  framed[0] = TYPE[stream]
  new DataView(framed.buffer).setUint32(4, bytes.length)
  framed.set(bytes, HEADER_BYTES)
  return framed
}

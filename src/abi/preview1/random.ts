import { Errno } from '../../contract/errno.ts'
import { type CallContext, chargeBytes } from './call.ts'

/** Bytes at a time: what Web Crypto gives at most, and what keeps a call short. */
const CHUNK = 65_536

/** Fills the whole buffer; no bytes are fine. @source witx `random_get`; getrandom(2) */
export function randomGet(call: CallContext, buffer: number, length: number): Errno {
  const bytes = call.memory.view(buffer, length)
  if (!bytes.ok) return bytes.errno
  for (let at = 0; at < bytes.value.length; at += CHUNK) {
    call.process.random(bytes.value.subarray(at, at + CHUNK))
  }
  chargeBytes(call, bytes.value.length)
  return Errno.SUCCESS
}

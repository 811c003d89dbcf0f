import { Errno } from '../../contract/errno.ts'
import { blocked } from '../../contract/result.ts'
import { chargeBytes, type LocalContext, type Step, suspended } from './call.ts'

/** What Web Crypto gives at most at a time. */
const CHUNK = 65_536
/** Bytes between two looks at the process's flags: 4 GiB would hold off a kill for seconds. */
const PIECE = 2 ** 20

/** Fills the whole buffer; no bytes are fine. @source witx `random_get`; getrandom(2) */
export function randomGet(call: LocalContext, buffer: number, length: number): Step {
  const left = length >>> 0
  const bytes = call.memory.view(buffer, left)
  if (!bytes.ok) return bytes.errno
  const count = Math.min(left, PIECE)
  chargeBytes(call, count)
  for (let at = 0; at < count; at += CHUNK) {
    call.process.random(bytes.value.subarray(at, Math.min(at + CHUNK, count)))
  }
  return count === left ? Errno.SUCCESS : later(call, (buffer >>> 0) + count, left - count)
}

const later = (call: LocalContext, buffer: number, length: number): Step =>
  suspended(
    blocked(() => true),
    () => randomGet(call, buffer, length),
  )

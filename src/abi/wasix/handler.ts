import { Errno } from '../../contract/errno.ts'
import type { LocalContext } from '../preview1/call.ts'

/** An export's name, as the pass takes it at most. */
const MAX_NAME = 1_024

/**
 * The export `(i32) -> ()` of that name handles signals from now on. It answers nothing: where it
 * fails, there is no handler.
 *
 * @source the guests' reference, 6.1 and 6.3
 */
export function callbackSignal(call: LocalContext, pointer: number, length: number): Errno {
  if (length >>> 0 > MAX_NAME) return Errno.NAMETOOLONG
  const name = call.memory.text(pointer, length)
  if (!name.ok) return name.errno
  return call.handler.set(name.value) ? Errno.SUCCESS : Errno.NOENT
}

import { Errno } from '../../contract/errno.ts'
import {
  changeDirectory,
  changeToOpen,
  workingDirectoryOf,
} from '../../kernel/process/directory.ts'
import { encodeText } from '../guest-memory.ts'
import { type CallContext, chargeText, errnoOf } from '../preview1/call.ts'
import { CWD_FD, pathOf } from '../preview1/locate.ts'

/**
 * Writes a text without a NUL, and its length at `out`. RANGE: it is longer than `size`.
 */
function writeText(
  { memory }: Pick<CallContext, 'memory'>,
  text: string,
  buffer: number,
  size: number,
  out: number,
): Errno {
  const bytes = encodeText(text)
  if (bytes.length > size >>> 0) return Errno.RANGE
  if (!memory.covers(out, 4)) return Errno.FAULT
  const view = memory.view(buffer, bytes.length)
  if (!view.ok) return view.errno
  view.value.set(bytes)
  return memory.writeU32(out, bytes.length)
}

/** @source getcwd(2) */
export function getcwd(call: CallContext, buffer: number, size: number, out: number): Errno {
  const path = workingDirectoryOf(call.process)
  return path.ok ? writeText(call, path.value, buffer, size, out) : path.errno
}

/** @source chdir(2) */
export function chdir(call: CallContext, pointer: number, length: number): Errno {
  const path = pathOf(call, pointer, length)
  if (!path.ok) return path.errno
  chargeText(call, path.value.length)
  return errnoOf(changeDirectory(call.process, path.value))
}

/** @source fchdir(2) */
export const fchdir = ({ process }: CallContext, fd: number): Errno =>
  fd === CWD_FD ? Errno.SUCCESS : errnoOf(changeToOpen(process, fd >>> 0))

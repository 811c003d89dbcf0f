import { Errno } from '../../contract/errno.ts'
import { workingDirectoryOf } from '../../kernel/process/directory.ts'
import { encodeText } from '../guest-memory.ts'
import type { CallContext } from '../preview1/call.ts'

/**
 * The path with a NUL behind it. At `length` is the size of the buffer, then the bytes of the path.
 * RANGE: too small; the size it takes is told.
 *
 * @source the guests' reference, 6.1
 */
export function getcwd({ process, memory }: CallContext, buffer: number, length: number): Errno {
  const size = memory.readU32(length)
  if (!size.ok) return size.errno
  const path = workingDirectoryOf(process)
  if (!path.ok) return path.errno
  const bytes = encodeText(`${path.value}\0`)
  if (bytes.length > size.value) {
    memory.writeU32(length, bytes.length)
    return Errno.RANGE
  }
  const view = memory.view(buffer, bytes.length)
  if (!view.ok) return view.errno
  view.value.set(bytes)
  return memory.writeU32(length, bytes.length - 1)
}

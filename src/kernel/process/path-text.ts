import { Errno, type Failure } from '../../contract/errno.ts'
import { utf8Length } from '../../std/utf8.ts'
import { MAX_NAME_BYTES, MAX_PATH_BYTES } from '../mount/path-walk.ts'

/** What speaks against a path that no call of the ABI has looked at: INVAL (a NUL), NAMETOOLONG. */
export function pathRefusal(path: string): Failure | undefined {
  if (path.includes('\0')) return Errno.INVAL
  if (path.length > MAX_PATH_BYTES || utf8Length(path) > MAX_PATH_BYTES) return Errno.NAMETOOLONG
  const isLong = path.split('/').some((name) => utf8Length(name) > MAX_NAME_BYTES)
  return isLong ? Errno.NAMETOOLONG : undefined
}

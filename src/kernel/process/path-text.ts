import { Errno, type Failure } from '../../contract/errno.ts'
import { MAX_NAME_BYTES, MAX_PATH_BYTES } from '../mount/path-walk.ts'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** What speaks against a path that no call of the ABI has looked at: INVAL (a NUL), NAMETOOLONG. */
export function pathRefusal(path: string): Failure | undefined {
  if (path.includes('\0')) return Errno.INVAL
  if (path.length > MAX_PATH_BYTES || bytesOf(path) > MAX_PATH_BYTES) return Errno.NAMETOOLONG
  const isLong = path.split('/').some((name) => bytesOf(name) > MAX_NAME_BYTES)
  return isLong ? Errno.NAMETOOLONG : undefined
}

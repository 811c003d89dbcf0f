import type { Credentials } from '../../contract/identity.ts'
import type { FileStat } from '../mount/vnode.ts'

/** The bits of one class in a mode. */
export const PERMISSION = { read: 4, write: 2, execute: 1 } as const
const STICKY = 0o1000

type Owned = Pick<FileStat, 'mode' | 'uid' | 'gid'>

const inGroup = (who: Credentials, gid: number): boolean =>
  who.gid === gid || who.groups.includes(gid)

/** The class that applies is the first that fits: an owner without a right does not get the group's. */
function bitsFor(who: Credentials, file: Owned): number {
  if (who.uid === file.uid) return (file.mode >> 6) & 7
  return inGroup(who, file.gid) ? (file.mode >> 3) & 7 : file.mode & 7
}

/**
 * Whether `who` has all of `wanted` (a sum of PERMISSION) on a file. Root has everything, except
 * executing what nobody may execute; directories can always be searched by root.
 *
 * @source path_resolution(7), "Permissions"
 */
export function mayAccess(who: Credentials, file: Owned, wanted: number): boolean {
  if (who.uid === 0) return true
  return (bitsFor(who, file) & wanted) === wanted
}

/** In a sticky directory only the owner of a file or of the directory may remove its name. */
export function mayRemove(who: Credentials, directory: Owned, file: Owned): boolean {
  if ((directory.mode & STICKY) === 0 || who.uid === 0) return true
  return who.uid === file.uid || who.uid === directory.uid
}

import { Errno, type Failure } from '../../contract/errno.ts'
import type { Vnode } from './vnode.ts'

/** What a rename does: move, nothing at all, or fail. */
export type RenameVerdict = 'move' | 'nothing' | Failure

const isDirectory = (node: Vnode): boolean => node.type === 'directory'

/** True when `node` is `above` or lies below it. */
function isBelow(node: Vnode, above: Vnode): boolean {
  for (let at = node; ; at = at.parent()) {
    if (at.inode === above.inode) return true
    if (at.parent().inode === at.inode) return false
  }
}

/**
 * Whether `source` may take the place of `target` in the directory `to`. Whether a directory target
 * is empty is left to its removal.
 *
 * @source rename(2); the table in the WASI reference, 1.8
 */
export function checkRename(source: Vnode, to: Vnode, target: Vnode | undefined): RenameVerdict {
  if (target !== undefined && target.inode === source.inode) return 'nothing'
  if (isDirectory(source) && isBelow(to, source)) return Errno.INVAL
  if (target === undefined) return 'move'
  if (isDirectory(target) && !isDirectory(source)) return Errno.ISDIR
  if (!isDirectory(target) && isDirectory(source)) return Errno.NOTDIR
  return 'move'
}

import { Errno, type Failure } from '../../contract/errno.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import { mayAccess, PERMISSION } from '../identity/permissions.ts'
import type { Personality, Place, Walker } from './place.ts'
import type { Vnode } from './vnode.ts'

/** Symlinks one call may follow. @source path_resolution(7); the WASI reference, 1.4 */
const MAX_LINKS = 40
/** A followed link costs this for each character: two may be one more component to look up. */
const UNITS_PER_CHARACTER = 8_192
export const MAX_PATH_BYTES = 4_096
export const MAX_NAME_BYTES = 255

type Answer = 'from-root' | 'stay' | 'follow' | 'escape'

/** Everything in which the two personalities differ while walking. */
const DIFFERENCES = {
  'absolute path': { container: 'from-root', strict: 'escape' },
  'absolute link': { container: 'from-root', strict: 'escape' },
  'link of /proc': { container: 'follow', strict: 'escape' },
  'parent of the top': { container: 'stay', strict: 'escape' },
} as const satisfies Readonly<Record<string, Readonly<Record<Personality, Answer>>>>
/** And in what a change on a read-only mount answers. */
const READ_ONLY = { container: Errno.ROFS, strict: Errno.PERM } as const

/** Where a path ends: its last name and the directory that has it, or would have it. */
export interface Ending {
  readonly directory: Place
  /** `.` and `..` when the path ends in them, and `.` for the root. */
  readonly name: string
  /** What is there; undefined when nothing is. Mounts are crossed. */
  readonly place: Place | undefined
  /** The path ended in a slash: it must be a directory. */
  readonly slash: boolean
}

export const sameNode = (a: Place, b: Place): boolean =>
  a.vnode.fs === b.vnode.fs && a.vnode.inode === b.vnode.inode

/** What leaving the sandbox answers. */
export const escapeOf = (walker: Walker): Failure => Errno[walker.escapeErrno]

/** What a change on a read-only mount answers. */
export const readOnlyErrno = ({ personality }: Walker): Failure => READ_ONLY[personality]

/** The topmost mount on a directory, and what is below it. */
function crossMounts(walker: Walker, place: Place): Place {
  let at = place
  for (;;) {
    const mount = walker.mounts.mountedOn(at.vnode)
    if (mount === undefined) return at
    at = { mount, vnode: mount.fs.root }
  }
}

interface Walk {
  readonly walker: Walker
  /** `..` does not lead above it. */
  readonly top: Place
  at: Place
  links: number
}

function parentOf(walk: Walk): Result<Place> {
  const { walker, at, top } = walk
  if (sameNode(at, top)) {
    const answer = DIFFERENCES['parent of the top'][walker.personality]
    return answer === 'stay' ? ok(at) : fail(escapeOf(walker))
  }
  return ok(above(at))
}

/** The directory above, across mounts; the root's is the root itself. */
export function above(place: Place): Place {
  let from = place
  while (from.mount.on !== undefined && from.vnode.inode === from.mount.fs.root.inode) {
    from = from.mount.on
  }
  return { mount: from.mount, vnode: from.vnode.parent() }
}

/** One name below where the walk stands: mounts are crossed, links are not. */
function childOf(walk: Walk, name: string): Result<Place> {
  if (walk.at.vnode.type !== 'directory') return fail(Errno.NOTDIR)
  const refused = accessRefusal(walk.walker, walk.at.vnode, PERMISSION.execute)
  if (refused !== undefined) return fail(refused)
  if (name === '.') return ok(walk.at)
  if (name === '..') return parentOf(walk)
  const found = walk.at.vnode.lookup(name)
  if (!found.ok) return found
  return ok(crossMounts(walk.walker, { mount: walk.at.mount, vnode: found.value }))
}

/** ACCES when the caller lacks one of `wanted`. Root lacks nothing, so that its walks ask no stat. */
export function accessRefusal(
  { credentials }: Walker,
  vnode: Vnode,
  wanted: number,
): Failure | undefined {
  if (credentials.uid === 0) return undefined
  const stat = vnode.stat()
  if (!stat.ok) return stat.errno
  return mayAccess(credentials, stat.value, wanted) ? undefined : Errno.ACCES
}

/** Follows the text of a link that stands in the directory the walk is in. */
function follow(walk: Walk, link: Place): Result<Ending> {
  walk.links += 1
  if (walk.links > MAX_LINKS) return fail(Errno.LOOP)
  const place = link.vnode.leadsTo?.()
  if (place !== undefined) {
    if (DIFFERENCES['link of /proc'][walk.walker.personality] === 'escape') {
      return fail(escapeOf(walk.walker))
    }
    return ok({ directory: place, name: '.', place, slash: false })
  }
  const text = link.vnode.readlink()
  if (!text.ok) return text
  walk.walker.charge?.(text.value.length * UNITS_PER_CHARACTER)
  if (text.value.startsWith('/')) {
    if (DIFFERENCES['absolute link'][walk.walker.personality] === 'escape') {
      return fail(escapeOf(walk.walker))
    }
    walk.at = walk.walker.root
  }
  return along(walk, text.value, true)
}

/** Goes into `name`, which is not the last: it must lead to a directory. */
function enter(walk: Walk, name: string): Result<undefined> {
  const next = childOf(walk, name)
  if (!next.ok) return next
  let place: Place | undefined = next.value
  if (place.vnode.type === 'symlink') {
    const target = follow(walk, place)
    if (!target.ok) return target
    place = target.value.place
  }
  if (place === undefined) return fail(Errno.NOENT)
  if (place.vnode.type !== 'directory') return fail(Errno.NOTDIR)
  walk.at = place
  return DONE
}

function along(walk: Walk, path: string, followLast: boolean): Result<Ending> {
  const slash = path.endsWith('/')
  let from = behindSlashes(path, 0)
  if (from === path.length) return ok({ directory: walk.at, name: '.', place: walk.at, slash })
  for (;;) {
    const end = path.indexOf('/', from)
    const name = end === -1 ? path.slice(from) : path.slice(from, end)
    from = end === -1 ? path.length : behindSlashes(path, end)
    if (from === path.length) return finish(walk, name, followLast || slash, slash)
    // Where the walk stands is a directory, so that a `.` on the way says nothing new.
    if (name === '.') continue
    const entered = enter(walk, name)
    if (!entered.ok) return entered
  }
}

const SLASH = 0x2f

function behindSlashes(path: string, at: number): number {
  let behind = at
  while (path.charCodeAt(behind) === SLASH) behind += 1
  return behind
}

function finish(walk: Walk, name: string, followLast: boolean, slash: boolean): Result<Ending> {
  const directory = walk.at
  const found = childOf(walk, name)
  if (!found.ok) {
    if (found.errno !== Errno.NOENT) return found
    return ok({ directory, name, place: undefined, slash })
  }
  if (found.value.vnode.type !== 'symlink' || !followLast) {
    return ok({ directory, name, place: found.value, slash })
  }
  const target = follow(walk, found.value)
  return target.ok ? ok({ ...target.value, slash: slash || target.value.slash }) : target
}

function walkFrom(walker: Walker, base: Place, path: string, followLast: boolean): Result<Ending> {
  const contained = walker.personality === 'container'
  const walk: Walk = { walker, top: contained ? walker.root : base, at: base, links: 0 }
  if (path.startsWith('/')) {
    if (DIFFERENCES['absolute path'][walker.personality] === 'escape') return fail(escapeOf(walker))
    walk.at = walker.root
  }
  return along(walk, path, followLast)
}

const CURRENT = /^\.?\/*$/

/**
 * `x` may mean `/x` or `x` in the working directory. What the root has is meant, then what the working
 * directory has; what is neither is made in a directory of the root that is there, else in the
 * working directory. `.` is the working directory.
 */
function walkFromEither(
  walker: Walker,
  workingDirectory: Place,
  path: string,
  followLast: boolean,
): Result<Ending> {
  const inWorking = walkFrom(walker, workingDirectory, path, followLast)
  if (CURRENT.test(path)) return inWorking
  const inRoot = walkFrom(walker, walker.root, path, followLast)
  if (inRoot.ok && inRoot.value.place !== undefined) return inRoot
  if (!inRoot.ok && inRoot.errno !== Errno.NOENT && inRoot.errno !== Errno.NOTDIR) return inRoot
  if (!inWorking.ok) return inRoot
  const isThere = inWorking.value.place !== undefined
  const madeInRoot = inRoot.ok && !sameNode(inRoot.value.directory, walker.root)
  return isThere || !madeInRoot ? inWorking : inRoot
}

/**
 * Walks `path` from `base`, component by component; `..` acts after links are followed. The last
 * link is followed only with `followLast` or a slash behind it.
 *
 * @returns NOENT: empty path, or a missing directory on the way. NOTDIR, ACCES, LOOP (more than 40
 *   links), and what leaving the sandbox answers in `strict`.
 * @source path_resolution(7); the WASI reference, 1.4
 */
export function walkPath(
  walker: Walker,
  base: Place,
  path: string,
  followLast: boolean,
): Result<Ending> {
  if (path === '') return fail(Errno.NOENT)
  const { workingDirectory } = walker
  return workingDirectory !== undefined && !path.startsWith('/') && sameNode(base, walker.root)
    ? walkFromEither(walker, workingDirectory, path, followLast)
    : walkFrom(walker, base, path, followLast)
}

/** Walks to something that is there. */
export function walkTo(
  walker: Walker,
  base: Place,
  path: string,
  followLast: boolean,
): Result<Place> {
  const ending = walkPath(walker, base, path, followLast)
  if (!ending.ok) return ending
  const { place, slash } = ending.value
  if (place === undefined) return fail(Errno.NOENT)
  if (slash && place.vnode.type !== 'directory') return fail(Errno.NOTDIR)
  return ok(place)
}

import { EngineError } from '../../contract/errors.ts'
import type { PathStat } from '../../contract/tree.ts'
import { walkPath, walkTo } from '../../kernel/mount/path-walk.ts'
import type { Place, Walker } from '../../kernel/mount/place.ts'
import type { FileType } from '../../kernel/mount/vnode.ts'

const MAX_LINKS = 40

const TYPE: Partial<Record<FileType, PathStat['type']>> = {
  regular: 'regular',
  directory: 'directory',
  symlink: 'symlink',
}

const noSuchPath = (path: string): EngineError =>
  new EngineError('NO_SUCH_PATH', `Could not find the file ${path}`)

/** A path of the API: from the root, whether it says so or not. */
export const absolute = (path: string): string => (path.startsWith('/') ? path : `/${path}`)

/** A link is what is asked for, unless a slash or a dot behind it says that it is to be followed. */
export function placeAt(walker: Walker, path: string): Place {
  const place = walkTo(walker, walker.root, absolute(path), false)
  if (!place.ok) throw noSuchPath(path)
  return place.value
}

function linkText(walker: Walker, names: readonly string[]): string | undefined {
  const ending = walkPath(walker, walker.root, `/${names.join('/')}`, false)
  const vnode = ending.ok ? ending.value.place?.vnode : undefined
  const text = vnode?.type === 'symlink' ? vnode.readlink() : undefined
  return text?.ok === true ? text.value : undefined
}

/** Names on the way to `path` with every link on it followed, as far as there is something. */
function resolved(walker: Walker, path: string): readonly string[] {
  const left = path.split('/').reverse()
  let names: string[] = []
  let links = 0
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      names.pop()
      continue
    }
    names.push(name)
    const text = links < MAX_LINKS ? linkText(walker, names) : undefined
    if (text === undefined) continue
    links += 1
    names = text.startsWith('/') ? [] : names.slice(0, -1)
    left.push(...text.split('/').reverse())
  }
  return names
}

/** The last name of a path; `/` for the root, `.` where it ends in one. */
export const baseName = (path: string): string =>
  path
    .split('/')
    .filter((name) => name !== '')
    .at(-1) ?? '/'

/**
 * What stands at `path` in the container.
 *
 * @throws EngineError `NO_SUCH_PATH`.
 */
export function statPath(walker: Walker, path: string): PathStat {
  const { vnode } = placeAt(walker, path)
  const stat = vnode.stat()
  if (!stat.ok) throw noSuchPath(path)
  const { mode, size, modified } = stat.value
  const isLink = vnode.type === 'symlink'
  const linkTarget = isLink ? `/${resolved(walker, absolute(path)).join('/')}` : ''
  return {
    name: baseName(path),
    type: TYPE[vnode.type] ?? 'other',
    size,
    mode,
    modified,
    linkTarget,
  }
}

import { Errno } from '../../contract/errno.ts'
import { EngineError } from '../../contract/errors.ts'
import { type Credentials, ROOT } from '../../contract/identity.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { PutRules } from '../../contract/tree.ts'
import { type Ending, walkPath, walkTo } from '../../kernel/mount/path-walk.ts'
import type { Place, Walker } from '../../kernel/mount/place.ts'
import type { Vnode } from '../../kernel/mount/vnode.ts'
import { absolute, placeAt } from './path-stat.ts'
import type { StagedEntry } from './staged-archive.ts'

const IMPLIED_MODE = 0o755

/** What an errno means to somebody who unpacks. */
const WORDS: Readonly<Record<number, string>> = {
  [Errno.NOSPC]: 'no space left on device',
  [Errno.DQUOT]: 'no space left on device',
  [Errno.FBIG]: 'file too large',
  [Errno.BUSY]: 'device or resource busy',
  [Errno.NOTDIR]: 'not a directory',
  [Errno.LOOP]: 'too many levels of symbolic links',
}

const invalid = (why: string): EngineError => new EngineError('INVALID_ARCHIVE', why)

const refused = (names: readonly string[], errno: number): EngineError =>
  invalid(
    `${JSON.stringify(names.join('/').slice(0, 100))}: ${WORDS[errno] ?? 'cannot be written'}`,
  )

/** The root's own words, and those of a mount. @source engine API reference, 10 */
function mustBeWritable({ mount }: Place): void {
  if (!mount.readOnly) return
  throw invalid(
    mount.on === undefined
      ? 'container rootfs is marked read-only'
      : 'mounted volume is marked read-only',
  )
}

/** Everything below a directory, itself first; BUSY: something is mounted there. */
function allBelow(walker: Walker, directory: Vnode, name: string) {
  const found: { readonly directory: Vnode; readonly name: string; readonly vnode: Vnode }[] = []
  const left = [{ directory, name }]
  for (let step = left.pop(); step !== undefined; step = left.pop()) {
    const vnode = step.directory.lookup(step.name)
    if (!vnode.ok) return vnode
    if (walker.mounts.mountedOn(vnode.value) !== undefined) return fail(Errno.BUSY)
    found.push({ ...step, vnode: vnode.value })
    const entries = vnode.value.type === 'directory' ? vnode.value.list() : undefined
    for (const entry of entries?.ok === true ? entries.value : []) {
      left.push({ directory: vnode.value, name: entry.name })
    }
  }
  return ok(found)
}

/** Removes a name and all below it; nothing, where something is mounted below. */
function removeAll(walker: Walker, directory: Vnode, name: string): Result<undefined> {
  const all = allBelow(walker, directory, name)
  if (!all.ok) return all
  for (const one of all.value.reverse()) {
    const kind = one.vnode.type === 'directory' ? 'removeDirectory' : 'unlink'
    const gone = one.directory[kind](one.name)
    if (!gone.ok) return gone
  }
  return ok(undefined)
}

function writeAll(vnode: Vnode, bytes: Uint8Array): Result<undefined> {
  const handle = vnode.open({ read: false, write: true })
  if (!handle.ok) return handle
  let at = 0
  let failed: Result<undefined> = ok(undefined)
  while (at < bytes.length && failed.ok) {
    const count = handle.value.write(bytes.subarray(at), at)
    if (count.ok === true && count.value > 0) at += count.value
    else failed = fail(count.ok === false ? count.errno : Errno.NOSPC)
  }
  handle.value.close()
  return failed
}

/** Puts entries below one directory of a tree, each at the end of the kernel's own path walk. */
class Putting {
  readonly #walker: Walker
  readonly #base: Place
  readonly #rules: PutRules
  readonly #owner: Credentials | undefined
  /** Times of directories come last: what is put in moves them. */
  readonly #directories: { readonly vnode: Vnode; readonly modified: bigint }[] = []

  constructor(walker: Walker, base: Place, rules: PutRules, owner: Credentials | undefined) {
    this.#walker = walker
    this.#base = base
    this.#rules = rules
    this.#owner = owner
  }

  put(entry: StagedEntry): void {
    // The directory itself keeps what it has.
    if (entry.names.length === 0) return
    const placed = this.#placed(entry, this.#ending(entry.names))
    if (!placed.ok) throw refused(entry.names, placed.errno)
  }

  finish(): void {
    for (const { vnode, modified } of this.#directories.reverse()) vnode.setTimes({ modified })
  }

  #walk(names: readonly string[], follow: boolean): Ending {
    const ending = walkPath(this.#walker, this.#base, names.join('/'), follow)
    if (!ending.ok) throw refused(names, ending.errno)
    return ending.value
  }

  /** Where the entry goes; directories on the way are made. */
  #ending(names: readonly string[]): Ending {
    for (let depth = 1; depth < names.length; depth += 1) {
      const { directory, name, place } = this.#walk(names.slice(0, depth), true)
      if (place !== undefined) continue
      mustBeWritable(directory)
      directory.vnode.createDirectory(name, IMPLIED_MODE, this.#owner ?? ROOT)
    }
    return this.#walk(names, false)
  }

  #placed(entry: StagedEntry, { directory, name, place }: Ending): Result<unknown> {
    mustBeWritable(directory)
    const stays = place?.vnode.type === 'directory' && entry.type === 'directory'
    if (place !== undefined && !stays) {
      this.#mayReplace(place.vnode, entry)
      const gone = removeAll(this.#walker, directory.vnode, name)
      if (!gone.ok) return gone
    }
    const made =
      stays && place !== undefined ? ok(place.vnode) : this.#made(entry, directory.vnode, name)
    if (!made.ok || made.value === undefined) return made
    this.#describe(made.value, entry)
    return made
  }

  #mayReplace(there: Vnode, entry: StagedEntry): void {
    if (!this.#rules.noOverwriteDirNonDir) return
    const path = `/${entry.names.join('/')}`
    if (there.type === 'directory') {
      throw invalid(`cannot overwrite directory "${path}" with non-directory "${path}"`)
    }
    if (entry.type === 'directory') {
      throw invalid(`cannot overwrite non-directory "${path}" with directory "${path}"`)
    }
  }

  #made(entry: StagedEntry, directory: Vnode, name: string): Result<Vnode | undefined> {
    const owner = this.#owner ?? ROOT
    if (entry.type === 'directory') return directory.createDirectory(name, entry.mode, owner)
    if (entry.type === 'symlink') return directory.createSymlink(name, entry.text, owner)
    if (entry.type === 'link') {
      const target = walkTo(this.#walker, this.#base, entry.target.join('/'), false)
      if (!target.ok) throw invalid(`"${name}" links to what is not there`)
      const linked = directory.link(name, target.value.vnode)
      return linked.ok ? ok(undefined) : linked
    }
    const file = directory.createFile(name, entry.mode, owner)
    if (!file.ok) return file
    const written = writeAll(file.value, entry.bytes)
    return written.ok ? file : written
  }

  /** A bind mount refuses owners and modes: its files are the host's. */
  #describe(vnode: Vnode, entry: StagedEntry): void {
    if (this.#owner === undefined) vnode.setOwner(entry.uid, entry.gid)
    if (entry.type !== 'symlink') vnode.setMode(entry.mode)
    if (entry.type === 'directory') this.#directories.push({ vnode, modified: entry.modified })
    else vnode.setTimes({ modified: entry.modified })
  }
}

/**
 * Puts an archive's entries into the directory at `path`.
 *
 * @param owner - whose everything becomes; undefined: whom the archive says.
 * @throws EngineError `NO_SUCH_PATH`; `INVALID_ARCHIVE`: not a directory, read-only, no space, or what
 *   the rules forbid. What came before it in the archive is there.
 * @source moby pkg/archive, Unpack: what replaces what
 */
export function putArchive(
  walker: Walker,
  path: string,
  entries: readonly StagedEntry[],
  how: { readonly rules: PutRules; readonly owner: Credentials | undefined },
): void {
  placeAt(walker, path)
  const base = walkTo(walker, walker.root, absolute(path), true)
  if (!base.ok || base.value.vnode.type !== 'directory') {
    throw invalid('extraction point is not a directory')
  }
  mustBeWritable(base.value)
  const putting = new Putting(walker, base.value, how.rules, how.owner)
  for (const entry of entries) putting.put(entry)
  putting.finish()
}

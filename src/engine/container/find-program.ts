import { realpathSync, statSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import type { ModuleSource } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { InputFile, MountSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'

/** What the container's tree will look like before its first process runs. */
export interface ProgramSearch {
  /** The image's files by absolute path. */
  readonly files: ReadonlyMap<string, LayerFile>
  readonly inputFiles: readonly InputFile[]
  readonly mounts: readonly MountSpec[]
  readonly workingDirectory: string
  /** The value of PATH the process will have. */
  readonly searchPath: string
}

const MAX_LINKS = 40

const notFound = (command: string, reason: string): EngineError =>
  new EngineError('NO_SUCH_COMMAND', `exec: ${JSON.stringify(command)}: ${reason}`)

/** A path below a bind, as long as the host's own links do not lead out of it. */
function inBind(mount: MountSpec & { type: 'bind' }, path: string): ModuleSource | undefined {
  try {
    const root = realpathSync(mount.source)
    const file = realpathSync(join(root, path.slice(mount.target.length)))
    const inside = file === root || file.startsWith(root + sep)
    return inside && statSync(file).isFile() ? { kind: 'host-file', path: file } : undefined
  } catch {
    return undefined
  }
}

const below = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory}/`)

/** Links in the directories of `path` and at its end, as the container's own walk follows them. */
function followLinks(files: ReadonlyMap<string, LayerFile>, path: string): string {
  let resolved = posix.normalize(path)
  for (let hops = 0; hops < MAX_LINKS; hops += 1) {
    const next = expandFirstLink(files, resolved)
    if (next === resolved) return resolved
    resolved = next
  }
  return resolved
}

function expandFirstLink(files: ReadonlyMap<string, LayerFile>, path: string): string {
  for (let at = path.indexOf('/', 1); ; at = path.indexOf('/', at + 1)) {
    const prefix = at === -1 ? path : path.slice(0, at)
    const target = files.get(prefix)?.linkTarget
    if (target !== undefined) {
      const rest = at === -1 ? '' : path.slice(at)
      return posix.join(posix.resolve(posix.dirname(prefix), target), rest)
    }
    if (at === -1) return path
  }
}

function sourceAt(search: ProgramSearch, path: string): ModuleSource | undefined {
  const input = search.inputFiles.findLast((file) => file.path === path)
  if (input !== undefined) return { kind: 'bytes', bytes: input.bytes }
  const mount = search.mounts.findLast((one) => below(path, one.target))
  if (mount !== undefined) return mount.type === 'bind' ? inBind(mount, path) : undefined
  const source = search.files.get(path)?.source
  if (source === undefined) return undefined
  return source
}

/**
 * The module that `command` names inside the container, found as execvp(3) finds it.
 *
 * @throws EngineError `NO_SUCH_COMMAND`.
 * @source wording: runc, "executable file not found in $PATH"
 */
export function findProgram(search: ProgramSearch, command: string): ModuleSource {
  const named = command.includes('/')
  const directories = named ? [search.workingDirectory] : search.searchPath.split(':')
  for (const directory of directories) {
    const path = posix.resolve('/', directory, command)
    const source = sourceAt(search, followLinks(search.files, path))
    if (source !== undefined) return source
  }
  throw named
    ? notFound(command, `stat ${command}: no such file or directory`)
    : notFound(command, 'executable file not found in $PATH')
}

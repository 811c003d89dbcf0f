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

/** A file that is to be run. */
export interface ProgramFile {
  readonly source: ModuleSource
  /** Whether its permission bits let anybody run it. */
  readonly executable: boolean
}

export interface Program extends ProgramFile {
  /** The absolute path at which it was found, links and all. */
  readonly path: string
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

const anyExecute = (mode: number): boolean => (mode & 0o111) !== 0

function programAt(search: ProgramSearch, path: string): ProgramFile | undefined {
  const input = search.inputFiles.findLast((file) => file.path === path)
  // A caller that puts a module in says no more of it than its bytes.
  if (input !== undefined) {
    return { source: { kind: 'bytes', bytes: input.bytes }, executable: true }
  }
  if (mountOver(search, path) !== undefined) return mountedProgram(search, path)
  const file = search.files.get(path)
  if (file?.source === undefined) return undefined
  return { source: file.source, executable: anyExecute(file.mode) }
}

const mountOver = ({ mounts }: ProgramSearch, path: string): MountSpec | undefined =>
  mounts.findLast((one) => below(path, one.target))

/** A program below a mount of the container; undefined where none is mounted over the path. */
export function mountedProgram(search: ProgramSearch, path: string): ProgramFile | undefined {
  const mount = mountOver(search, path)
  const source = mount?.type === 'bind' ? inBind(mount, path) : undefined
  // A module on the host has whatever mode the host's tools gave it.
  return source && { source, executable: true }
}

export const isMounted = (search: ProgramSearch, path: string): boolean =>
  mountOver(search, path) !== undefined

const isDirectory = ({ files }: ProgramSearch, path: string): boolean =>
  files.get(path)?.type === 'directory'

/** What execvp(3) tries, in order: absolute paths. */
export function placesOf(
  { workingDirectory, searchPath }: ProgramSearch,
  command: string,
): readonly string[] {
  const directories = command.includes('/') ? [workingDirectory] : searchPath.split(':')
  return directories.map((directory) => posix.resolve('/', directory, command))
}

/** There is no program of that name. @source wording: runc */
export const noProgram = (command: string): EngineError =>
  command.includes('/')
    ? notFound(command, `stat ${command}: no such file or directory`)
    : notFound(command, 'executable file not found in $PATH')

/** There is a script, and not who is to read it. */
export const noInterpreter = (script: string, interpreter: string): EngineError =>
  notFound(script, `interpreter ${interpreter}: no such file or directory`)

/** There is something, and it cannot be run. @source wording: runc */
export const notExecutable = (command: string, reason = ''): EngineError =>
  new EngineError('NOT_EXECUTABLE', `exec: ${JSON.stringify(command)}: ${reason}permission denied`)

/** A directory where the program should be. */
export const directoryNamed = (command: string): EngineError =>
  notExecutable(command, 'is a directory: ')

/**
 * The program that `command` names inside the container, found as execvp(3) finds it.
 *
 * @throws EngineError `NO_SUCH_COMMAND` | `NOT_EXECUTABLE`.
 */
export function locateProgram(search: ProgramSearch, command: string): Program {
  for (const place of placesOf(search, command)) {
    const path = followLinks(search.files, place)
    const program = programAt(search, path)
    if (program !== undefined) {
      const { source, executable } = program
      return { source, executable, path: place }
    }
    if (command.includes('/') && isDirectory(search, path)) throw directoryNamed(command)
  }
  throw noProgram(command)
}

import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import type { ModuleSource } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { PathStat, Tree } from '../../contract/tree.ts'
import { DEFAULT_MODULE_LIMITS } from '../../wasm/limits.ts'
import type { ContainerParts } from './containers.ts'
import {
  directoryNamed,
  isMounted,
  locateProgram,
  mountedProgram,
  noProgram,
  notExecutable,
  type Program,
  type ProgramFile,
  type ProgramSearch,
  placesOf,
} from './find-program.ts'

type Parts = Pick<ContainerParts, 'cell'>

async function statOf({ cell }: Parts, tree: Tree, path: string): Promise<PathStat | undefined> {
  try {
    return (await cell.tree(tree, { verb: 'stat', path })).value
  } catch (error) {
    if (error instanceof EngineError && error.code === 'NO_SUCH_PATH') return undefined
    throw error
  }
}

/** The bytes of one file of the container. */
async function bytesOf({ cell }: Parts, tree: Tree, path: string): Promise<Uint8Array> {
  const { bytes } = await cell.tree(tree, { verb: 'get', path })
  const archive = tar.extract()
  const flowing = pipeline(bytes, archive)
  // Whatever breaks the flow also ends the loop below, which tells it.
  flowing.catch(() => {})
  const pieces: Uint8Array[] = []
  for await (const entry of archive) {
    // An entry yields buffers; its type says unknown.
    for await (const piece of entry as AsyncIterable<Uint8Array>) pieces.push(piece)
  }
  await flowing
  return Buffer.concat(pieces)
}

/** As in the image, so that it need not be read out of the container. */
function unchanged(search: ProgramSearch, path: string, stat: PathStat): ModuleSource | undefined {
  const file = search.files.get(path)
  const same =
    file?.size === stat.size && file.modified === stat.modified && file.mode === stat.mode
  return same ? file.source : undefined
}

async function keptAt(
  parts: Parts,
  tree: Tree,
  search: ProgramSearch,
  place: string,
): Promise<ProgramFile | 'directory' | undefined> {
  if (isMounted(search, place)) return mountedProgram(search, place)
  const here = await statOf(parts, tree, place)
  const path = here?.type === 'symlink' ? here.linkTarget : place
  const stat = here?.type === 'symlink' ? await statOf(parts, tree, path) : here
  if (isMounted(search, path)) return mountedProgram(search, path)
  if (stat?.type === 'directory') return 'directory'
  if (stat?.type !== 'regular') return undefined
  if (stat.size > DEFAULT_MODULE_LIMITS.moduleBytes) {
    throw new EngineError('INVALID_MODULE', `module of ${stat.size} bytes is too large`)
  }
  const known = unchanged(search, path, stat)
  const source = known ?? { kind: 'bytes', bytes: await bytesOf(parts, tree, path) }
  return { source, executable: (stat.mode & 0o111) !== 0 }
}

/**
 * The program that `command` names in a container in which nothing runs, as its files are now: what was
 * copied in, and what an earlier run wrote or removed, counts.
 *
 * @param tree - undefined: its files are the image's.
 * @throws EngineError `NO_SUCH_COMMAND` | `NOT_EXECUTABLE` | `INVALID_MODULE`: too large.
 */
export async function findCurrentProgram(
  parts: Parts,
  tree: Tree | undefined,
  search: ProgramSearch,
  command: string,
): Promise<Program> {
  if (tree === undefined) return locateProgram(search, command)
  for (const place of placesOf(search, command)) {
    const found = await keptAt(parts, tree, search, place)
    if (found === 'directory') {
      if (command.includes('/')) throw directoryNamed(command)
    } else if (found !== undefined) return { ...found, path: place }
  }
  throw noProgram(command)
}

/**
 * The same in a container that runs, which stands still while its files are copied to be looked at: so
 * the image's own comes first, and only what it does not have is looked for there.
 *
 * @throws EngineError as `findCurrentProgram`; `PROCESS_GONE`.
 */
export async function findRunningProgram(
  parts: Parts,
  tree: () => Promise<Tree>,
  search: ProgramSearch,
  command: string,
): Promise<Program> {
  try {
    return locateProgram(search, command)
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'NO_SUCH_COMMAND') throw error
    return await findCurrentProgram(parts, await tree(), search, command)
  }
}

/**
 * Has the cell prepare a program. What is no module and may not be run either is refused for that.
 *
 * @throws EngineError `NOT_EXECUTABLE` | `INVALID_MODULE` | `NO_SUCH_FILE`.
 */
export async function prepareProgram({ cell }: Parts, program: ProgramFile, command: string) {
  try {
    return await cell.prepareModule(program.source)
  } catch (error) {
    const foreign = error instanceof EngineError && error.message.startsWith('exec format error')
    if (foreign && !program.executable) throw notExecutable(command)
    throw error
  }
}

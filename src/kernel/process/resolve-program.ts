import { Errno, type Failure } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { Place, Walker } from '../mount/place.ts'
import { HEAD_BYTES, interpreterOf, isScript } from './interpreter-line.ts'
import type { Program } from './launcher.ts'
import { headOf, programFile } from './program-file.ts'

/** Scripts that are interpreters of scripts. @source execve(2), "Interpreter scripts" */
const MAX_SCRIPTS = 4
const WASM_MAGIC = [0, 0x61, 0x73, 0x6d] as const

/** What runs in the end, and with which arguments. */
export interface Resolved {
  readonly program: Program
  readonly args: readonly string[]
}

/** Where a program is looked for. */
export interface ProgramRequest {
  readonly program: string
  /** Directories between colons, for a name without a slash; undefined: only the working directory. */
  readonly search: string | undefined
  readonly args: readonly string[]
}

/** What another directory of the search may still have. @source execvp(3) */
const GOES_ON: ReadonlySet<Failure> = new Set([
  Errno.NOENT,
  Errno.NOTDIR,
  Errno.ACCES,
  Errno.NAMETOOLONG,
])

const candidate = (directory: string, name: string): string =>
  directory === '' ? `./${name}` : `${directory}/${name}`

/** A program that is there and may not be run is what the answer is about, if none that may is found. */
function searched(walker: Walker, directory: Place, name: string, search: string): Result<Located> {
  let failure: Failure = Errno.NOENT
  for (const one of search.split(':')) {
    const path = candidate(one, name)
    const found = programFile(walker, directory, path)
    if (found.ok) return ok({ program: found.value, path })
    if (!GOES_ON.has(found.errno)) return found
    if (found.errno === Errno.ACCES) failure = Errno.ACCES
  }
  return fail(failure)
}

/** A program, and how it was called: what a script is told to its interpreter as. */
interface Located {
  readonly program: Program
  readonly path: string
}

function locate(walker: Walker, directory: Place, request: ProgramRequest): Result<Located> {
  const { program: path, search } = request
  if (path === '') return fail(Errno.NOENT)
  if (search !== undefined && !path.includes('/')) return searched(walker, directory, path, search)
  const found = programFile(walker, directory, path)
  return found.ok ? ok({ program: found.value, path }) : found
}

/**
 * The module that is to run: found as execvp(3) finds it, scripts led to their interpreters.
 *
 * @returns NOEXEC: neither a module nor a script with an interpreter. LOOP: more than four scripts.
 *   NOENT, ACCES, NOTDIR, NAMETOOLONG, INVAL; those of the walk.
 * @source execve(2)
 */
export function resolveProgram(
  walker: Walker,
  directory: Place,
  request: ProgramRequest,
): Result<Resolved> {
  let located = locate(walker, directory, request)
  let { args } = request
  for (let scripts = 0; located.ok; scripts += 1) {
    const { program, path } = located.value
    const head = headOf(program.file.vnode, HEAD_BYTES)
    if (!head.ok) return head
    if (WASM_MAGIC.every((byte, at) => head.value[at] === byte)) return ok({ program, args })
    const interpreter = isScript(head.value) ? interpreterOf(head.value) : undefined
    if (interpreter === undefined) return fail(Errno.NOEXEC)
    if (scripts === MAX_SCRIPTS) return fail(Errno.LOOP)
    const { path: by, argument } = interpreter
    args = [by, ...(argument === undefined ? [] : [argument]), path, ...args.slice(1)]
    located = locate(walker, directory, { program: by, search: undefined, args })
  }
  return located
}

import { closeSync, openSync, readSync } from 'node:fs'
import { posix } from 'node:path'
import type { ModuleSource } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import { noInterpreter, notExecutable, type Program } from './find-program.ts'
import { SHEBANG_BYTES, type Shebang, shebangOf } from './shebang.ts'

/** A program that is none of the interpreted, and what it is to be started with. */
export interface Runnable {
  readonly program: Program
  readonly args: readonly string[]
}

/** How often an interpreter may be a script itself. @source execve(2), "Interpreter scripts" */
const MOST_NESTED = 4

/** @source wording: Linux ELOOP */
const tooManyLevels = (script: string): EngineError =>
  new EngineError(
    'NOT_EXECUTABLE',
    `exec: ${JSON.stringify(script)}: too many levels of symbolic links`,
  )

/** By digest, under which a file never changes. To read one again costs a job 12 µs. */
const heads = new Map<string, Uint8Array>()
const MOST_HEADS = 256

/** The first bytes of a program; none where it cannot be read, which who prepares it says better. */
function headOf(source: ModuleSource): Uint8Array {
  if (source.kind === 'bytes') return source.bytes.subarray(0, SHEBANG_BYTES)
  const { path, digest } = source
  const known = digest === undefined ? undefined : heads.get(digest)
  if (known !== undefined) return known
  const head = readHead(path)
  if (head === undefined) return new Uint8Array()
  if (digest !== undefined) {
    if (heads.size >= MOST_HEADS) heads.clear()
    heads.set(digest, head)
  }
  return head
}

function readHead(path: string): Uint8Array | undefined {
  const head = new Uint8Array(SHEBANG_BYTES)
  try {
    const file = openSync(path, 'r')
    try {
      return head.subarray(0, readSync(file, head))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** Who reads `program`, which `command` led to; undefined: it is no script. */
function shebangOfProgram(program: Program, command: string): Shebang | undefined {
  const shebang = shebangOf(headOf(program.source))
  if (shebang === undefined) return undefined
  if (!program.executable) throw notExecutable(command)
  if (shebang !== 'malformed') return shebang
  throw new EngineError(
    'INVALID_MODULE',
    'exec format error: a script (#!) that names no interpreter',
  )
}

async function interpreterOf(
  find: (command: string) => Promise<Program>,
  script: string,
  path: string,
): Promise<Program> {
  try {
    return await find(path)
  } catch (error) {
    const missing = error instanceof EngineError && error.code === 'NO_SUCH_COMMAND'
    throw missing ? noInterpreter(script, path) : error
  }
}

/**
 * What is really run for a command line. A script's is its interpreter's: the interpreter, its one
 * argument if the script's first line has one, the script's path, and what the script was given.
 *
 * @param find - the program of a name or path in the container, as its files are now.
 * @throws EngineError `NO_SUCH_COMMAND` | `NOT_EXECUTABLE` | `INVALID_MODULE`; what `find` throws.
 * @source execve(2), "Interpreter scripts"
 */
export async function runnableOf(
  find: (command: string) => Promise<Program>,
  process: { readonly args: readonly string[]; readonly workingDirectory: string },
): Promise<Runnable> {
  const name = process.args[0] ?? ''
  let program = await find(name)
  // Who looks for a name in PATH hands over what it found.
  let path = name.includes('/') ? name : program.path
  let args = process.args
  for (let nested = 0; ; nested += 1) {
    const shebang = shebangOfProgram(program, path)
    if (shebang === undefined) return { program, args }
    if (nested > MOST_NESTED) throw tooManyLevels(name)
    const { interpreter, argument } = shebang
    args = [interpreter, ...(argument === undefined ? [] : [argument]), path, ...args.slice(1)]
    path = interpreter
    program = await interpreterOf(find, name, posix.resolve(process.workingDirectory, interpreter))
  }
}

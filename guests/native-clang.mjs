// A native clang for the guests, where there is one: several times faster than the one from npm.
//
// It compiles against the very headers and libraries of @yowasp/clang, which are taken out of the
// package once. Whether it can do that is tried, not guessed: an old clang, one without the
// WebAssembly target or one without a linker is passed over.
import { execFile, execFileSync } from 'node:child_process'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import tar from 'tar-stream'
import { inLanes } from './in-lanes.mjs'
import { objectOf } from './objects.mjs'

/** The first that knows every flag the guests are compiled with. */
const LEAST_VERSION = 16
const NEWEST_VERSION = 22
const TRIPLE = 'wasm32-wasip1'

const NAMES = [
  'clang',
  ...Array.from(
    { length: NEWEST_VERSION - LEAST_VERSION + 1 },
    (_, at) => `clang-${NEWEST_VERSION - at}`,
  ),
]

function textOf(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch {
    return ''
  }
}

/** The sysroot of the package at `packageRoot`, taken out of its archive below `cache` once. */
async function sysrootOf(packageRoot, version, cache) {
  const sysroot = join(cache, `sysroot-${version}`)
  if (existsSync(sysroot)) return sysroot
  const scratch = `${sysroot}.${process.pid}`
  rmSync(scratch, { recursive: true, force: true })
  const archive = createReadStream(join(packageRoot, 'gen', 'llvm-resources.tar'))
  for await (const entry of archive.pipe(tar.extract())) {
    const pieces = []
    for await (const piece of entry) pieces.push(piece)
    if (entry.header.type !== 'file') continue
    const target = join(scratch, entry.header.name)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, Buffer.concat(pieces))
  }
  renameSync(scratch, sysroot)
  return sysroot
}

/** What the driver needs to find everything in the sysroot and nothing of the machine's own. */
const flagsFor = (sysroot) => [`--target=${TRIPLE}`, `--sysroot=${sysroot}`, '-nodefaultlibs']
const librariesOf = (sysroot) => [
  '-lc',
  join(sysroot, 'lib', 'wasm32-unknown-wasip1', 'libclang_rt.builtins.a'),
]

/** Everything a guest may need of a compiler: libc, builtins, the flags, an executable in the end. */
const TRIAL = '#include <stdio.h>\nint main(void) { return printf("%.1Lf", 0.5L) == 0; }\n'

const runFile = promisify(execFile)

/** Makes a program in `directory`, which is then gone again. */
async function compileIn(directory, files, run) {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(directory, name), content)
    }
    await run(directory)
    return readFileSync(join(directory, 'main.wasm'))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @param root - what the paths of units are relative to */
function compilerOf(command, sysroot, root) {
  const lanes = availableParallelism()
  const run = (args, directory) =>
    runFile(command, [...flagsFor(sysroot), ...args], { cwd: directory })
  const libraries = librariesOf(sysroot)
  return {
    lanes,
    close: async () => {},
    compile: (flags, files, directory) =>
      compileIn(directory, files, (where) =>
        run([...flags, 'main.c', '-o', 'main.wasm', ...libraries], where),
      ),
    compileUnits: (flags, units, objects, onCompiled) =>
      inLanes(units, lanes, async (unit) => {
        const object = objectOf(objects, unit)
        // Whole or not there: another build may look for it.
        const scratch = `${object}.${process.pid}`
        await run([...flags, ...unit.flags, '-c', unit.source, '-o', scratch], root)
        renameSync(scratch, object)
        onCompiled()
      }),
    link: (flags, objects, directory) =>
      compileIn(directory, {}, (where) =>
        run([...flags, ...objects, '-o', 'main.wasm', ...libraries], where),
      ),
  }
}

/**
 * The first native compiler that makes a program out of the trial, or undefined.
 *
 * @param tried - the name of one that did so before, with this very sysroot.
 * @returns `name`: what a build depends on; `lanes`: how much it does at a time; `compile(flags, files,
 *   directory)`: the module's bytes; `compileUnits(flags, units, objects, onCompiled)`; `link(flags,
 *   objects, directory)`: the module's bytes. They throw an error whose `stderr` is the compiler's.
 */
export async function nativeClang({ packageRoot, version, cache, root, flags, tried }) {
  for (const command of NAMES) {
    const text = textOf(command, ['--version'])
    const major = Number(/clang version (\d+)/.exec(text)?.[1] ?? 0)
    if (major < LEAST_VERSION) continue
    // The linker is the one that this clang finds; without one the path is no program.
    const linker = textOf(command, ['-print-prog-name=wasm-ld']).trim()
    const linkerText = textOf(linker, ['--version']).trim()
    if (linkerText === '') continue
    const compiler = compilerOf(command, await sysrootOf(packageRoot, version, cache), root)
    const name = `${text.split('\n')[0]}, ${linkerText}, sysroot ${version}`
    try {
      const scratch = join(cache, `trial-${process.pid}`)
      if (name !== tried) await compiler.compile(flags, { 'main.c': TRIAL }, scratch)
      return { name, ...compiler }
    } catch {
      // The next one may be able to.
    }
  }
  return undefined
}

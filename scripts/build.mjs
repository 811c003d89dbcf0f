// Makes dist/: tsc for the library and the CLI, esbuild for what workers start from.
//
//   node scripts/build.mjs [--force] [root]
//
// Every *-entry.ts is bundled: a worker or a cell starts faster from one file than from many. The
// build goes into a directory of its own and takes dist's place when it is whole: a failed build leaves
// the old dist as it was. A second run with the same inputs does nothing.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { filesBelow } from './source-files.mjs'

const WORKER = 'thread/worker-entry'
const CLI = 'cli/main'
/** Without one of these dist would be broken for its users, so there is no dist without them. */
const ENTRIES = ['index', CLI, WORKER]
/**
 * What Node needs for ES modules, and what it loads of its own because an `import` of a module of Node's
 * looks at each of its names, is 0.8 MiB in each thread. There is one for each process of a container.
 */
const COMMON_JS = [WORKER]
/** Beside src: what decides how it is compiled, and with which versions. */
const SETTINGS = ['tsconfig.json', 'package.json', 'package-lock.json']
const STAMP = '.inputs'
/** CommonJS packages in the bundle ask for Node's own modules with `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
/** Starts workers from a file beside its own. */
const UNBUNDLED = ['piscina']
/** fs-core's links and nodes want the numbers of fs-node-utils, whose door brings the rest: 60 KB. */
const CONSTANTS = { '@jsonjoy.com/fs-node-utils': '@jsonjoy.com/fs-node-utils/lib/constants' }
/**
 * Node reads `--env-file` wherever it stands before a `--`, also behind the script, and does what a
 * NODE_OPTIONS in it says. A guest's environment must not run code on the host. npm's shims on Windows
 * read this line too.
 */
const SHEBANG = '#!/usr/bin/env -S node --\n'

/** What goes wrong for a reason the user can see: its message is the whole output. */
class BuildError extends Error {}

/**
 * Builds `root`/dist unless it is up to date.
 *
 * @param {{ force: boolean }} how
 * @returns {'built' | 'up to date'}
 * @throws BuildError naming the missing entry, or carrying the compiler's own text
 */
function build(root, how) {
  const missing = ENTRIES.filter((entry) => !existsSync(join(root, 'src', `${entry}.ts`)))
  if (missing.length > 0) {
    const files = missing.map((entry) => `src/${entry}.ts`).join(', ')
    throw new BuildError(`cannot build: missing ${files}`)
  }
  const inputs = inputsDigest(root)
  if (!how.force && stampOf(root) === inputs) return 'up to date'
  sweep(root)
  // Named dist so that .gitignore's line covers it.
  const scratch = join(root, `.build-${process.pid}`)
  const dist = join(scratch, 'dist')
  try {
    mkdirSync(dist, { recursive: true })
    compile(root, dist)
    bundleEntries(root, dist)
    makeExecutable(join(dist, `${CLI}.js`))
    writeFileSync(join(dist, STAMP), inputs)
    replace(join(root, 'dist'), dist, join(scratch, 'old'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return 'built'
}

function inputsDigest(root) {
  const hash = createHash('sha256')
  const settings = SETTINGS.filter((path) => existsSync(join(root, path)))
  for (const path of [...settings, ...filesBelow(root, 'src', ['.ts'])]) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.update(readFileSync(fileURLToPath(import.meta.url))).digest('hex')
}

const fileOf = (entry) => `${entry}.${COMMON_JS.includes(entry) ? 'cjs' : 'js'}`

/** The digest dist was built from, if everything a user starts from is there. */
function stampOf(root) {
  const files = [STAMP, ...ENTRIES.map(fileOf)]
  if (!files.every((file) => existsSync(join(root, 'dist', file)))) return undefined
  return readFileSync(join(root, 'dist', STAMP), 'utf8')
}

/** Removes what builds that were killed left behind. */
function sweep(root) {
  for (const name of readdirSync(root)) {
    const pid = /^\.build-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(root, name), { recursive: true, force: true })
    }
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function compile(root, dist) {
  // Not through .bin: on Windows those are scripts that a shell has to run.
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const options = ['-p', 'tsconfig.json', '--outDir', dist, '--noEmitOnError']
  try {
    execFileSync(process.execPath, [tsc, ...options], { cwd: root, encoding: 'utf8' })
  } catch (error) {
    throw new BuildError(`cannot build: tsc\n${error.stdout}${error.stderr}`)
  }
}

function bundleEntries(root, dist) {
  const isCommonJs = (file) => COMMON_JS.some((entry) => file === `src/${entry}.ts`)
  const entries = filesBelow(root, 'src', ['-entry.ts'])
  const shared = {
    absWorkingDir: root,
    outbase: 'src',
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: UNBUNDLED,
    alias: CONSTANTS,
    // Each thread keeps the text it was started from: without comments it is half as much, and has no
    // letter that needs two bytes. Names stay, for traces.
    minifyWhitespace: true,
    logLevel: 'silent',
  }
  const modules = entries.filter((file) => !isCommonJs(file))
  const scripts = entries.filter(isCommonJs)
  try {
    buildSync({ ...shared, entryPoints: modules, format: 'esm', banner: { js: REQUIRE } })
    buildSync({ ...shared, entryPoints: scripts, format: 'cjs', outExtension: { '.js': '.cjs' } })
  } catch (error) {
    throw new BuildError(`cannot build: esbuild\n${error.message}`)
  }
  // tsc's, which nothing starts from.
  for (const entry of COMMON_JS) rmSync(join(dist, `${entry}.js`))
}

function makeExecutable(file) {
  writeFileSync(file, SHEBANG + readFileSync(file, 'utf8'))
  chmodSync(file, 0o755)
}

function replace(dist, next, old) {
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(next, dist)
}

const options = process.argv.slice(2)
const target = resolve(options.find((option) => option !== '--force') ?? '.')
const start = performance.now()
try {
  const done = build(target, { force: options.includes('--force') })
  process.stdout.write(`dist: ${done}, ${Math.round(performance.now() - start)} ms\n`)
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

// Compiles the guests: every guests/**/main.c becomes guests/build/<folder>.wasm.
//
//   node guests/build.mjs [NAME...]
//
// The compiler is a native clang where there is one that can (native-clang.mjs), and else the one from
// npm (npm-clang.mjs), which is the same everywhere; headers and libraries are npm's either way. With
// BULKHEAD_GUEST_COMPILER=npm no native one is looked for. A guest whose source, flags and compiler
// are unchanged is not built again; of one with the SDK only the files are compiled that changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { guestsBelow } from './guest-list.mjs'
import { inLanes } from './in-lanes.mjs'
import { nativeClang } from './native-clang.mjs'
import { npmClang } from './npm-clang.mjs'
import { compileMissing, objectOf, sweepObjects } from './objects.mjs'
import { unitsOf } from './units.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = join(HERE, 'build')
const OBJECTS = join(OUT, 'objects')
const CACHE = join(OUT, 'cache.json')
const WARNINGS = ['-Wall', '-Wextra', '-Werror']
/** Every guest's. */
const linkFlags = (stack) => [`-Wl,-z,stack-size=${stack}`, '-Wl,--max-memory=4294967296']
const STRIPPED = ['-Wl,--strip-all']
/** Where it was compiled is not a guest's to know. */
const debugFlags = (version) => [`-gdwarf-${version}`, '-fdebug-compilation-dir=.']
const flagsOfOne = ({ stack, debug }) => [
  ...['-O2', '-mbulk-memory', ...WARNINGS],
  ...(debug === undefined ? STRIPPED : debugFlags(debug)),
  ...linkFlags(stack),
]
const UNIT_FLAGS = [
  '-O2',
  '-std=gnu11',
  '-D_GNU_SOURCE',
  '-mbulk-memory',
  '-msign-ext',
  '-mnontrapping-fptoint',
  ...WARNINGS,
]
/** A stack that overflows traps: it lies below all data, not above. */
const flagsOfLink = (stack) => ['-Wl,--stack-first', ...STRIPPED, ...linkFlags(stack)]

/** Read beside its entry: the package does not export its package.json. */
const PACKAGE = join(dirname(createRequire(import.meta.url).resolve('@yowasp/clang')), '..')
const { version: VERSION } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))

const say = (line) => process.stdout.write(`${line}\n`)
const scratchOf = (name) => join(OUT, `scratch-${process.pid}-${name}`)

const readCache = () => {
  try {
    return JSON.parse(readFileSync(CACHE, 'utf8'))
  } catch {
    return {}
  }
}

/** The source of a guest of one file and the headers of its group, by the names it includes them with. */
function filesOf({ folder }) {
  const group = dirname(join(HERE, folder))
  const headers = readdirSync(group).filter((name) => name.endsWith('.h'))
  const files = { 'main.c': readFileSync(join(HERE, folder, 'main.c'), 'utf8') }
  for (const name of headers) files[name] = readFileSync(join(group, name), 'utf8')
  return files
}

const digestOf = (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** What to do for a guest of one file: its digest, and how its module comes to be. */
function planOfOne(guest, compiler) {
  const files = filesOf(guest)
  const flags = flagsOfOne(guest)
  return {
    digest: digestOf(compiler.name, flags, files),
    make: () => compiler.compile(flags, files, scratchOf(guest.name)),
  }
}

/** The same for one with the SDK. */
function planOfMany(guest, compiler) {
  const units = unitsOf(HERE, guest.folder, [compiler.name, UNIT_FLAGS])
  const flags = flagsOfLink(guest.stack)
  return {
    digest: digestOf(
      flags,
      units.map(({ digest }) => digest),
    ),
    make: async () => {
      await compileMissing({ units, objects: OBJECTS, flags: UNIT_FLAGS, compiler, say })
      const objects = units.map((unit) => objectOf(OBJECTS, unit))
      return compiler.link(flags, objects, scratchOf(guest.name))
    },
  }
}

async function findCompiler(tried) {
  if (process.env.BULKHEAD_GUEST_COMPILER === 'npm') return npmClang(VERSION)
  const flags = flagsOfOne({ stack: 65_536 })
  const parts = { packageRoot: PACKAGE, version: VERSION, cache: OUT, root: HERE, flags, tried }
  return (await nativeClang(parts)) ?? npmClang(VERSION)
}

/** What a guest that is gone has left would let tests pass that run it. */
function removeOrphans(guests) {
  const known = new Set(guests.map(({ name }) => `${name}.wasm`))
  for (const file of readdirSync(OUT)) {
    if (file.endsWith('.wasm') && !known.has(file)) rmSync(join(OUT, file))
  }
}

async function buildOne(guest, compiler, cache) {
  const { name } = guest
  const output = join(OUT, `${name}.wasm`)
  const { digest, make } = guest.sdk ? planOfMany(guest, compiler) : planOfOne(guest, compiler)
  if (cache[name] === digest && existsSync(output)) return
  say(`building guest ${name}`)
  try {
    writeFileSync(output, await make())
  } catch (error) {
    throw new Error(`guest ${name} does not compile:\n${error.stderr || error.message}`)
  }
  cache[name] = digest
  writeFileSync(CACHE, `${JSON.stringify(cache, undefined, 2)}\n`)
}

/** Compiles what changed. Throws an error that carries the compiler's own text. */
async function buildGuests(names) {
  mkdirSync(OUT, { recursive: true })
  const all = guestsBelow(HERE)
  removeOrphans(all)
  const unknown = names.filter((name) => !all.some((guest) => guest.name === name))
  if (unknown.length > 0) throw new Error(`no such guest: ${unknown.join(', ')}`)
  const guests = names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
  const cache = readCache()
  const compiler = await findCompiler(cache.compiler)
  cache.compiler = compiler.name
  say(`guests: ${compiler.name}`)
  try {
    const small = guests.filter(({ sdk }) => !sdk)
    await inLanes(small, compiler.lanes, (guest) => buildOne(guest, compiler, cache))
    // One after the other: each is compiled in lanes, and the first makes the SDK's objects for all.
    for (const guest of guests.filter(({ sdk }) => sdk)) await buildOne(guest, compiler, cache)
  } finally {
    await compiler.close()
  }
  sweepObjects(OBJECTS)
}

try {
  await buildGuests(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

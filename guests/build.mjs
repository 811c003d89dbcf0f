// Compiles the guests: every guests/**/main.c becomes guests/build/<folder>.wasm.
//
//   node guests/build.mjs [NAME...]
//
// The compiler is a native clang where there is one that can (native-clang.mjs), and else the one from
// npm (@yowasp/clang), which is the same everywhere; headers and libraries are npm's either way. With
// BULKHEAD_GUEST_COMPILER=npm no native one is looked for. A guest whose source, flags and compiler
// are unchanged is not built again.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nativeClang } from './native-clang.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = join(HERE, 'build')
const CACHE = join(OUT, 'cache.json')
const FLAGS = [
  '-O2',
  '-mbulk-memory',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wl,--strip-all',
  '-Wl,-z,stack-size=65536',
  '-Wl,--max-memory=4294967296',
]
/** Read beside its entry: the package does not export its package.json. */
const PACKAGE = join(dirname(createRequire(import.meta.url).resolve('@yowasp/clang')), '..')
const { version: VERSION } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))

/** The guests there are: name, source, and what decides their build. */
export function guests() {
  const found = []
  const visit = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory() && entry.name !== 'build') visit(path)
      else if (entry.name === 'main.c') found.push({ name: basename(directory), source: path })
    }
  }
  visit(HERE)
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const readCache = () => {
  try {
    return JSON.parse(readFileSync(CACHE, 'utf8'))
  } catch {
    return {}
  }
}

/** The source of a guest and the headers of its group, by the names it includes them with. */
function filesOf(source) {
  const group = dirname(dirname(source))
  const headers = readdirSync(group).filter((name) => name.endsWith('.h'))
  const files = { 'main.c': readFileSync(source, 'utf8') }
  for (const name of headers) files[name] = readFileSync(join(group, name), 'utf8')
  return files
}

const digestOf = (files, compiler) =>
  createHash('sha256')
    .update(compiler.name)
    .update(FLAGS.join(' '))
    .update(JSON.stringify(files))
    .digest('hex')

/** The compiler from npm: slow to start, and there wherever this package is. */
const npmClang = () => ({
  name: `@yowasp/clang ${VERSION}`,
  compile: async (flags, files) => {
    const { runClang } = await import('@yowasp/clang')
    let messages = ''
    const stderr = (bytes) => {
      if (bytes) messages += new TextDecoder().decode(bytes)
    }
    try {
      const args = ['clang', ...flags, 'main.c', '-o', 'main.wasm']
      const built = await runClang(args, files, { stderr })
      return built['main.wasm']
    } catch (error) {
      throw Object.assign(error, { stderr: messages })
    }
  },
})

async function findCompiler(tried) {
  if (process.env.BULKHEAD_GUEST_COMPILER === 'npm') return npmClang()
  const parts = { packageRoot: PACKAGE, version: VERSION, cache: OUT, flags: FLAGS, tried }
  return (await nativeClang(parts)) ?? npmClang()
}

/** What a guest that is gone has left would let tests pass that run it. */
function removeOrphans() {
  const known = new Set(guests().map(({ name }) => `${name}.wasm`))
  for (const file of readdirSync(OUT)) {
    if (file.endsWith('.wasm') && !known.has(file)) rmSync(join(OUT, file))
  }
}

/** Compiles what changed. Throws an error that carries the compiler's own text. */
export async function buildGuests(names = []) {
  mkdirSync(OUT, { recursive: true })
  removeOrphans()
  const cache = readCache()
  const compiler = await findCompiler(cache.compiler)
  cache.compiler = compiler.name
  for (const { name, source } of guests()) {
    if (names.length > 0 && !names.includes(name)) continue
    const files = filesOf(source)
    const digest = digestOf(files, compiler)
    const output = join(OUT, `${name}.wasm`)
    if (cache[name] === digest && existsSync(output)) continue
    process.stdout.write(`building guest ${name} with ${compiler.name}\n`)
    try {
      const scratch = join(OUT, `scratch-${process.pid}`)
      writeFileSync(output, await compiler.compile(FLAGS, files, scratch))
    } catch (error) {
      throw new Error(`guest ${name} does not compile:\n${error.stderr || error.message}`)
    }
    cache[name] = digest
    writeFileSync(CACHE, `${JSON.stringify(cache, undefined, 2)}\n`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildGuests(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

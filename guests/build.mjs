// Compiles the guests: every guests/**/main.c becomes guests/build/<folder>.wasm.
//
//   node guests/build.mjs [NAME...]
//
// The compiler comes from npm (@yowasp/clang), so that it is the same everywhere. A guest whose
// source, flags and compiler are unchanged is not built again.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

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
const COMPILER = JSON.parse(
  readFileSync(
    join(dirname(createRequire(import.meta.url).resolve('@yowasp/clang')), '..', 'package.json'),
    'utf8',
  ),
).version

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

const digestOf = (files) =>
  createHash('sha256')
    .update(COMPILER)
    .update(FLAGS.join(' '))
    .update(JSON.stringify(files))
    .digest('hex')

/** Compiles what changed. Throws an error that carries the compiler's own text. */
export async function buildGuests(names = []) {
  mkdirSync(OUT, { recursive: true })
  const cache = readCache()
  let compile
  for (const { name, source } of guests()) {
    if (names.length > 0 && !names.includes(name)) continue
    const files = filesOf(source)
    const digest = digestOf(files)
    const output = join(OUT, `${name}.wasm`)
    if (cache[name] === digest && existsSync(output)) continue
    process.stdout.write(`building guest ${name}\n`)
    compile ??= (await import('@yowasp/clang')).runClang
    writeFileSync(output, await compiled(compile, name, files))
    cache[name] = digest
    writeFileSync(CACHE, `${JSON.stringify(cache, undefined, 2)}\n`)
  }
}

async function compiled(compile, name, files) {
  let messages = ''
  const stderr = (bytes) => {
    if (bytes) messages += new TextDecoder().decode(bytes)
  }
  try {
    const built = await compile(['clang', ...FLAGS, 'main.c', '-o', 'main.wasm'], files, { stderr })
    return built['main.wasm']
  } catch (error) {
    throw new Error(`guest ${name} does not compile:\n${messages || error.message}`)
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

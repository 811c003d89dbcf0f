// What a guest with the SDK is compiled from: units, each a C file with everything it includes.
//
// A unit's digest is of the texts it is made of and of how it is compiled, so an object is kept under it
// and is right for as long as it is found. Includes are looked for anew each time, not remembered from
// the last compilation: a header that comes to stand in front of another one is seen.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'

const SDK = 'sdk/c'
const INCLUDE = /^[ \t]*#[ \t]*include(?:_next)?[ \t]+(.*)$/gm
const NAMED = /^(?:"([^"\n]+)"|<([^>\n]+)>)/

/** Where C files are, and where what they include is looked for besides the folder of who includes. */
const setOf = (sources, quoted) => ({ sources, quoted, angled: [`${SDK}/include`] })

function cFilesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => `${folder}/${path.replaceAll(sep, '/')}`)
    .filter((path) => path.endsWith('.c'))
    .sort()
}

/** Reads each file once, and knows what it includes. */
function readerOf(root) {
  const texts = new Map()
  return (path) => {
    if (!texts.has(path)) {
      const file = join(root, path)
      texts.set(path, existsSync(file) ? readFileSync(file, 'utf8') : undefined)
    }
    return texts.get(path)
  }
}

/** The names a text includes. One that a macro would spell cannot be followed. */
function includesOf(path, text) {
  return [...text.matchAll(INCLUDE)].map(([, spelled]) => {
    const found = NAMED.exec(spelled)
    if (found === null) throw new Error(`${path}: #include ${spelled}: the build cannot follow it`)
    return { name: found[1] ?? found[2], quoted: found[1] !== undefined }
  })
}

/** Path and text of a source and of all that it includes from below the root. */
function closureOf(source, set, read) {
  const files = new Map()
  const visit = (path) => {
    const text = read(path)
    if (text === undefined || files.has(path)) return
    files.set(path, text)
    for (const { name, quoted } of includesOf(path, text)) {
      const folders = quoted ? [posix.dirname(path), ...set.quoted, ...set.angled] : set.angled
      // All that bear the name: which one is meant is the compiler's to say, and may be the next.
      for (const folder of folders) visit(posix.join(folder, name))
    }
  }
  visit(source)
  return files
}

/** The flags that make the compiler look where `closureOf` did, from the root. */
const flagsOf = (set) => [
  ...set.quoted.flatMap((folder) => ['-iquote', folder]),
  ...set.angled.flatMap((folder) => ['-I', folder]),
]

/**
 * The units of a guest and of the SDK, in an order that does not change.
 *
 * @param folder - the guest's, relative to `root`, as are all paths here.
 * @param salt - what else decides how a unit comes out: the compiler and its flags.
 * @returns {{ source: string, flags: string[], files: Map<string, string>, digest: string }[]}
 */
export function unitsOf(root, folder, salt) {
  const read = readerOf(root)
  const sets = [
    setOf(cFilesBelow(root, `${SDK}/src`), [`${SDK}/src`]),
    setOf(cFilesBelow(root, folder), [folder, posix.dirname(folder)]),
  ]
  return sets.flatMap((set) =>
    set.sources.map((source) => {
      const flags = flagsOf(set)
      const files = closureOf(source, set, read)
      const parts = JSON.stringify([salt, flags, source, ...files])
      return { source, flags, files, digest: createHash('sha256').update(parts).digest('hex') }
    }),
  )
}

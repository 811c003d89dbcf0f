// Which guests there are: every folder below guests/ that holds a main.c.
//
// Beside it a guest.json may stand: { "sdk": true, "stack": 1048576 }. Such a guest is all the C files
// below its folder, linked with the SDK (sdk/c); without one it is the one file. With { "debug": 4 } it
// is one file too, and keeps its names and its source lines in that version of DWARF.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'

/** Not guests: what is built, and what guests are linked with. */
const OTHERS = ['build', 'sdk']
/** Bytes. What a guest has that says nothing. */
const STACK = 65_536
const MOST_STACK = 64 * 2 ** 20

const DEBUG_VERSIONS = [4, 5]

/** @returns {{ sdk: boolean, stack: number, debug: number | undefined }} */
function settingsOf(folder) {
  const file = join(folder, 'guest.json')
  if (!existsSync(file)) return { sdk: false, stack: STACK, debug: undefined }
  const { sdk = false, stack = STACK, debug, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
  const isStack =
    Number.isInteger(stack) && stack >= 1024 && stack <= MOST_STACK && stack % 16 === 0
  const isKind = debug === undefined ? sdk === true : !sdk && DEBUG_VERSIONS.includes(debug)
  if (!isKind || !isStack || Object.keys(rest).length > 0) {
    throw new Error(`${file}: wants { "sdk": true, "stack": BYTES } or { "debug": 4 }, and no more`)
  }
  return { sdk, stack, debug }
}

/**
 * The guests below `root`, sorted by name.
 *
 * @returns {{ name: string, folder: string, sdk: boolean, stack: number, debug: number | undefined }[]}
 *   `folder` is relative to `root` and has slashes everywhere.
 */
export function guestsBelow(root) {
  const found = []
  const visit = (folder) => {
    const entries = readdirSync(folder, { withFileTypes: true })
    if (entries.some(({ name }) => name === 'main.c')) {
      const path = relative(root, folder).replaceAll(sep, '/')
      const settings = settingsOf(folder)
      found.push({ name: basename(folder), folder: path, ...settings })
      // What is below is part of it.
      if (settings.sdk) return
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !OTHERS.includes(entry.name)) visit(join(folder, entry.name))
    }
  }
  visit(root)
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

// A root of guests of ours, made by hand: what a bench needs of an image, and no more.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const built = (name) =>
  fileURLToPath(new URL(`../guests/build/${name}.wasm`, import.meta.url))

const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n }
export const directory = (path) => ({ ...plain, path, type: 'directory', size: 0 })
export function program(path, name) {
  const bytes = readFileSync(built(name))
  return { ...plain, path, type: 'regular', size: bytes.length, source: { kind: 'bytes', bytes } }
}
const tool = (name) => ({
  ...plain,
  path: `/bin/${name}`,
  type: 'symlink',
  size: 0,
  linkTarget: 'userland',
})
/** The shell and its tools, of which these have names. */
export const userland = (...tools) => [
  directory('/'),
  directory('/bin'),
  program('/bin/userland', 'userland'),
  ...tools.map(tool),
]

/** The modules of these guests by name, and a root of these files. */
export async function prepared(cell, names, files) {
  const modules = await Promise.all(
    names.map((name) => cell.prepareModule({ kind: 'host-file', path: built(name) })),
  )
  const root = await cell.prepareRoot('bench', async () => files)
  return { root, ...Object.fromEntries(names.map((name, at) => [name, modules[at]])) }
}

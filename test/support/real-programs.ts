import { fileURLToPath } from 'node:url'
import { openImages } from '../../src/host/images.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** Apart from the images of the tests: nothing removes them. */
const DIRECTORY = at('node_modules/.cache/real-programs')

/** Every program of the catalogue that is not ours: its image, and its path in there. */
const PLACES = {
  clang: ['clang', '/bin/clang'],
  php: ['php', '/bin/php'],
  python: ['python', '/bin/python'],
  quickjs: ['quickjs', '/bin/quickjs'],
  ruby: ['ruby', '/bin/ruby'],
  sqlite: ['sqlite', '/bin/sqlite'],
  'wasm-ld': ['clang', '/bin/wasm-ld'],
} as const

type RealProgram = keyof typeof PLACES
export const REAL_PROGRAMS = Object.keys(PLACES) as readonly RealProgram[] // its keys

/** Where a program's module is on this machine; pulled by the product itself when it is not here. */
export async function realProgram(program: RealProgram): Promise<string> {
  const [image, path] = PLACES[program]
  const images = openImages({ dataDirectory: DIRECTORY, packageRoot: at('.') })
  const files = await (await images.root(image, {})).files()
  const source = files.find((file) => file.path === path)?.source
  if (source?.kind !== 'host-file') throw new TypeError(`${image} has no file ${path}`)
  return source.path
}

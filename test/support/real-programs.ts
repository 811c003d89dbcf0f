import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Blobs } from '../../src/engine/content/blobs.ts'
import { readCatalogue } from '../../src/engine/image/catalogue.ts'
import { ImageStore } from '../../src/engine/image/image-store.ts'
import { pullImage } from '../../src/engine/image/pull.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** Apart from the images of the tests: nothing removes them. */
const DIRECTORY = at('node_modules/.cache/real-programs')

/** Real programs, by their file in the package that the catalogue's python comes from. */
export const REAL_PROGRAMS = [
  'clang',
  'php-cgi-8.2.0',
  'python-3.11.3',
  'ruby-3.2.0',
  'sqlite',
  'wasm-ld',
  'wasmedge_quickjs',
] as const

/** Where each program's module is; pulled by the product itself when it is not here. */
export async function realPrograms(): Promise<(name: string) => string> {
  const blobs = new Blobs(join(DIRECTORY, 'blobs'))
  const images = new ImageStore(join(DIRECTORY, 'images'))
  const python = readCatalogue(at('catalogue.json')).get('python')
  if (python === undefined) throw new TypeError('the catalogue has no python')
  const files = REAL_PROGRAMS.map((name) => ({ from: `dist/langs/${name}.wasm`, to: `/${name}` }))
  let image = images.find('real-programs')
  if (image === undefined) {
    const guests = at('guests/build')
    image = await pullImage({ ...python, name: 'real-programs', files }, { blobs, guests })
    images.put(image)
  }
  const stored = image.files
  return (name) => {
    const file = stored.find(({ path }) => path === `/${name}`)
    if (file === undefined) throw new TypeError(`${name} was not pulled`)
    return blobs.path(file.digest)
  }
}

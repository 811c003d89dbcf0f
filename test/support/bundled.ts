import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** A test's own program as one file that a worker can start from, and how to remove it. */
export function bundled(source: string): { readonly file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'program-'))
  const file = join(directory, 'program.mjs')
  const require =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
  buildSync({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: require },
    outfile: file,
  })
  return { file, remove: () => rmSync(directory, { recursive: true }) }
}

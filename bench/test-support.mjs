// What the tests have and a bench wants too, built from their TypeScript.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A module of test/support. */
export async function testSupport(name) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../test/support/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  })
  const text = Buffer.from(outputFiles[0].contents).toString('base64')
  return await import(`data:text/javascript;base64,${text}`)
}

/** The rows of the hostile corpus that never end by themselves. */
export async function endlessGuests() {
  const { CORPUS } = await testSupport('hostile-corpus')
  return CORPUS.filter(({ expect }) => expect.end === 'killed' || expect.end === 'woken')
}

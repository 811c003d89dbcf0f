// Prints docs/COMPATIBILITY.md from the table of calls.
//
//   node scripts/compatibility.mjs           writes the file
//   node scripts/compatibility.mjs --print   prints it
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const ROOT = new URL('..', import.meta.url)
const TARGET = fileURLToPath(new URL('docs/COMPATIBILITY.md', ROOT))
const SIGN = { full: 'yes', partial: 'partly', none: 'no' }

/** The table as it is in the source: Node 20 does not read TypeScript. */
async function table() {
  const entry = fileURLToPath(new URL('src/abi/preview1/table.ts', ROOT))
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    write: false,
    platform: 'neutral',
  })
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  return (await import(url)).PREVIEW1
}

function document(calls) {
  const rows = Object.entries(calls).map(
    ([name, row]) => `| \`${name}\` | ${SIGN[row.support]} | ${row.why ?? ''} |`,
  )
  const count = (support) => Object.values(calls).filter((row) => row.support === support).length
  return [
    '# Compatibility',
    '',
    'Printed by `node scripts/compatibility.mjs` from `src/abi/preview1/table.ts`; do not edit.',
    '',
    '## `wasi_snapshot_preview1`',
    '',
    `${rows.length} calls: ${count('full')} yes, ${count('partial')} partly, ${count('none')} no.`,
    '',
    '| call | there | remark |',
    '|---|---|---|',
    ...rows,
    '',
    '## `wasi_unstable`',
    '',
    'The same calls with the layouts of snapshot 0: `whence`, `filestat` (56 bytes) and',
    '`subscription` (56 bytes).',
    '',
    'An unknown call of either module answers ENOSYS; an import of any other module is refused.',
    '',
  ].join('\n')
}

const text = document(await table())
if (process.argv.includes('--print')) process.stdout.write(text)
else writeFileSync(TARGET, text)

// Prints docs/COMPATIBILITY.md from the tables of calls.
//
//   node scripts/compatibility.mjs           writes the file
//   node scripts/compatibility.mjs --print   prints it
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const ROOT = new URL('..', import.meta.url)
const TARGET = fileURLToPath(new URL('docs/COMPATIBILITY.md', ROOT))
const SIGN = { full: 'yes', partial: 'partly', none: 'no' }

/** The tables as they are in the source: Node 20 does not read TypeScript. */
async function tables() {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        export { PREVIEW1 } from './preview1/table.ts'
        export { SNAPSHOT0 } from './snapshot0/table.ts'
        export { WASIX } from './wasix/table.ts'
        export { BULKHEAD } from './bulkhead/table.ts'
        export { WASMEDGE_SOCKETS } from './wasmedge/table.ts'`,
      resolveDir: fileURLToPath(new URL('src/abi', ROOT)),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    write: false,
    platform: 'neutral',
  })
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  return await import(url)
}

const rowsOf = (calls) => [
  '| call | there | remark |',
  '|---|---|---|',
  ...Object.entries(calls).map(
    ([name, row]) => `| \`${name}\` | ${SIGN[row.support]} | ${row.why ?? ''} |`,
  ),
]

function countsOf(calls) {
  const rows = Object.values(calls)
  const count = (support) => rows.filter((row) => row.support === support).length
  return `${rows.length} calls: ${count('full')} yes, ${count('partial')} partly, ${count('none')} no.`
}

const names = (calls) => calls.map((name) => `\`${name}\``).join(', ')

function document({ PREVIEW1, SNAPSHOT0, WASMEDGE_SOCKETS, WASIX, BULKHEAD }) {
  const later = Object.keys(PREVIEW1).filter((name) => !(name in SNAPSHOT0))
  const changed = Object.keys(SNAPSHOT0).filter((name) => SNAPSHOT0[name] !== PREVIEW1[name])
  return [
    '# Compatibility',
    '',
    'Printed by `node scripts/compatibility.mjs` from the tables below `src/abi/`; do not edit.',
    '',
    '## `wasi_snapshot_preview1`',
    '',
    countsOf(PREVIEW1),
    '',
    ...rowsOf(PREVIEW1),
    '',
    '## `wasi_unstable`',
    '',
    `${countsOf(SNAPSHOT0)} The same calls without ${names(later)}, and with the`,
    'layouts of snapshot 0: `whence`, `filestat` (56 bytes) and `subscription` (56 bytes). These differ:',
    `${names(changed)}.`,
    '',
    '## WasmEdge',
    '',
    'A module that imports `sock_open` from `wasi_snapshot_preview1` was made for WasmEdge. It has the',
    `calls of preview1, and in the place of one and beside the others these. ${countsOf(WASMEDGE_SOCKETS)}`,
    '',
    ...rowsOf(WASMEDGE_SOCKETS),
    '',
    '## `wasix_32v1`',
    '',
    `${countsOf(WASIX)} A module that imports anything`,
    'from here or from `bulkhead_v1` gets a copy of `fd_renumber`: its libc makes `dup2` of it.',
    '',
    ...rowsOf(WASIX),
    '',
    '## `bulkhead_v1`',
    '',
    `${countsOf(BULKHEAD)} What POSIX programs need and WASI has not; the C header and its layouts are`,
    '`guests/sdk/c/include/bulkhead.h`. A program that imports it has no preopens: paths start at its',
    'working directory, which is the descriptor 0x3ffffffe, or at `/`, which is 0x3fffffff.',
    '',
    ...rowsOf(BULKHEAD),
    '',
    'An unknown call of the first three answers ENOSYS. A module that imports what the last two have not is',
    'refused with all the names that are missing, and so is an import of any other module.',
    '',
  ].join('\n')
}

const text = document(await tables())
if (process.argv.includes('--print')) process.stdout.write(text)
else writeFileSync(TARGET, text)

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

interface Kernel {
  readonly name: string
  readonly set: string
  /** A small n, and the checksum a native build of the same source gives for it. */
  readonly check: { readonly n: number; readonly sum: number }
}
// The shape of the table in bench/.
const KERNELS = JSON.parse(readFileSync('bench/kernels.json', 'utf8')) as readonly Kernel[]

/** The meter is tuned on these. */
const TUNING = [
  'kernel-gemm',
  'kernel-mm2',
  'kernel-floyd',
  'kernel-jacobi',
  'kernel-nussinov',
  'kernel-lu',
  'kernel-spectral',
  'kernel-nbody',
  'kernel-mandel',
  'kernel-coremark',
  'kernel-sha256',
  'kernel-aes',
  'kernel-crc',
  'kernel-inflate',
  'kernel-hash',
  'kernel-qsort',
  'kernel-fannkuch',
  'kernel-regex',
  'kernel-fib',
  'kernel-tak',
  'kernel-vm',
]
/** Not what the meter is tuned on, but looked at since they were written: they had a part in decisions. */
const SEEN = [
  'kernel-richards',
  'kernel-deltablue',
  'kernel-json',
  'kernel-lz',
  'kernel-levenshtein',
  'kernel-life',
  'kernel-trees',
  'kernel-utf8',
  'kernel-pidigits',
  'kernel-knapsack',
  'kernel-astar',
  'kernel-md5',
  'kernel-invert',
  'kernel-convolve',
  'kernel-lru',
  'kernel-markdown',
  'kernel-btree',
  'kernel-huffman',
  'kernel-raster',
  'kernel-blake2b',
  'kernel-base64',
  'kernel-lisp',
  'kernel-modexp',
  'kernel-dct',
  'kernel-sudoku',
  'kernel-words',
  'kernel-csv',
  'kernel-url',
  'kernel-format',
  'kernel-lexer',
  'kernel-diff',
  'kernel-derive',
  'kernel-postings',
  'kernel-store',
  'kernel-fft',
  'kernel-kmeans',
  'kernel-chacha',
  'kernel-ranges',
  'kernel-chess',
  'kernel-plan',
  'kernel-adpcm',
  'kernel-bits',
  'kernel-calendar',
  'kernel-curve',
  'kernel-edit',
  'kernel-events',
  'kernel-glob',
  'kernel-hull',
  'kernel-liveness',
  'kernel-routes',
  'kernel-template',
  'kernel-toml',
]
/** Not measured before everything else is done, and then once. Looking at one before spoils it. */
const UNSEEN = [
  'kernel-bayes',
  'kernel-bzip',
  'kernel-chart',
  'kernel-gc',
  'kernel-packet',
  'kernel-rational',
  'kernel-sat',
  'kernel-shell',
  'kernel-sql',
  'kernel-tetra',
  'kernel-warp',
  'kernel-xml',
]

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: directory })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

/** The kernel as its author wrote it: no host, no meter. */
function plain(name: string, n: number): number {
  const module = new WebAssembly.Module(readFileSync(`guests/build/kernel-${name}.wasm`))
  const { exports } = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: Object.fromEntries(
      WebAssembly.Module.imports(module).map((wanted) => [wanted.name, () => 0]),
    ),
  })
  // Every kernel exports it: guests/bench/kernel.h.
  const run = exports['run'] as (n: number) => number
  return run(n) >>> 0
}

describe('bench kernels', () => {
  it('have a row for each program there is', () => {
    const programs = readdirSync('guests/bench').filter((entry) => entry.startsWith('kernel-'))
    expect(KERNELS.map(({ name }) => `kernel-${name}`).sort()).toEqual(programs.sort())
  })

  it('are 21 for tuning, 52 that have been looked at, and 12 that nobody has measured', () => {
    const named = (set: string) =>
      KERNELS.filter((kernel) => kernel.set === set).map(({ name }) => `kernel-${name}`)
    expect(named('tuning')).toEqual(TUNING)
    expect(named('seen')).toEqual(SEEN)
    expect(named('unseen')).toEqual(UNSEEN)
    expect([TUNING.length, SEEN.length, UNSEEN.length]).toEqual([21, 52, 12])
  })

  it.each(KERNELS)('$name gives the native checksum, metered or not', async ({ name, check }) => {
    expect(plain(name, check.n)).toBe(check.sum)
    const module = `guests/build/kernel-${name}.wasm`
    const done = await host.run({ module, args: [String(check.n)] })
    expect([done.text(), done.message]).toEqual([`${check.sum}\n`, undefined])
    expect(done.exitCode).toBe(0)
  })
})

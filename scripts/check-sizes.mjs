// Holds the sizes of STYLE's budget that Biome cannot see, because they are about the tree:
// median and 90th percentile of the lines per source file. node scripts/check-sizes.mjs [root]
import { resolve } from 'node:path'
import { filesBelow, report, textOf } from './source-files.mjs'

/** Lines per file of src. Caps for single files and functions are Biome's (biome.json). */
const MEDIAN = 90
const NINETIETH = 250

const root = resolve(process.argv[2] ?? '.')
const sizes = filesBelow(root, 'src', ['.ts'])
  .filter((path) => !path.endsWith('.d.ts'))
  .map((path) => textOf(root, path).split('\n').length - 1)
  .sort((a, b) => a - b)

/** The nearest-rank percentile; NaN for an empty tree, which fails below. */
const percentile = (share) => sizes[Math.ceil(share * sizes.length) - 1] ?? Number.NaN

const findings = [
  ['median-size', percentile(0.5), MEDIAN],
  ['ninetieth-percentile-size', percentile(0.9), NINETIETH],
].filter(([, lines, most]) => !(lines <= most))

process.stdout.write(`median ${percentile(0.5)}, 90th percentile ${percentile(0.9)} lines\n`)
report(
  'sizes',
  findings.map(([rule, lines, most]) => ({ rule, at: `${lines} lines, at most ${most}` })),
  sizes.length,
)

// The long form of what `npm test` does in short: node scripts/nightly.mjs
//
// 100,000 random modules, plain against metered against the naive reference, instead of 2,000. The
// seeds begin where BULKHEAD_RANDOM_SEED says; the default leaves those of `npm test` out.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const MODULES = '100000'
const FIRST_SEED = '1000000'

const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/unit/wasm/random.test.ts'], {
  stdio: 'inherit',
  env: { BULKHEAD_RANDOM_MODULES: MODULES, BULKHEAD_RANDOM_SEED: FIRST_SEED, ...process.env },
})
process.exitCode = status ?? 1

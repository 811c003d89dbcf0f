// The long form of what `npm test` does in short: node scripts/nightly.mjs
//
// 100,000 random modules, plain against metered against the naive reference, instead of 2,000; and
// 100,000 mutated ones instead of 4,000. The seeds begin where BULKHEAD_RANDOM_SEED says; the default
// leaves those of `npm test` out. And a daemon killed 200 times at random moments instead of 20, and 10,000
// processes started and ended in a container instead of 1,000. Last, 1,000 kills of each guest that never
// ends: the machine should be idle for that, and BULKHEAD_KILLS=0 leaves it out.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const COUNT = '100000'
const TESTS = [
  'test/unit/wasm/random.test.ts',
  'test/unit/wasm/fuzz.test.ts',
  'test/e2e/crash.test.ts',
  'test/contract/in-process-cell.test.ts',
  'test/contract/child-cell.test.ts',
]
/** What is set already stays as it is. */
const LONG = {
  BULKHEAD_RANDOM_MODULES: COUNT,
  BULKHEAD_RANDOM_SEED: '1000000',
  BULKHEAD_MUTANTS: COUNT,
  BULKHEAD_CRASH_ROUNDS: '200',
  BULKHEAD_CRASH_SEED: '1000000',
  BULKHEAD_SPAWN_CYCLES: '10000',
}

const KILLS = process.env.BULKHEAD_KILLS ?? '1000'

const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs')
const bench = fileURLToPath(new URL('../bench/main.mjs', import.meta.url))
const STEPS = [
  [vitest, 'run', ...TESTS],
  ...(KILLS === '0' ? [] : [['--no-warnings', bench, 'kill', '--kills', KILLS]]),
]

/** All of them, also behind one that failed. */
const failed = STEPS.filter((step) => {
  const env = { ...LONG, ...process.env }
  return spawnSync(process.execPath, step, { stdio: 'inherit', env }).status !== 0
})
process.exitCode = failed.length === 0 ? 0 : 1

// Before the first test that runs on something built: dist/ and the guests, each once and each only
// if its inputs changed. A test run that needs neither never comes here (vitest.config.ts).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Each build, and the file without which there is nothing to build. */
const BUILDS = [
  ['scripts/build.mjs', 'src/thread/worker-entry.ts'],
  ['guests/build.mjs', 'guests/build.mjs'],
] as const

export default function setup(): void {
  for (const [script, subject] of BUILDS) {
    if (!existsSync(subject)) continue
    const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
    if (status !== 0) throw new Error(`${script} failed: the tests would run on an old build`)
  }
}

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Folders whose tests run on what is built: dist/ and the guest programs. */
const BUILT = ['contract', 'conformance', 'guests', 'e2e', 'security']
/** Folders whose tests read src alone. `house` tests the gates themselves. */
const SOURCE = ['unit', 'house', 'stress']
/** They measure what a guest gets of the machine's CPU: nothing runs beside them. */
const ALONE = ['test/e2e/cgroup.test.ts', 'test/e2e/docker-freezer.test.ts']

/** Vitest's own choice would leave one of two cores idle. */
const maxWorkers = Math.max(2, availableParallelism() - 1)
const globalSetup = ['test/support/global-setup.ts']
const tests = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)
const floor = (branches: number) => ({ branches })

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers,
    projects: [
      { extends: true, test: { name: 'source', include: tests(SOURCE) } },
      {
        extends: true,
        test: { name: 'built', include: tests(BUILT), exclude: ALONE, globalSetup },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          globalSetup,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    // `npm run coverage`. Worker code runs from dist/ and is not counted.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.d.ts'],
      thresholds: {
        'src/wasm/**': floor(95),
        'src/kernel/**': floor(95),
        'src/abi/**': floor(95),
        'src/!(wasm|kernel|abi)/**': floor(85),
      },
    },
  },
})

import { defineConfig } from 'vitest/config'

/** Folders whose tests run on what is built: dist/ and the guest programs. */
const BUILT = ['contract', 'conformance', 'guests', 'e2e', 'security']
/** Folders whose tests read src alone. `house` tests the gates themselves. */
const SOURCE = ['unit', 'house', 'stress']

const tests = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)
const floor = (branches: number) => ({ branches })

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    projects: [
      { extends: true, test: { name: 'source', include: tests(SOURCE) } },
      {
        extends: true,
        test: {
          name: 'built',
          include: tests(BUILT),
          globalSetup: ['test/support/global-setup.ts'],
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

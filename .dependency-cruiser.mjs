import { RULES } from './scripts/layers.mjs'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: RULES,
  options: {
    // Before compilation: type-only imports are layers too, and tsc removes them.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    doNotFollow: { path: ['node_modules', '^dist/'] },
    // Biome and the house tests look after these.
    exclude: { path: ['^guests/build/'] },
  },
}

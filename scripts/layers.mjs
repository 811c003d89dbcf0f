// The layers of the house: each folder of src, and what it may import. Inner layers first.
// dependency-cruiser's rules are made from these tables (.dependency-cruiser.mjs), and
// scripts/check-layers.mjs holds the tree to them.

/** Folders of src that compile without Node's types and never import `node:`. */
export const CORE = ['contract', 'std', 'wasm', 'kernel', 'abi']

/**
 * A row per folder. `all`: may be imported whole; `types`: with `import type` only, so that the
 * value behind the interface is injected; `files`: single files of a folder otherwise closed.
 * A folder may always import itself.
 */
export const LAYERS = {
  contract: {},
  std: {},
  wasm: { all: ['contract', 'std'] },
  kernel: { all: ['contract', 'std'] },
  abi: { all: ['contract', 'std', 'kernel'] },
  thread: { all: ['contract', 'std', 'wasm', 'kernel', 'abi'] },
  cell: { all: ['contract', 'std', 'wasm', 'thread'], types: ['kernel'] },
  // The Cell port is contract/cell.ts: the engine never sees the cell behind it.
  engine: { all: ['contract', 'std'], files: ['wasm/admit.ts', 'wasm/limits.ts'] },
  api: { all: ['contract', 'std', 'engine'] },
  host: {
    all: ['contract', 'std', 'wasm', 'kernel', 'abi', 'thread', 'cell', 'engine', 'api'],
  },
  cli: { all: ['contract', 'std', 'host', 'api'], files: ['index.ts'] },
}

/** Files of src beside the folders: the library's door, which may import everything, and ambient
 * declarations. */
export const isRootFile = (name) => name === 'index.ts' || name.endsWith('.d.ts')

/** A row per package that src may import, and the paths below src that may import it. */
export const PACKAGE_DOORS = {
  memfs: ['thread/inode-store.ts'],
  '@jsonjoy.com': ['thread/inode-store.ts'],
  hono: ['api/', 'host/'],
  '@hono': ['api/', 'host/'],
  piscina: ['cell/'],
  pacote: ['engine/image/'],
  'npm-registry-fetch': ['engine/image/'],
  'tar-stream': ['engine/', 'thread/tree/'],
  commander: ['cli/'],
  zod: ['api/', 'cell/child/answers.ts', 'engine/store/', 'host/read-settings.ts'],
  libsql: ['engine/store/'],
  pino: ['host/'],
  'prom-client': ['host/'],
  ws: ['api/'],
}

const anchored = (paths) => paths.map((path) => `^src/${path.replaceAll('.', '\\.')}`)
const folders = (names) => anchored(names.map((name) => `${name}/`))
/** A package as it is imported, or as the path it resolves to. */
const packagePath = (name) => `(^|node_modules/)${name.replaceAll('.', '\\.')}(/|$)`

/** @returns {import('dependency-cruiser').IForbiddenRuleType[]} */
function layerRules() {
  return Object.entries(LAYERS).flatMap(([folder, { all = [], types = [], files = [] }]) => [
    {
      name: `layer-${folder}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: {
        path: '^src/',
        pathNot: [...folders([folder, ...all, ...types]), ...anchored(files.map((f) => `${f}$`))],
      },
    },
    ...types.map((name) => ({
      name: `layer-${folder}-takes-only-types-of-${name}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: `^src/${name}/`, dependencyTypesNot: ['type-only'] },
    })),
  ])
}

function packageRules() {
  return Object.entries(PACKAGE_DOORS).map(([name, doors]) => ({
    name: `door-of-${name}`,
    severity: 'error',
    from: { path: '^src/', pathNot: anchored(doors) },
    to: { path: packagePath(name) },
  }))
}

/** Every rule, for dependency-cruiser. */
export const RULES = [
  ...layerRules(),
  ...packageRules(),
  {
    name: 'package-without-a-door',
    comment: 'src imports only packages that have a row in PACKAGE_DOORS',
    severity: 'error',
    from: { path: '^src/' },
    to: {
      pathNot: ['^src/', ...Object.keys(PACKAGE_DOORS).map(packagePath)],
      dependencyTypesNot: ['core', 'local', 'unknown', 'undetermined'],
    },
  },
  {
    name: 'core-without-node',
    comment: 'the pure core runs in any JavaScript engine',
    severity: 'error',
    from: { path: folders(CORE) },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'src-stays-in-src',
    severity: 'error',
    from: { path: '^src/' },
    to: { pathNot: '^src/', dependencyTypes: ['local'] },
  },
  {
    name: 'e2e-through-public-doors',
    comment: 'end-to-end tests use what users use: the library, the CLI, the API',
    severity: 'error',
    from: { path: '^test/e2e/' },
    to: { path: '^(src|dist)/', pathNot: ['^src/index\\.ts$', '^dist/index\\.js$'] },
  },
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'resolvable',
    comment: "an import that leads nowhere would slip past every other rule; packages are tsc's",
    severity: 'error',
    from: {},
    to: { path: '^\\.', couldNotResolve: true },
  },
]

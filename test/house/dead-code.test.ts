import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { plantTree } from './planted-tree.ts'

const KNIP = 'node_modules/knip/bin/knip.js'
const STRICT = ['--treat-config-hints-as-errors', '--reporter=json']
const CONFIGS = ['knip.json', 'tsconfig.json', 'tsconfig.test.json', 'vitest.config.ts']

/** What knip.json forgets until its first user comes: a tree without them would make it complain. */
const FORGOTTEN = (
  JSON.parse(readFileSync('knip.json', 'utf8')) as { ignoreDependencies?: readonly string[] }
).ignoreDependencies

const uses = (path: string) => `import { used } from '${path}'\nused()\n`
/** A tree with something for each pattern of knip.json. */
const CLEAN = {
  'src/index.ts': uses('./std/a.ts'),
  'src/cli/main.ts': uses('../std/a.ts'),
  'src/thread/worker-entry.ts': uses('../std/a.ts'),
  'src/std/a.ts': 'export const used = () => 1\n',
  'scripts/a.mjs': 'process.exitCode = 0\n',
  'guests/build.mjs': 'process.exitCode = 0\n',
  'bench/a.mjs': 'process.exitCode = 0\n',
  'test/unit/a.test.ts': "import { it } from 'vitest'\nit('does', () => {})\n",
  'test/stress/programs/a.ts': 'process.exitCode = 0\n',
  'test/support/global-setup.ts': 'export default () => {}\n',
  'package.json': JSON.stringify({
    name: 'planted',
    type: 'module',
    bin: 'dist/cli/main.js',
    exports: './dist/index.js',
    scripts: { test: 'vitest run', dead: 'knip', lint: 'oxlint --type-aware' },
    dependencies: { vitest: '*', knip: '*', oxlint: '*', 'oxlint-tsgolint': '*' },
    devDependencies: Object.fromEntries((FORGOTTEN ?? []).map((name) => [name, '*'])),
  }),
}

it('knip finds nothing where everything is used', () => {
  const tree = plantTree(CONFIGS, CLEAN)
  const { status, text } = tree.run(KNIP, ...STRICT)
  tree.remove()
  expect(issuesOf(text)).toEqual([])
  expect(status).toBe(0)
})

it('knip finds an unused file, export, dependency, and a package that is not listed', () => {
  const tree = plantTree(CONFIGS, {
    ...CLEAN,
    'src/std/b.ts': 'export const lonely = 1\n',
    'src/std/a.ts': 'export const used = () => 1\nexport const unused = 2\n',
    'src/index.ts': `import 'commander'\n${uses('./std/a.ts')}`,
    'package.json': CLEAN['package.json'].replace('"knip":"*"', '"knip":"*","memfs":"*"'),
  })
  const { status, text } = tree.run(KNIP, ...STRICT)
  tree.remove()
  expect(issuesOf(text)).toEqual([
    'dependencies package.json memfs',
    'exports src/std/a.ts unused',
    'files src/std/b.ts src/std/b.ts',
    'unlisted src/index.ts commander',
  ])
  expect(status).toBe(1)
})

it('knip fails in a tree without sources', () => {
  const tree = plantTree(CONFIGS, {})
  const { status } = tree.run(KNIP, ...STRICT)
  tree.remove()
  expect(status).not.toBe(0)
})

type Issue = { readonly file: string } & {
  readonly [kind: string]: string | readonly { readonly name: string }[]
}

/** knip's JSON as lines `kind file name`, sorted. */
function issuesOf(text: string): readonly string[] {
  const json = text.split('\n').find((line) => line.startsWith('{'))
  // The shape of knip's JSON reporter.
  const { issues } = JSON.parse(json ?? '{"issues":[]}') as { issues: readonly Issue[] }
  return issues
    .flatMap(({ file, ...kinds }) =>
      Object.entries(kinds).flatMap(([kind, found]) =>
        typeof found === 'string' ? [] : found.map(({ name }) => `${kind} ${file} ${name}`),
      ),
    )
    .sort()
}

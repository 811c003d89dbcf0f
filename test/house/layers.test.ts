import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findings, type PlantedTree, plantTree } from './planted-tree.ts'

const CHECK = 'scripts/check-layers.mjs'
const SETTINGS = ['tsconfig.json', 'tsconfig.test.json']

const value = (path: string) => `import { value } from '${path}'\nexport const copy = value\n`
const type = (path: string) => `import type { Shape } from '${path}'\nexport type Copy = Shape\n`
const pkg = (name: string) => `import * as all from '${name}'\nexport const copy = all\n`
const target = 'export interface Shape {\n  a: 1\n}\nexport const value = 1\n'

/** A tree that breaks no rule, and in it every import that a row of the table allows. */
const CLEAN: Readonly<Record<string, string>> = {
  'src/contract/a.ts': target,
  'src/std/a.ts': target,
  'src/wasm/a.ts': target,
  'src/wasm/admit.ts': value('../contract/a.ts'),
  'src/kernel/a.ts': target,
  'src/kernel/b.ts': value('../std/a.ts'),
  'src/abi/a.ts': value('../kernel/a.ts'),
  'src/thread/a.ts': target,
  'src/thread/b.ts': value('../wasm/a.ts'),
  'src/thread/inode-store.ts': pkg('memfs'),
  'src/cell/a.ts': target,
  'src/cell/b.ts': type('../kernel/a.ts'),
  'src/cell/c.ts': value('../thread/a.ts'),
  'src/cell/pool.ts': pkg('piscina'),
  'src/engine/a.ts': target,
  'src/engine/b.ts': `import { copy } from '../wasm/admit.ts'\nexport const twice = copy\n`,
  'src/engine/image/pull.ts': pkg('pacote'),
  'src/api/a.ts': value('../engine/a.ts'),
  'src/host/a.ts': target,
  'src/host/b.ts': value('../cell/a.ts'),
  'src/cli/main.ts': `${pkg('commander')}export { value } from '../host/a.ts'\n`,
  'src/index.ts': value('./host/a.ts'),
  'test/e2e/a.test.ts': `import { copy } from '../../src/index.ts'\nexport const twice = copy\n`,
}

/** Rule, the file that breaks it, its text, and what the report names as imported. */
const PLANTED: readonly (readonly [rule: string, path: string, text: string, to: string])[] = [
  ['layer-contract', 'src/contract/bad.ts', value('../std/a.ts'), 'src/std/a.ts'],
  ['layer-std', 'src/std/bad.ts', type('../contract/a.ts'), 'src/contract/a.ts'],
  ['layer-wasm', 'src/wasm/bad.ts', value('../kernel/a.ts'), 'src/kernel/a.ts'],
  ['layer-kernel', 'src/kernel/bad.ts', value('../wasm/a.ts'), 'src/wasm/a.ts'],
  [
    'layer-kernel',
    'src/kernel/lazy.ts',
    `export const a = import('../thread/a.ts')\n`,
    'src/thread/a.ts',
  ],
  ['layer-abi', 'src/abi/bad.ts', type('../thread/a.ts'), 'src/thread/a.ts'],
  ['layer-thread', 'src/thread/bad.ts', value('../cell/a.ts'), 'src/cell/a.ts'],
  ['layer-cell', 'src/cell/bad.ts', value('../engine/a.ts'), 'src/engine/a.ts'],
  [
    'layer-cell-takes-only-types-of-kernel',
    'src/cell/kernel.ts',
    value('../kernel/a.ts'),
    'src/kernel/a.ts',
  ],
  ['layer-engine', 'src/engine/bad.ts', type('../cell/a.ts'), 'src/cell/a.ts'],
  ['layer-engine', 'src/engine/wasm.ts', value('../wasm/a.ts'), 'src/wasm/a.ts'],
  ['layer-api', 'src/api/bad.ts', value('../thread/a.ts'), 'src/thread/a.ts'],
  [
    'layer-host',
    'src/host/bad.ts',
    `import { copy } from '../cli/main.ts'\nexport const b = copy\n`,
    'src/cli/main.ts',
  ],
  ['layer-cli', 'src/cli/bad.ts', value('../cell/a.ts'), 'src/cell/a.ts'],
  ['door-of-memfs', 'src/thread/files.ts', pkg('memfs'), 'memfs'],
  [
    'door-of-@jsonjoy.com',
    'src/kernel/files.ts',
    pkg('@jsonjoy.com/fs-core'),
    '@jsonjoy.com/fs-core',
  ],
  ['door-of-hono', 'src/engine/http.ts', pkg('hono'), 'hono'],
  ['door-of-@hono', 'src/cli/http.ts', pkg('@hono/node-server'), '@hono/node-server'],
  ['door-of-piscina', 'src/thread/pool.ts', pkg('piscina'), 'piscina'],
  ['door-of-pacote', 'src/engine/pull.ts', pkg('pacote'), 'pacote'],
  [
    'door-of-npm-registry-fetch',
    'src/host/fetch.ts',
    pkg('npm-registry-fetch'),
    'npm-registry-fetch',
  ],
  ['door-of-tar-stream', 'src/api/archive.ts', pkg('tar-stream'), 'tar-stream'],
  ['door-of-libsql', 'src/host/state.ts', pkg('libsql'), 'libsql'],
  ['door-of-zod', 'src/engine/schema.ts', pkg('zod'), 'zod'],
  ['door-of-pino', 'src/api/log.ts', pkg('pino'), 'pino'],
  ['door-of-prom-client', 'src/api/metrics.ts', pkg('prom-client'), 'prom-client'],
  ['door-of-ws', 'src/host/sockets.ts', pkg('ws'), 'ws'],
  ['door-of-commander', 'src/host/flags.ts', pkg('commander'), 'commander'],
  ['package-without-a-door', 'src/host/tests.ts', pkg('fast-check'), 'fast-check'],
  ['core-without-node', 'src/kernel/disk.ts', pkg('node:fs'), 'fs'],
  ['core-without-node', 'src/abi/bytes.ts', pkg('buffer'), 'buffer'],
  ['src-stays-in-src', 'src/host/test.ts', value('../../test/support/a.ts'), 'test/support/a.ts'],
  [
    'e2e-through-public-doors',
    'test/e2e/inner.test.ts',
    value('../../src/engine/a.ts'),
    'src/engine/a.ts',
  ],
  ['resolvable', 'src/cell/lost.ts', value('./nowhere.ts'), './nowhere.ts'],
]

const PLANTED_ELSEWHERE = [
  'no-cycles',
  'folder-without-a-row',
  'file-not-cruised',
  'import-not-cruised',
  'unknown-folder-in-the-table',
]

describe('the layers', () => {
  let tree: PlantedTree
  beforeAll(() => {
    tree = plantTree(SETTINGS, CLEAN)
  })
  afterAll(() => tree.remove())

  it('hold in a tree that makes every allowed kind of import', () => {
    const { status, text } = tree.run(CHECK)
    expect(findings(text)).toEqual([])
    expect(status).toBe(0)
  })

  it('are broken by each planted import, and the report names its rule and nothing else', () => {
    tree.write(Object.fromEntries(PLANTED.map(([, path, text]) => [path, text])))
    tree.write({
      'test/support/a.ts': target,
      'src/std/one.ts': type('./two.ts'),
      'src/std/two.ts': `export interface Shape {\n  a: 1\n}\n${type('./one.ts')}`,
      'src/engine-room/a.ts': target,
      // Text that looks like an import but is none: what an import looks like that was not seen.
      'src/std/text.ts': "export const text = `\nimport { a } from './ghost.ts'\n`\n",
    })
    const { status, text } = tree.run(CHECK)
    const expected = PLANTED.map(([rule, from, , to]) => `${rule}: ${from} -> ${to}`)
    expected.push('no-cycles: src/std/one.ts -> src/std/two.ts')
    expected.push('no-cycles: src/std/two.ts -> src/std/one.ts')
    expected.push('folder-without-a-row: src/engine-room')
    expected.push('import-not-cruised: src/std/text.ts -> ./ghost.ts')
    expect(findings(text).map(withoutResolution)).toEqual(expected.sort())
    expect(status).toBe(1)
  })
})

it('every finding the check can make is planted here', () => {
  const tree = plantTree([], {})
  const { text } = tree.run(CHECK, '--rules')
  tree.remove()
  const planted = [...PLANTED.map(([rule]) => rule), ...PLANTED_ELSEWHERE]
  expect(text.trim().split('\n').sort()).toEqual([...new Set(planted)].sort())
})

// TypeScript 7 has no compiler API on its main export. The other row shows that it is not the way
// the tree is made that hides the files.
it.each([
  ['typescript', ['file-not-cruised: src/std/a.ts']],
  ['knip', []],
])('without %s the check finds %j', (name, expected) => {
  const tree = plantTree([...SETTINGS, 'scripts', '.dependency-cruiser.mjs'], {
    'src/std/a.ts': target,
  })
  tree.replacePackage(name, { version: '7.0.2', main: 'index.js' }, 'exports.version = "7.0.2"')
  const { status, text } = tree.runOwn(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(expected)
  expect(status).toBe(expected.length)
})

it('a table that names no folder is a failure', () => {
  const tree = plantTree([...SETTINGS, 'scripts', '.dependency-cruiser.mjs'], {
    'src/std/a.ts': target,
  })
  const table = tree.read('scripts/layers.mjs')
  tree.write({ 'scripts/layers.mjs': table.replace('thread: {', 'thraed: {') })
  const { text } = tree.runOwn(CHECK)
  tree.remove()
  expect(new Set(findings(text))).toEqual(new Set(['unknown-folder-in-the-table: thread']))
})

it('the layers of an empty tree are a failure', () => {
  const tree = plantTree(SETTINGS, {})
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(['empty-input: nothing was checked'])
  expect(status).toBe(1)
})

/** A package is reported as the file it resolves to where it is installed, else by its name. */
function withoutResolution(line: string): string {
  return line.replace(/-> .*node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, '-> $1')
}

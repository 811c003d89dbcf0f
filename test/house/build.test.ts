import { existsSync, readdirSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PlantedTree, plantTree } from './planted-tree.ts'

const BUILD = 'scripts/build.mjs'
const MAIN = 'dist/cli/main.js'
const TSC = 'node_modules/typescript/bin/tsc'

const WORKER = 'dist/thread/worker-entry.cjs'
const TREE_THREAD = 'dist/thread/tree-entry.js'

/** fs-core is CommonJS and asks for Node's own modules: what an ES module's `require` is for. */
const SAYS_A_NUMBER = `import nodeModule from '@jsonjoy.com/fs-core/lib/Node.js'
import { parentPort } from 'node:worker_threads'
parentPort?.postMessage(typeof new nodeModule.Node(1).ino)
`

const PROGRAM = {
  'src/index.ts': "export { answer } from './std/answer.ts'\n",
  'src/std/answer.ts': 'export const answer = (): number => 42\n',
  'src/cli/main.ts': "import { answer } from '../index.ts'\nconsole.log(answer())\n",
  'src/thread/worker-entry.ts': SAYS_A_NUMBER,
  'src/thread/tree-entry.ts': SAYS_A_NUMBER,
}

describe('a build', () => {
  let tree: PlantedTree
  let text: string
  beforeAll(() => {
    tree = plantTree(['tsconfig.json'], {
      ...PROGRAM,
      // As after a build that was killed: no process has a pid above 2^22 on Linux, nor elsewhere.
      '.build-4194304/dist/index.js': '',
      'dist/std/old.js': '',
    })
    text = tree.run(BUILD).text
  })
  afterAll(() => tree.remove())

  it('gives a command and threads that run', async () => {
    expect(text).toMatch(/^dist: built, \d+ ms$/m)
    expect(tree.run(join(tree.root, MAIN))).toEqual({ status: 0, text: '42\n' })
    expect(await firstMessageOf(join(tree.root, WORKER))).toBe('number')
    expect(await firstMessageOf(join(tree.root, TREE_THREAD))).toBe('number')
  })

  it('makes the command executable', () => {
    const onWindows = process.platform === 'win32'
    expect(tree.read(MAIN)).toMatch(/^#!\/usr\/bin\/env -S node --\n/)
    expect(statSync(join(tree.root, MAIN)).mode & 0o111).toBe(onWindows ? 0 : 0o111)
  })

  it.each([
    [WORKER, /\brequire\("([^"]*)"\)/g],
    [TREE_THREAD, /^import .* from ['"](.*)['"]/gm],
  ])('makes one file %s that needs no package', (file, pattern) => {
    const names = [...tree.read(file).matchAll(pattern)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => name !== undefined && !isBuiltin(name))).toEqual([])
  })

  it('starts a worker without what Node needs for ES modules', () => {
    expect(existsSync(join(tree.root, 'dist/thread/worker-entry.js'))).toBe(false)
    expect(tree.read(WORKER)).not.toMatch(/^(?:import|export)\b/m)
  })

  it('gives types that need no source', () => {
    tree.write({
      'user.ts': "import { answer } from './dist/index.js'\nexport const a: number = answer()\n",
      'wrong.ts': "import { answer } from './dist/index.js'\nexport const a: string = answer()\n",
    })
    const options = [
      '--noEmit',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--strict',
    ]
    const { text: errors } = tree.run(TSC, ...options, 'user.ts', 'wrong.ts')
    expect(errors.trim()).toMatch(/^wrong\.ts\(2,\d+\): error TS2322: .*$/)
  })

  it('leaves nothing of an older or a killed build', () => {
    expect(existsSync(join(tree.root, 'dist/std/old.js'))).toBe(false)
    expect(scratchOf(tree)).toEqual([])
  })
})

describe('building again', () => {
  let tree: PlantedTree
  beforeAll(() => {
    tree = plantTree(['tsconfig.json'], PROGRAM)
    tree.run(BUILD)
  })
  afterAll(() => tree.remove())

  it('does nothing while no input changes', () => {
    expect(tree.run(BUILD).text).toContain('up to date')
  })

  it.each([
    ['a type error', { 'src/std/answer.ts': "export const answer = (): number => ''\n" }, /TS2322/],
    [
      'an import the bundle cannot find',
      {
        'src/thread/worker-entry.ts':
          "// @ts-expect-error: there is none\nimport a from 'no-such-package'\nexport const b = a\n",
      },
      /no-such-package/,
    ],
  ])('fails for %s with the compiler’s text, and leaves dist as it was', (_, files, message) => {
    tree.write(files)
    const { status, text } = tree.run(BUILD)
    tree.write(PROGRAM)
    expect(text).toMatch(message)
    expect(status).toBe(1)
    expect(tree.run(join(tree.root, MAIN)).text).toBe('42\n')
    expect(scratchOf(tree)).toEqual([])
  })

  it('takes in what changed', () => {
    tree.write({ 'src/std/answer.ts': 'export const answer = (): number => 43\n' })
    expect(tree.run(BUILD).text).toContain('built')
    expect(tree.run(join(tree.root, MAIN)).text).toBe('43\n')
  })

  it('happens when it is asked for, and when a file is missing from dist', () => {
    tree.removeFile(WORKER)
    expect(tree.run(BUILD).text).toContain('built')
    expect(tree.run(BUILD, '--force').text).toContain('built')
  })
})

it.each(['src/index.ts', 'src/cli/main.ts', 'src/thread/worker-entry.ts'])(
  'without %s there is no build, and the message says so',
  (entry) => {
    const tree = plantTree(['tsconfig.json'], PROGRAM)
    tree.removeFile(entry)
    const { status, text } = tree.run(BUILD)
    const built = existsSync(join(tree.root, 'dist'))
    tree.remove()
    expect({ status, text }).toEqual({ status: 1, text: `cannot build: missing ${entry}\n` })
    expect(built).toBe(false)
  },
)

/** The build's own directories that are still there. */
const scratchOf = (tree: PlantedTree) =>
  readdirSync(tree.root).filter((name) => name.startsWith('.build'))

async function firstMessageOf(file: string): Promise<unknown> {
  const worker = new Worker(file)
  const message = await new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  await worker.terminate()
  return message
}

import { expect, it } from 'vitest'
import { findings, plantTree } from './planted-tree.ts'

const CHECK = 'scripts/check-documents.mjs'

const INDEX = '- [Why a?](rationale/x.md#why-a)\n- [Why b?](rationale/y.md#why-b)\n'
const CLEAN = {
  'package.json': '{ "scripts": { "test": "vitest run" } }\n',
  'src/std/a.ts': '',
  'README.md': `Run \`npm run test\`.\n${'\n'.repeat(149)}`,
  'docs/ARCHITECTURE.md': `\`src/std/\`, \`src/std/a.ts\`; \`src/api/\` is not yet there.\n${'\n'.repeat(199)}`,
  'docs/COMPATIBILITY.md': '\n'.repeat(1000),
  'docs/RATIONALE.md': INDEX,
  'docs/rationale/x.md': '## Why a?\n',
  'docs/rationale/y.md': '## Why b?\n',
}

const PLANTED = [
  ['document-too-long', 'README.md', '\n'.repeat(151), 'README.md'],
  ['document-too-long', 'docs/SCOPE.md', '\n'.repeat(201), 'docs/SCOPE.md'],
  ['no-such-path', 'docs/A.md', 'one\nSee `src/std/b.ts`.\n', 'docs/A.md:2 src/std/b.ts'],
  ['no-longer-not-yet', 'docs/B.md', 'Not yet: `src/std/`.\n', 'docs/B.md:1 src/std/'],
  ['no-such-script', 'docs/C.md', 'Run `npm run tests`.\n', 'docs/C.md:1 tests'],
  ['question-not-in-the-index', 'docs/rationale/z.md', '## Why c?\n', 'z.md: Why c?'],
] as const

it('documents that fit the tree are left alone', () => {
  const tree = plantTree([], CLEAN)
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual([])
  expect(status).toBe(0)
})

it('each planted fault is found, and nothing else', () => {
  const tree = plantTree([], {
    ...CLEAN,
    ...Object.fromEntries(PLANTED.map(([, path, text]) => [path, text])),
  })
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(PLANTED.map(([rule, , , at]) => `${rule}: ${at}`).sort())
  expect(status).toBe(1)
})

it.each([
  ['an entry without its question', 'docs/rationale/y.md', '', 'y.md: Why b?'],
  ['another order', 'docs/rationale/x.md', '## Why c?\n\n## Why a?\n', 'x.md: Why c?'],
  ['an entry of another page', 'docs/RATIONALE.md', INDEX.replace('y.md', 'x.md'), 'y.md: Why b?'],
])('an index with %s is found', (_, path, text, at) => {
  const tree = plantTree([], { ...CLEAN, [path]: text })
  const outcome = tree.run(CHECK)
  tree.remove()
  expect(findings(outcome.text)).toEqual([`question-not-in-the-index: ${at}`])
})

it('every finding the check can make is planted here', () => {
  const tree = plantTree([], {})
  const { text } = tree.run(CHECK, '--rules')
  tree.remove()
  expect(new Set(text.trim().split('\n'))).toEqual(new Set(PLANTED.map(([rule]) => rule)))
})

it('a tree without documents is a failure', () => {
  const tree = plantTree([], {})
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(['empty-input: nothing was checked'])
  expect(status).toBe(1)
})

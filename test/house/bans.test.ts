import { expect, it } from 'vitest'
import { findings, plantTree } from './planted-tree.ts'

const CHECK = 'scripts/check-bans.mjs'

/** Rule, file, and a text that breaks it. */
const PLANTED = [
  ['wait-outside-thread', 'src/kernel/a.ts', 'Atomics.wait(words, 0, 0)'],
  ['wait-outside-thread', 'src/cell/a.ts', "use('/*', Atomics.wait, '*/')"],
  ['wait-outside-thread', 'src/cell/b.ts', 'const { load, wait } = Atomics'],
  ['wait-outside-thread', 'src/cell/c.ts', "Atomics['wait'](words, 0, 0)"],
  ['guest-memory-outside-its-door', 'src/abi/preview1/a.ts', 'new Uint8Array(memory.buffer)'],
  ['guest-memory-outside-its-door', 'src/wasm/a.ts', 'use(this.#guestMemory.buffer)'],
  ['guest-memory-outside-its-door', 'src/cell/d.ts', 'use((exports.memory as Memory).buffer)'],
  ['guest-memory-outside-its-door', 'src/engine/a.ts', 'const { buffer } = process.memory'],
  ['clock-not-injected', 'src/kernel/b.ts', 'const at = Date.now()'],
  ['clock-not-injected', 'src/std/a.ts', 'const at = new Date()'],
  ['clock-not-injected', 'src/abi/a.ts', 'const at = performance.now()'],
  ['randomness-not-injected', 'src/wasm/b.ts', 'const seed = Math.random()'],
  ['randomness-not-injected', 'src/contract/a.ts', 'crypto.getRandomValues(into)'],
  ['code-from-text', 'src/engine/b.ts', "const f = new Function('return 1')"],
  ['code-from-text', 'src/cell/e.ts', "eval('1')"],
  ['skipped-test', 'test/unit/a.test.ts', `it.${'skip'}('does', () => {})`],
  ['skipped-test', 'test/unit/b.test.ts', `describe.${'only'}('it', () => {})`],
  ['vague-name', 'src/std/string-utils.ts', 'export const a = 1'],
  ['vague-name', 'src/common/a.ts', 'export const a = 1'],
  ['unfinished', 'src/api/a.ts', `// ${'TO'}${'DO'}: write it`],
  ['unfinished', 'guests/userland/cat/main.c', `/* ${'FIX'}${'ME'} */`],
] as const

/** What is near a ban and allowed. */
const ALLOWED = {
  'src/thread/waiter.ts': 'Atomics.wait(words, 0, 0)\nuse(memory.buffer)',
  'src/cell/waiter.ts': 'Atomics.waitAsync(words, 0, 0)\nawait wait(Atomics.load(words, 0))',
  'src/abi/guest-memory.ts': 'this.#view = new DataView(this.#memory.buffer)',
  'src/kernel/comments.ts':
    '// Atomics.wait and memory.buffer are for others\n/* Date.now() */\nf()',
  'src/kernel/texts.ts': "const glob = 'src/**/*.ts'\nuse('http://a')\n",
  'src/kernel/views.ts':
    'use(bytes.buffer)\nconst at = new Date(seconds * 1000)\nmemory.charge(buffer)',
  'src/host/clock.ts': 'Date.now()\nMath.random()',
  'src/std/evaluate.ts': 'evaluate(1)',
  'src/kernel/process/communal.ts': 'f()',
  'test/unit/c.test.ts': "it.skipIf(onWindows)('does', () => {})",
}

it('nothing is found near the bans', () => {
  const tree = plantTree([], ALLOWED)
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual([])
  expect(status).toBe(0)
})

it('each planted fault is found with its line, and nothing else', () => {
  const tree = plantTree([], {
    ...ALLOWED,
    ...Object.fromEntries(PLANTED.map(([, path, code]) => [path, `// first\n${code}\n`])),
  })
  const { status, text } = tree.run(CHECK)
  tree.remove()
  const expected = PLANTED.map(
    ([rule, path]) => `${rule}: ${path}${rule === 'vague-name' ? '' : ':2'}`,
  )
  expect(findings(text)).toEqual(expected.sort())
  expect(status).toBe(1)
})

it('every ban is planted here', () => {
  const tree = plantTree([], {})
  const { text } = tree.run(CHECK, '--rules')
  tree.remove()
  expect(new Set(text.trim().split('\n'))).toEqual(new Set(PLANTED.map(([rule]) => rule)))
})

it('a tree without sources is a failure', () => {
  const tree = plantTree([], { 'test/unit/a.test.ts': "it('does', f)" })
  const { status, text } = tree.run(CHECK)
  tree.remove()
  expect(findings(text)).toEqual(['empty-input: nothing was checked'])
  expect(status).toBe(1)
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { newestNode } from '../support/newest-node.ts'
import { CATCH_ALL_LOOP } from '../support/wasm-modules.ts'

let newest = ''
let directory = ''
beforeAll(() => {
  newest = newestNode()
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  writeFileSync(join(directory, 'catch-all.wasm'), CATCH_ALL_LOOP)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const DETERMINISTIC = ['--usage', '--seed', '7', '--epoch', '1000000000000']
/** Imports, exceptions, floats, hashing, sorting, regular expressions, a generator. */
const JOB = `
import hashlib, json, random, re, time, os
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def caught(n):
    total = 0
    for i in range(n):
        try:
            total += 10 // (i % 3)
        except ZeroDivisionError:
            total -= 1
    return total
words = sorted(random.choice('abcdefgh') * random.randrange(1, 9) for _ in range(500))
open('/tmp/words', 'w').write(json.dumps(words))
text = open('/tmp/words').read()
print(fib(15), caught(900), len(re.findall('a+|b{2,}', text)), sum(i ** 0.5 for i in range(2000)))
print(hashlib.sha256(text.encode()).hexdigest(), time.time(), os.urandom(4).hex())
`

/** Four runs each, of which two on a Node that has nothing compiled yet. */
const TIMEOUT = 300_000

const RUNS: readonly (readonly [what: string, args: () => string[], code: number])[] = [
  ['a CPython job', () => ['python', '-c', JOB], 0],
  ['hello-world', () => ['hello-world'], 0],
  ['an endless loop', () => ['--fuel', '30000000', 'guests/build/hostile-cpu.wasm', 'spin'], 137],
  [
    'an endless memory.fill',
    () => ['--fuel', '30000000', 'guests/build/hostile-cpu.wasm', 'fill'],
    137,
  ],
  [
    'a guest that catches everything',
    () => ['--fuel', '5000000', join(directory, 'catch-all.wasm')],
    137,
  ],
]

describe('fuel is the same to the last unit on this Node and on the newest one', () => {
  it.each(RUNS)(
    '%s',
    async (_, args, code) => {
      const runs = []
      for (const node of [process.execPath, newest, process.execPath, newest]) {
        const done = await bulkhead(['run', ...DETERMINISTIC, ...args()], { node })
        const fuel = /^fuel +(\d+) units \(table \d+\)$/m.exec(done.stderr)?.[0]
        runs.push({ code: done.code, stdout: done.stdout.toString(), fuel })
      }
      const [first] = runs
      expect(first?.code).toBe(code)
      expect(first?.fuel).toMatch(/\d{3,}/)
      for (const run of runs) expect(run).toEqual(first)
    },
    TIMEOUT,
  )
})

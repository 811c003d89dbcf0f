import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PlantedTree, plantTree } from './planted-tree.ts'

const BUILD = 'guests/build.mjs'
const GUEST = 'guests/tools/many'
const SCRIPTS = readdirSync('guests')
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => `guests/${name}`)

/** One program of three files, one of them the SDK's, with a header of its own and one of the SDK's. */
const PROGRAM = {
  [`${GUEST}/guest.json`]: '{ "sdk": true, "stack": 131072 }\n',
  [`${GUEST}/main.c`]: '#include <answer.h>\nint main(void) { return answer(); }\n',
  [`${GUEST}/deep/main.c`]: '#include "twice.h"\nint twice(int x) { return x * TWO; }\n',
  [`${GUEST}/twice.h`]: '#define TWO 2\nint twice(int x);\n',
  'guests/sdk/c/src/answer.c':
    '#include <answer.h>\n#include <stdlib.h>\nint answer(void) { return abs(-42); }\n',
  'guests/sdk/c/include/answer.h': 'int answer(void);\n',
}

let tree: PlantedTree

function plant(): PlantedTree {
  const planted = plantTree(SCRIPTS, { ...PROGRAM, 'guests/build/keep': '' })
  // Taking the sysroot out of its package again would prove nothing.
  for (const name of existsSync('guests/build') ? readdirSync('guests/build') : []) {
    if (!name.startsWith('sysroot-')) continue
    symlinkSync(resolve('guests/build', name), join(planted.root, 'guests/build', name), 'junction')
  }
  return planted
}

/** What a build says about how much there is to compile, without the compiler's name. */
function build(): { status: number | null; lines: readonly string[] } {
  const { status, text } = tree.runOwn(BUILD)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('guests: '))
  return { status, lines }
}

describe('a guest of many files', () => {
  beforeAll(() => {
    tree = plant()
    const { status, lines } = build()
    expect(lines).toEqual(['building guest many', '3 of 3 files to compile'])
    expect(status).toBe(0)
  }, 60_000)
  beforeEach(() => {
    tree.write(PROGRAM)
    build()
  })
  afterAll(() => tree.remove())

  it('is one program, and folders below it are no guests', () => {
    const module = new WebAssembly.Module(readFileSync(join(tree.root, 'guests/build/many.wasm')))
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(['memory', '_start'])
    expect(readdirSync(join(tree.root, 'guests/build')).filter((n) => n.endsWith('.wasm'))).toEqual(
      ['many.wasm'],
    )
  })

  it('is left as it is while nothing changes', () => {
    expect(build()).toEqual({ status: 0, lines: [] })
  })

  it.each([
    ['a source', { [`${GUEST}/main.c`]: 'int main(void) { return 1; }\n' }, 1],
    [
      'a header that one file includes',
      { [`${GUEST}/twice.h`]: '#define TWO 3\nint twice(int);\n' },
      1,
    ],
    [
      'a header that two files include',
      { 'guests/sdk/c/include/answer.h': 'int answer(void); // changed\n' },
      2,
    ],
    [
      'a new header of the SDK that comes before the one of libc',
      { 'guests/sdk/c/include/stdlib.h': 'int abs(int);\n' },
      1,
    ],
  ])('compiles what %s is in, and no more', (_, files, count) => {
    tree.write(files)
    const { status, lines } = build()
    for (const path of Object.keys(files)) if (!(path in PROGRAM)) tree.removeFile(path)
    expect(lines).toEqual(['building guest many', `${count} of 3 files to compile`])
    expect(status).toBe(0)
  })

  it('is linked anew, and compiled no more, for another stack', () => {
    tree.write({ [`${GUEST}/guest.json`]: '{ "sdk": true, "stack": 262144 }\n' })
    expect(build()).toEqual({ status: 0, lines: ['building guest many'] })
  })

  it.each([
    ['C that is wrong', { [`${GUEST}/main.c`]: 'int main(void) { return x; }\n' }, /main\.c.*'x'/],
    [
      'a link that fails',
      { [`${GUEST}/main.c`]: 'int z(void);int main(void){return z();}\n' },
      /z/,
    ],
    [
      'an include that a macro spells',
      { [`${GUEST}/main.c`]: '#define A <b.h>\n#include A\n' },
      /main\.c: #include A: the build cannot follow it/,
    ],
    [
      'a guest.json that asks for more',
      { [`${GUEST}/guest.json`]: '{ "sdk": true, "x": 1 }' },
      /no more/,
    ],
    ['lines of a version unknown', { [`${GUEST}/guest.json`]: '{ "debug": 3 }' }, /no more/],
    [
      'lines of a guest with the SDK',
      { [`${GUEST}/guest.json`]: '{ "sdk": true, "debug": 4 }' },
      /no more/,
    ],
    ['a stack of no size', { [`${GUEST}/guest.json`]: '{ "sdk": true, "stack": -1 }' }, /no more/],
  ])('fails for %s, and says why', (_, files, message) => {
    tree.write(files)
    const { status, lines } = build()
    expect(lines.join('\n')).toMatch(message)
    expect(status).toBe(1)
  })
})

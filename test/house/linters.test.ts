import { describe, expect, it } from 'vitest'
import { plantTree } from './planted-tree.ts'

const BIOME = 'node_modules/@biomejs/biome/bin/biome'
const OXLINT = 'node_modules/oxlint/bin/oxlint'
const TSC = 'node_modules/typescript/bin/tsc'
/** The arguments of `npm run lint` and `npm run lint:types`, without folders a small tree lacks. */
const LINT = ['check', '--error-on-warnings', '--vcs-enabled=false', '--reporter=github']
const LINT_TYPES = ['--type-aware', '--deny-warnings', '--format=unix']
const CONFIGS = [
  'biome.json',
  '.oxlintrc.json',
  'tsconfig.json',
  'tsconfig.test.json',
  'test/tsconfig.json',
]

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('')
const constants = (count: number) => lines(count, (at) => `export const a${at} = ${at}\n`)
const longFunction = (count: number) =>
  `export function long(): number[] {\n  const all: number[] = []\n${lines(count - 2, (at) => `  all.push(${at})\n`)}  return all\n}\n`
/** Each condition costs one, and one more for each that is around it: 1 + 2 + … + depth. */
const nested = (depth: number) =>
  `export function deep(a: number): number {\n${lines(depth, (at) => `${'  '.repeat(at + 1)}if (a > ${at}) {\n`)}${'  '.repeat(depth + 1)}return 1\n${lines(depth, (at) => `${'  '.repeat(depth - at)}}\n`)}  return 0\n}\n`

/** Biome: rule, file, text. Each file breaks its rule by one, where there is a number. */
const BIOME_PLANTED = [
  ['lint/style/noExcessiveLinesPerFile', 'src/long.ts', constants(401)],
  ['lint/style/noExcessiveLinesPerFile', 'test/long.test.ts', constants(601)],
  ['lint/complexity/noExcessiveLinesPerFunction', 'src/function.ts', longFunction(51)],
  ['lint/complexity/noExcessiveCognitiveComplexity', 'src/deep.ts', nested(6)],
  ['lint/suspicious/noExplicitAny', 'src/any.ts', 'export const a: any = 1\n'],
  ['lint/style/noNonNullAssertion', 'src/sure.ts', 'export const f = (a?: number) => a!\n'],
  ['lint/style/useFilenamingConvention', 'src/badName.ts', 'export const a = 1\n'],
  [
    'lint/style/useImportType',
    'src/type.ts',
    "import { A } from './shape.ts'\n\nexport const f = (a: A) => a\n",
  ],
  [
    'lint/suspicious/noImportCycles',
    'src/one.ts',
    "import { b } from './two.ts'\n\nexport const a = () => b\n",
  ],
  ['lint/correctness/noUnusedVariables', 'src/unused.ts', 'const a = 1\n\nexport {}\n'],
  [
    'lint/correctness/noUnusedImports',
    'src/idle.ts',
    "import { a } from './edge.ts'\n\nexport {}\n",
  ],
  ['format', 'src/form.ts', 'export const a = "1";\n'],
] as const

/** At each cap, and what the planted files import. */
const CLEAN = {
  'src/edge.ts': `export const a = 1\n${longFunction(50)}${nested(5)}`,
  'src/full.ts': constants(400),
  'src/shape.ts': 'export interface A {\n  a: 1\n}\n',
  'src/two.ts': 'export const b = 1\n',
  'test/full.test.ts': `${longFunction(80)}${constants(500)}`,
}

describe('biome', () => {
  it('finds nothing in files that are exactly as large as they may be', () => {
    const tree = plantTree(CONFIGS, CLEAN)
    tree.run(BIOME, 'format', '--write', '--vcs-enabled=false', '.')
    const { status, text } = tree.run(BIOME, ...LINT, 'src', '.')
    tree.remove()
    expect(biomeFindings(text)).toEqual([])
    expect(status).toBe(0)
  })

  it('finds each planted fault, and nothing else', () => {
    const tree = plantTree(CONFIGS, {
      ...CLEAN,
      ...Object.fromEntries(BIOME_PLANTED.map(([, path, text]) => [path, text])),
      'src/two.ts': "import { a } from './one.ts'\n\nexport const b = () => a\n",
    })
    tree.run(BIOME, 'format', '--write', '--vcs-enabled=false', ...Object.keys(CLEAN))
    const { status, text } = tree.run(BIOME, ...LINT, 'src', '.')
    tree.remove()
    const expected = BIOME_PLANTED.map(([rule, path]) => `${rule} ${path}`)
    expected.push('lint/suspicious/noImportCycles src/two.ts')
    expect(biomeFindings(text)).toEqual(expected.sort())
    expect(status).toBe(1)
  })
})

/** oxlint: rule, file, text. */
const OXLINT_PLANTED = [
  [
    'no-floating-promises',
    'src/a.ts',
    'export function a(f: () => Promise<void>): void {\n  f()\n}\n',
  ],
  [
    'no-floating-promises',
    'test/a.test.ts',
    "import { readFile } from 'node:fs/promises'\nreadFile('a')\n",
  ],
  [
    'no-misused-promises',
    'src/b.ts',
    'export function a(f: () => Promise<boolean>): number {\n  return f() ? 1 : 2\n}\n',
  ],
  [
    'switch-exhaustiveness-check',
    'src/c.ts',
    "export function a(k: 'x' | 'y'): void {\n  switch (k) {\n    case 'x':\n      break\n  }\n}\n",
  ],
  ['no-unsafe-assignment', 'src/d.ts', "export const a: { b: 1 } = JSON.parse('')\n"],
  ['no-unsafe-call', 'src/e.ts', "export function f(): void {\n  void JSON.parse('')()\n}\n"],
  [
    'no-unsafe-member-access',
    'src/f.ts',
    "export function f(): void {\n  void JSON.parse('').a\n}\n",
  ],
  ['no-unsafe-return', 'src/g.ts', "export function f(): number {\n  return JSON.parse('')\n}\n"],
  ['no-unsafe-argument', 'src/h.ts', "export const f = (n: number) => n\nf(JSON.parse(''))\n"],
] as const

describe('oxlint with types', () => {
  it('finds each planted fault, and nothing else', () => {
    const tree = plantTree(CONFIGS, {
      ...Object.fromEntries(OXLINT_PLANTED.map(([, path, text]) => [path, text])),
    })
    const { status, text } = tree.run(OXLINT, ...LINT_TYPES, 'src', 'test')
    tree.remove()
    expect(oxlintFindings(text)).toEqual(
      OXLINT_PLANTED.map(([rule, path]) => `${rule} ${path}`).sort(),
    )
    expect(status).toBe(1)
  })

  it('plants every rule that is on', () => {
    const tree = plantTree(CONFIGS, {})
    const rules = [...tree.read('.oxlintrc.json').matchAll(/"typescript\/([\w-]+)": "error"/g)]
    tree.remove()
    const planted = new Set<string | undefined>(OXLINT_PLANTED.map(([rule]) => rule))
    expect(new Set(rules.map((match) => match[1]))).toEqual(planted)
  })
})

it.each([
  ['biome', BIOME, [...LINT, 'src', '.']],
  ['oxlint', OXLINT, [...LINT_TYPES, 'src', 'test']],
  ['tsc', TSC, ['-p', 'tsconfig.test.json']],
])('%s fails in a tree without sources', (_, tool, args) => {
  const tree = plantTree(CONFIGS, {})
  const { status } = tree.run(tool, ...args)
  tree.remove()
  expect(status).not.toBe(0)
})

function biomeFindings(text: string): readonly string[] {
  return [...text.matchAll(/^::error title=([\w/]+),file=(?:\S*\/planted-\w+\/)?([^,]+),/gm)]
    .map(([, rule, path]) => `${rule} ${path}`)
    .sort()
}

function oxlintFindings(text: string): readonly string[] {
  return [...text.matchAll(/^([^:\n]+):\d+:\d+: .*\[\w+\/typescript\(([\w-]+)\)\]$/gm)]
    .map(([, path, rule]) => `${rule} ${path}`)
    .sort()
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShellCase, ShellOutcome } from '../../support/shell/cases.ts'
import { dash, type ShellUnderTest, shellUnderTest } from '../../support/shell/runner.ts'
import { CHAPTERS } from './cases/chapters.ts'

let shell: ShellUnderTest
beforeAll(async () => {
  shell = await shellUnderTest()
})
afterAll(() => shell.close())

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString()
const both = (cases: readonly ShellCase[]) => Promise.all([shell.run(cases), dash(cases)])

describe.each(Object.entries(CHAPTERS))('the shell does as dash: %s', (_, cases) => {
  let ours: readonly ShellOutcome[] = []
  let theirs: readonly ShellOutcome[] = []
  beforeAll(async () => {
    ;[ours, theirs] = await both(cases)
  })
  it.each(cases.map((row, index) => ({ ...row, index })))('$name', ({ index, expected }) => {
    if (expected === undefined) {
      expect(ours[index]).toEqual(theirs[index])
      return
    }
    const { exitCode, stdout } = expected
    expect([ours[index]?.exitCode, utf8(ours[index]?.stdout ?? '')]).toEqual([exitCode, stdout])
  })
  it('says itself only what dash does not', () => {
    const needless = cases.filter(({ expected }, index) => {
      const their = theirs[index]
      return (
        expected !== undefined &&
        their?.exitCode === expected.exitCode &&
        utf8(their.stdout) === expected.stdout
      )
    })
    expect(needless.map(({ name }) => name)).toEqual([])
  })
})

// A subshell is a process that is told the shell's functions as source: the tree is printed and read again.
describe.each(Object.entries(CHAPTERS))(
  'a function reaches a subshell as it was: %s',
  (_, cases) => {
    it('does what it does in the shell', async () => {
      const wrapped = cases
        .filter(({ expected }) => expected === undefined)
        .map((row) => ({ ...row, script: `f() {\n${row.script}\n}\n(f "$@"; exit $?)` }))
      const [ours, theirs] = await both(wrapped)
      const named = (outcomes: readonly ShellOutcome[]) =>
        wrapped.map(({ name }, index) => ({ name, ...outcomes[index] }))
      expect(named(ours)).toEqual(named(theirs))
    })
  },
)

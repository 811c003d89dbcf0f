import { beforeAll, describe, expect, it } from 'vitest'
import type { ShellOutcome } from '../../support/shell/cases.ts'
import { dash, shellUnderTest } from '../../support/shell/runner.ts'
import { CHAPTERS } from './cases/chapters.ts'

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString()

describe.each(Object.entries(CHAPTERS))('the shell does as dash: %s', (_, cases) => {
  let ours: readonly ShellOutcome[] = []
  let theirs: readonly ShellOutcome[] = []
  beforeAll(async () => {
    ;[ours, theirs] = await Promise.all([shellUnderTest()(cases), dash(cases)])
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

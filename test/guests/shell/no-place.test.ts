import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../../dist/index.js'
import { DATA_DIRECTORY } from '../../support/bulkhead.ts'

let host: Host
beforeAll(async () => {
  host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(() => host.close())

async function ran(script: string, pids: number) {
  const limits = { pids, timeoutMs: 60_000 }
  const done = await host.run({ image: 'base', cmd: ['sh', '-c', script], limits })
  return { exitCode: done.exitCode, text: done.text(), errors: Buffer.from(done.stderr).toString() }
}

const SAYS = 'sh: 1: Cannot fork\n'
const stages = (count: number, stage: string) => Array.from({ length: count }, () => stage)
/** `$(…)` in one another, each of which needs a process; the innermost says a word. */
const nested = (depth: number): string =>
  depth === 0 ? 'echo deep' : `sh -c '${quoted(`echo $(${nested(depth - 1)}; /bin/true)`)}'`
const quoted = (text: string): string => text.replaceAll("'", "'\\''")

describe('a shell that has no place for one more process', () => {
  it.each([
    ['stages that wait for each other', stages(12, 'cat').join(' | ')],
    ['a flood', `cat /dev/zero | ${stages(10, 'cat').join(' | ')} | wc -c`],
    ['subshells', stages(12, '(cat; exit 3)').join(' | ')],
    ['functions', `f() { cat; }; ${stages(12, 'f').join(' | ')}`],
  ])('ends with 2 at a pipeline of twelve: %s', async (_, script) => {
    const { exitCode, text, errors } = await ran(script, 6)
    expect([exitCode, text]).toEqual([2, ''])
    // Each of the shells in it may have nothing left to start.
    expect(errors).toMatch(/^(sh: 1: Cannot fork\n)+$/)
  })
  it('runs a pipeline that just fits', async () => {
    const script = `echo word | ${stages(4, 'cat').join(' | ')}`
    expect(await ran(script, 6)).toEqual({ exitCode: 0, text: 'word\n', errors: '' })
  })
  it.each([1, 2, 3])('substitutes in substitutions that fit: %i deep', async (depth) => {
    // Two processes for each: a shell, and what it runs; the innermost echo is a builtin.
    expect(await ran(nested(depth), 20)).toEqual({ exitCode: 0, text: 'deep\n', errors: '' })
  })
  it('gives up in the innermost of substitutions beyond the limit, and only there', async () => {
    const { exitCode, text, errors } = await ran(nested(12), 8)
    // Each shell around it has what the one within has said, which is nothing, and prints it.
    expect([exitCode, text, errors]).toEqual([0, '\n', SAYS])
  })
  it.each([
    ['in a subshell', '(for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done); echo status $?'],
    [
      'in a shell of its own',
      'sh -c "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done"; echo status $?',
    ],
  ])('says so of jobs in the background: %s', async (_, script) => {
    const { exitCode, text, errors } = await ran(script, 6)
    expect([exitCode, text, errors]).toEqual([0, 'status 2\n', SAYS])
  })
  it('ends one that forks itself, and all of it', async () => {
    const { exitCode, errors } = await ran('f() { f | f & wait; }; f', 10)
    expect(exitCode).toBeLessThan(3)
    expect(errors).toContain('Cannot fork\n')
  })
  it('goes on when there is place again', async () => {
    const script = `sh -c "${stages(12, 'cat').join(' | ')}" </dev/null; echo status $?; echo one | cat; echo $(echo two | cat)`
    expect(await ran(script, 6)).toEqual({
      exitCode: 0,
      text: 'status 2\none\ntwo\n',
      errors: SAYS,
    })
  })
})

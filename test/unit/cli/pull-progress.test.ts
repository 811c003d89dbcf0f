import { describe, expect, it } from 'vitest'
import { PullReport } from '../../../src/cli/pull-progress.ts'

const MB = 1_000_000

function setup(isTTY: boolean, introduction?: (image: string) => string) {
  let written = ''
  const write = (text: string | Uint8Array): boolean => {
    written += text.toString()
    return true
  }
  const progress = new PullReport({ write, isTTY }, introduction)
  const tell = (status: 'Downloading' | 'Extracting', received: number) =>
    progress.report({ image: 'x', status, received: received * MB, total: 10 * MB })
  return { progress, tell, written: () => written }
}

describe('the report of a pull', () => {
  it('is a line for each thing that begins or ends where nobody looks', () => {
    const { tell, written } = setup(false, (image) => `${image} is not here\n`)
    for (const received of [0, 5, 10]) tell('Downloading', received)
    for (const received of [1, 10]) tell('Extracting', received)
    expect(written().split('\n')).toEqual([
      'x is not here',
      'x: Downloading',
      'x: downloaded 10.0 MB',
      'x: Extracting',
      'x: extracted',
      '',
    ])
  })
  it('counts what an earlier attempt left as here', () => {
    const { progress, tell, written } = setup(false)
    tell('Downloading', 4)
    tell('Downloading', 7)
    progress.finish()
    progress.finish()
    expect(written()).toBe('x: Downloading\nx: downloaded 3.0 MB, 4.0 MB were here\n')
  })
  it('redraws a bar on a terminal, and leaves no open line behind', () => {
    const { tell, written } = setup(true)
    tell('Downloading', 0)
    tell('Downloading', 5)
    tell('Extracting', 10)
    const screens = written().split('\r\x1b[K')
    expect(screens).toContain(
      `x: Downloading [${'='.repeat(15)}>${' '.repeat(14)}] 5.0 MB / 10.0 MB`,
    )
    expect(screens.at(-1)).toBe('x: extracted\n')
  })
  it('says nothing where nothing was to be done', () => {
    const { progress, written } = setup(false)
    progress.finish()
    expect(written()).toBe('')
  })
})

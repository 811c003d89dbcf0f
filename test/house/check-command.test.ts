import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { plantTree } from './planted-tree.ts'

const VITEST = 'node_modules/vitest/vitest.mjs'

// The shape of this repository's own package.json.
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}

describe('npm run check', () => {
  it('runs every gate, quick ones first', () => {
    expect(scripts['check']?.split(' && ')).toEqual([
      'npm run lint',
      'npm run bans',
      'npm run sizes',
      'npm run documents',
      // The tests of the library import its types from dist.
      'npm run build',
      'npm run types',
      'npm run lint:types',
      'npm run layers',
      'npm run dead',
      'npm run build:guests',
      'npm run test',
    ])
  })

  it('is made of scripts that any shell can run', () => {
    const words = Object.values(scripts).flatMap((script) => script.split(' && '))
    expect(words.filter((command) => !/^[\w@./:-]+( [\w@./:-]+)*$/.test(command))).toEqual([])
  })
})

describe('vitest', () => {
  it('runs every test file there is', () => {
    const tree = plantTree([], {})
    const onDisk = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .map((path) => `test/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.test.ts'))
    const { text } = tree.run(VITEST, 'list', '--filesOnly', '--root', process.cwd())
    tree.remove()
    const listed = [...text.matchAll(/test\/\S+\.test\.ts/g)].map(([path]) => path)
    expect(listed.sort()).toEqual(onDisk.sort())
  })

  it('fails in a tree without tests', () => {
    const tree = plantTree(['vitest.config.ts'], {})
    const { status, text } = tree.run(VITEST, 'run')
    tree.remove()
    expect(text).toContain('No test files found')
    expect(status).toBe(1)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCatalogue } from '../../../../src/engine/image/catalogue.ts'
import { parseReference } from '../../../../src/engine/image/reference.ts'

function parsed(catalogue: unknown) {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-'))
  const path = join(directory, 'catalogue.json')
  writeFileSync(path, JSON.stringify(catalogue))
  try {
    return readCatalogue(path)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
const good = { description: 'd', licence: 'l', source: { guest: 'g' }, files: [], config: {} }

describe('the catalogue', () => {
  it('of this package can be read, and every npm source has a SHA-512', () => {
    const entries = [...readCatalogue('catalogue.json').values()]
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'base',
        'clang',
        'hello-world',
        'php',
        'python',
        'quickjs',
        'ruby',
        'sqlite',
      ]),
    )
    for (const { source, config } of entries) {
      expect('npm' in source ? source.integrity : 'sha512-').toMatch(/^sha512-/)
      expect([...config.Entrypoint, ...config.Cmd].length).toBeGreaterThan(0)
    }
  })
  it('fills in what an entry leaves out', () => {
    expect(parsed({ x: good }).get('x')?.config).toEqual({
      Entrypoint: [],
      Cmd: [],
      Env: [],
      WorkingDir: '/',
      User: '',
    })
  })
  it.each<[string, unknown, string]>([
    ['no description', { ...good, description: 1 }, 'x: description must be a string'],
    ['files that are no list', { ...good, files: {} }, 'x: files must be a list'],
    ['no source', { ...good, source: undefined }, 'x: source must be an object'],
    [
      'a source without integrity',
      { ...good, source: { npm: 'a', version: '1', bytes: 1 } },
      'integrity',
    ],
    [
      'a source with a weak integrity',
      { ...good, source: { npm: 'a', version: '1', bytes: 1, integrity: 'sha1-abc' } },
      'x: source.integrity must be sha512-',
    ],
    ['a relative target', { ...good, files: [{ from: 'a', to: 'a' }] }, 'to must be an absolute'],
    ['a target that climbs', { ...good, files: [{ from: 'a', to: '/a/../b' }] }, 'to must be'],
    [
      'half a name to strip',
      { ...good, files: [{ unpack: 'a', to: '/a', strip: 0.5 }] },
      'strip must be a number of names',
    ],
    [
      'a file that is taken twice',
      {
        ...good,
        files: [
          { from: 'a', to: '/a' },
          { unpack: 'a', to: '/b' },
        ],
      },
      'x: takes a file twice',
    ],
    ['a mode that is none', { ...good, files: [{ directory: '888', to: '/a' }] }, 'directory must'],
    ['a file of its own without a mode', { ...good, files: [{ own: 'a', to: '/a' }] }, 'mode must'],
    [
      'a file of its own that is elsewhere',
      { ...good, files: [{ own: 'a/../../b', to: '/a', mode: '644' }] },
      'own must be a path below images/',
    ],
    [
      'an absolute file of its own',
      { ...good, files: [{ own: '/etc/passwd', to: '/a', mode: '644' }] },
      'own must be a path below images/',
    ],
    ['a relative link', { ...good, files: [{ link: 'a', to: '/a' }] }, 'link must be an absolute'],
    [
      'a relative directory for applets',
      { ...good, files: [{ from: 'a', to: '/a', applets: 'bin' }] },
      'applets must be an absolute path',
    ],
    ['a base that is not there', { ...good, from: 'y' }, 'x: from names no image'],
    ['itself as a base', { ...good, from: 'x' }, 'x: from names no image'],
    ['numbers as a command', { ...good, config: { Cmd: [1] } }, 'Cmd must be a list of strings'],
  ])('names what is wrong with %s', (_, entry, message) => {
    expect(() => parsed({ x: entry })).toThrow(message)
  })
})

describe('parseReference', () => {
  it.each([
    ['python', { name: 'python', tag: 'latest' }],
    ['a/b-c.d:1.2_x', { name: 'a/b-c.d', tag: '1.2_x' }],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference)
  })
  it.each(['', 'UPPER', 'a//b', '-a', 'a:', 'a:-x', '../a', `a:${'t'.repeat(129)}`])(
    'refuses %j',
    (text) => {
      expect(() => parseReference(text)).toThrow('invalid reference format')
    },
  )
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineError } from '../../../src/contract/errors.ts'
import { readSettings } from '../../../src/host/read-settings.ts'
import { SETTINGS } from '../../../src/host/settings.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'settings-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function fileOf(content: unknown): string {
  const path = join(directory, 'config.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port })

/** Each setting, as it is said in each place, and what it becomes. */
const SAID = {
  listen: {
    flag: ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2'],
    variable: 'tcp://127.0.0.1:3, tcp://127.0.0.1:4',
    file: ['tcp://127.0.0.1:5'],
    read: [[tcp(1), tcp(2)], [tcp(3), tcp(4)], [tcp(5)]],
  },
  dataDir: { flag: 'a', variable: '/b', file: 'c', read: [resolve('a'), resolve('/b'), 'c'] },
  tokenFile: { flag: 'a', variable: '/b', file: 'c', read: [resolve('a'), resolve('/b'), 'c'] },
  slots: { flag: '1', variable: '2', file: 3, read: [1, 2, 3] },
} as const satisfies Record<keyof typeof SETTINGS, object>

const rows = Object.entries(SAID).map(([name, said]) => ({ name, ...said }))

describe('the settings of a daemon', () => {
  it.each(rows)('$name: a flag before a variable before the file', ({ name, ...said }) => {
    const key = name as keyof typeof SETTINGS
    const config = fileOf({ [name]: said.file })
    const flags = { config, [name]: said.flag }
    const environment = { [SETTINGS[key].variable]: said.variable }
    const [first, second, third] = said.read
    expect(readSettings(flags, environment)[key]).toEqual(first)
    expect(readSettings({ config }, environment)[key]).toEqual(second)
    expect(readSettings({}, { ...environment, BULKHEAD_CONFIG: config })[key]).toEqual(second)
    // Paths of the file begin beside it.
    const expected = third === 'c' ? join(directory, 'c') : third
    expect(readSettings({}, { BULKHEAD_CONFIG: config })[key]).toEqual(expected)
  })
  it('are safe where nothing is said', () => {
    const settings = readSettings({}, { XDG_DATA_HOME: directory, BULKHEAD_LISTEN: '' })
    expect(settings).toMatchObject({ listen: [tcp(2375)], tokenFile: undefined, slots: 256 })
  })
  it('one address in a file may be a text', () => {
    const config = fileOf({ listen: 'unix:///run/x' })
    expect(readSettings({ config }, {}).listen).toEqual([{ kind: 'unix', path: '/run/x' }])
  })
  const wrong: readonly (readonly [object, NodeJS.ProcessEnv, string])[] = [
    [{ listen: ['ftp://x'] }, {}, '--listen: invalid address "ftp://x": tcp://HOST:PORT'],
    [{}, { BULKHEAD_LISTEN: 'tcp://127.0.0.1:1,,' }, 'BULKHEAD_LISTEN: invalid address ""'],
    [{ slots: '0' }, {}, '--slots: 1 to 2048 is accepted'],
    [{ slots: 'many' }, {}, '--slots: 1 to 2048 is accepted'],
    [{}, { BULKHEAD_SLOTS: '2049' }, 'BULKHEAD_SLOTS: 1 to 2048 is accepted'],
    [{ tokenFile: '' }, {}, '--token-file: a path is wanted'],
    [{ config: '/nowhere/at/all' }, {}, 'config file /nowhere/at/all: cannot be read: ENOENT'],
  ]
  it.each(wrong)('%j %j is refused: %s', (flags, environment, text) => {
    expect(() => readSettings({ ...flags }, environment)).toThrow(text)
  })
  it.each([
    [{ slots: 2.5 }, '"slots" in FILE: 1 to 2048 is accepted'],
    [{ slots: null }, '"slots" in FILE: 1 to 2048 is accepted'],
    [{ listen: [] }, '"listen" in FILE: none is given'],
    [{ listen: [7] }, '"listen" in FILE: a text is wanted'],
    [{ listen: {} }, '"listen" in FILE: a list of addresses is wanted'],
    [{ dataDir: ['a'] }, '"dataDir" in FILE: a path is wanted'],
    [{ 'data-dir': 'a' }, 'config file FILE: unknown setting "data-dir"; these are known: listen,'],
    ['{"__proto__": 1}', 'unknown setting "__proto__"'],
    [[], 'config file FILE: an object is wanted'],
    ['null', 'config file FILE: an object is wanted'],
    ['{', 'config file FILE: invalid JSON'],
  ])('a file with %j is refused: %s', (content, text) => {
    const config = fileOf(content)
    expect(() => readSettings({ config }, {})).toThrow(text.replace('FILE', config))
  })
  it('whatever a file holds, it is read or refused in our words', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.object({ key: fc.constantFrom(...Object.keys(SETTINGS)) })),
        (content) => {
          const config = fileOf(content)
          try {
            expect(readSettings({ config }, {}).listen.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(EngineError)
          }
        },
      ),
    )
  })
})

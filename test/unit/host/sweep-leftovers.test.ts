import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Blobs } from '../../../src/engine/content/blobs.ts'
import { sweepLeftovers } from '../../../src/host/sweep-leftovers.ts'
import { ModuleCache } from '../../../src/thread/module-cache.ts'

const ID = 'c'.repeat(64)
const HEX = '0123456789abcdef'
const NOW = Date.UTC(2026, 10, 28)
/** Of a process that has ended. */
const DEAD = spawnSync(process.execPath, ['--version']).pid
const HOUR = 60 * 60 * 1_000

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sweep-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function plant(path: string, age = 0): string {
  const whole = join(directory, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, 'x')
  const at = new Date(NOW - age)
  utimesSync(whole, at, at)
  return whole
}

describe('at the start of a daemon', () => {
  it.each([
    ['a layer on its way to disk', `containers/${ID}/upper.${HEX}.tmp`, 0],
    ['a copy of a running container', `tmp/${HEX}${HEX}`, 0],
    ['the record of a volume on its way', 'volumes/data/volume.json.new', 0],
    ['a blob of a process that died', `blobs/sha256/.tmp-${DEAD}-${HEX}`, 0],
    ['a blob of an earlier version', `blobs/sha256/.tmp-${HEX}`, 25 * HOUR],
    ['the record of an image, of a process that died', `images/.${DEAD}-${HEX}`, 0],
    ['the record of an image, of an earlier version', `images/.${HEX}`, 25 * HOUR],
    ['a rewritten module', `modules/.${HEX}.tmp`, 25 * HOUR],
  ])('%s is removed', (_, path, age) => {
    const whole = plant(path, age)
    expect(sweepLeftovers(directory, NOW)).toBe(1)
    expect(existsSync(whole)).toBe(false)
  })
  it.each([
    ['a layer', `containers/${ID}/upper`],
    ['a log', `containers/${ID}/log`],
    ['a name that only begins as ours', `containers/${ID}/upper.${HEX}.tmp.mine`],
    ['a file beside the containers', `containers/upper.${HEX}.tmp`],
    ['what somebody put beside the copies', 'tmp/notes.txt'],
    ['a file in a volume', `volumes/data/_data/volume.json.new`],
    ['a blob', `blobs/sha256/${HEX}${HEX}${HEX}${HEX}`],
    ['a blob that a process is writing', `blobs/sha256/.tmp-${process.pid}-${HEX}`],
    ['a blob that an earlier version may be writing', `blobs/sha256/.tmp-${HEX}`],
    ['an image', 'images/python%3Alatest.json'],
    ['the record of an image that a process is writing', `images/.${process.pid}-${HEX}`],
    ['a hidden file that is not ours', 'images/.gitignore'],
    ['a module that a process may be writing', `modules/.${HEX}.tmp`],
    ['a beginning of a download, which goes on', `downloads/${HEX}.${DEAD}-${HEX}.part`],
    ['a file of the same name elsewhere', `upper.${HEX}.tmp`],
  ])('%s is left alone', (_, path) => {
    const whole = plant(path, HOUR)
    expect(sweepLeftovers(directory, NOW)).toBe(0)
    expect(existsSync(whole)).toBe(true)
  })
  it('what is no file is left alone, and no link is followed', () => {
    const target = plant('elsewhere/file')
    mkdirSync(join(directory, 'tmp', `${HEX}${HEX}`), { recursive: true })
    symlinkSync(target, join(directory, 'tmp', `${HEX}${HEX}`.replace('0', '1')))
    plant(`elsewhere/upper.${HEX}.tmp`)
    mkdirSync(join(directory, 'containers'))
    symlinkSync(join(directory, 'elsewhere'), join(directory, 'containers', ID), 'junction')
    expect(sweepLeftovers(directory, NOW)).toBe(0)
    expect(readdirSync(join(directory, 'elsewhere'))).toHaveLength(2)
    expect(readdirSync(join(directory, 'tmp'))).toHaveLength(2)
  })
  it('a directory that has none of this is no fault', () => {
    expect(sweepLeftovers(join(directory, 'nowhere'), NOW)).toBe(0)
  })
})

describe('the names that are swept are those that are written', () => {
  it('of blobs', async () => {
    const blobs = new Blobs(join(directory, 'blobs', 'sha256'))
    let during: readonly string[] = []
    const pieces = async function* () {
      yield Buffer.from('x')
      during = readdirSync(join(directory, 'blobs', 'sha256'))
    }
    await blobs.put(pieces())
    expect(during).toEqual([expect.stringMatching(`^\\.tmp-${process.pid}-[0-9a-f]{16}$`)])
  })
  it('of rewritten modules, where none is left', () => {
    const cache = new ModuleCache(join(directory, 'modules'))
    const manifest = { meterVersion: 1 } as never
    cache.put('d', { bytes: Uint8Array.of(1), manifest })
    expect(readdirSync(join(directory, 'modules')).filter((name) => name.startsWith('.'))).toEqual(
      [],
    )
  })
})

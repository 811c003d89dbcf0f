import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LayerFile } from '../../../../src/contract/layer.ts'
import { Events } from '../../../../src/engine/event/events.ts'
import { containerVolumes } from '../../../../src/engine/volume/container-volumes.ts'
import { checkVolumeName, createVolume } from '../../../../src/engine/volume/create.ts'
import { fillEmpty } from '../../../../src/engine/volume/fill.ts'
import { pruneVolumes, removeVolume } from '../../../../src/engine/volume/remove.ts'
import { VolumeDirectory } from '../../../../src/engine/volume/volume-directory.ts'
import { bytesBelow } from '../../../../src/engine/volume/volume-files.ts'
import { AllVolumes, type VolumeParts } from '../../../../src/engine/volume/volumes.ts'
import { Mutex } from '../../../../src/std/mutex.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'volumes-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** An engine's volumes in a directory, and the containers that it believes to have. */
function volumesIn(directory = mkdtempSync(join(root, 'engine-'))) {
  const users: { id: string; mounts: readonly string[] }[] = []
  const told: string[] = []
  const events = new Events(() => 0)
  events.subscribe(({ action, actor }) => told.push(`${action} ${actor.id}`))
  let names = 0
  const newName = (): string => {
    names += 1
    return String(names).padStart(64, '0')
  }
  const parts: VolumeParts = {
    directory: new VolumeDirectory(directory),
    events,
    all: new AllVolumes(),
    containers: {
      list: () =>
        users.map(({ id, mounts }) => ({
          id,
          record: {
            spec: { guest: { mounts: mounts.map((volume) => ({ type: 'bind', volume })) } },
          },
        })) as never, // what is looked at of a container
    },
    turn: new Mutex(),
    now: () => new Date(0),
    newName,
  }
  return { parts, users, told, directory }
}

describe('the name of a volume', () => {
  it('that is taken is one directory and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (name) => {
        let taken = true
        try {
          checkVolumeName(name)
        } catch (error) {
          taken = false
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
        }
        if (taken) {
          expect(normalize(join('/x', name))).toBe(join('/x', name))
          expect(join('/x', name).split('/')).toEqual(['', 'x', name])
        }
        const plain = /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,60}$/.test(name)
        if (plain && !/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name)) expect(taken).toBe(true)
      }),
    )
  })
  it.each(['data', 'a.b-c_d', '0x', 'A'.repeat(255)])('may be %s', (name) => {
    expect(() => checkVolumeName(name)).not.toThrow()
  })
  it.each([
    ['a', 'create a: volume name is too short'],
    ['.hidden', 'includes invalid characters for a local volume name'],
    ['..', 'includes invalid characters'],
    ['a/b', 'includes invalid characters'],
    ['a\\b', 'includes invalid characters'],
    ['a b', 'includes invalid characters'],
    ['a\n', 'includes invalid characters'],
    ['ä-volume', 'includes invalid characters'],
    ['A'.repeat(256), 'no directory can have this name'],
    ['NUL.txt', 'no directory can have this name'],
    ['ends.', 'no directory can have this name'],
  ])('may not be %j', (name, reason) => {
    expect(() => checkVolumeName(name)).toThrow(reason)
  })
})

describe('a volume', () => {
  it('is found again by the next daemon, with its labels and its data', async () => {
    const first = volumesIn()
    await createVolume(first.parts)({ name: 'kept', labels: { a: 'b' } })
    writeFileSync(join(first.parts.directory.mountpoint('kept'), 'file'), 'text')
    const next = volumesIn(first.directory)
    expect(await next.parts.directory.all()).toEqual([
      { name: 'kept', created: new Date(0), labels: { a: 'b' } },
    ])
    expect(readFileSync(join(next.parts.directory.mountpoint('kept'), 'file'), 'utf8')).toBe('text')
  })
  it('whose creation or removal did not come to its end is not there, and may be made anew', async () => {
    const { parts, directory } = volumesIn()
    mkdirSync(join(directory, 'half', '_data'), { recursive: true })
    writeFileSync(join(directory, 'half', '_data', 'old'), '')
    writeFileSync(join(directory, 'half', 'volume.json.new'), '{"na')
    writeFileSync(join(directory, 'stray'), '')
    mkdirSync(join(directory, 'torn'))
    writeFileSync(join(directory, 'torn', 'volume.json'), '{"na')
    mkdirSync(join(directory, 'other'))
    writeFileSync(
      join(directory, 'other', 'volume.json'),
      '{"name":"../x","labels":{},"created":0}',
    )
    expect(await parts.directory.all()).toEqual([])
    await createVolume(parts)({ name: 'half' })
    expect(readdirSync(parts.directory.mountpoint('half'))).toEqual([])
  })
  it('that is there is found by its name, and made once', async () => {
    const { parts, told } = volumesIn()
    const create = createVolume(parts)
    const [one, two] = await Promise.all([
      create({ name: 'same' }),
      create({ name: 'same', labels: { a: '' } }),
    ])
    expect(two).toBe(one)
    expect(told).toEqual(['create same'])
  })
  it('with a name that the file system takes for another is refused, and the other is kept', async () => {
    const { parts, directory } = volumesIn()
    // What a file system without upper and lower case shows.
    mkdirSync(join(directory, 'Data', '_data'), { recursive: true })
    writeFileSync(join(directory, 'Data', 'volume.json'), '{}')
    await expect(createVolume(parts)({ name: 'Data' })).rejects.toMatchObject({
      code: 'NAME_IN_USE',
    })
    expect(existsSync(join(directory, 'Data', '_data'))).toBe(true)
  })
  it.each([
    [
      { driver: 'nfs' },
      'NO_SUCH_PLUGIN',
      'error looking up volume plugin nfs: plugin "nfs" not found',
    ],
    [{ options: { type: 'nfs' } }, 'INVALID_ARGUMENT', 'invalid option: "type"'],
  ])('of %j is refused', async (request, code, message) => {
    await expect(createVolume(volumesIn().parts)(request)).rejects.toMatchObject({ code, message })
  })
  it('in use is not removed, and is named with those who use it', async () => {
    const { parts, users } = volumesIn()
    await createVolume(parts)({ name: 'used' })
    users.push({ id: 'c1', mounts: ['used'] }, { id: 'c2', mounts: ['used', 'other'] })
    const remove = removeVolume(parts)
    await expect(remove('used', { force: true })).rejects.toMatchObject({
      code: 'VOLUME_IN_USE',
      message: 'remove used: volume is in use - [c1, c2]',
    })
    users.length = 0
    await remove('used', { force: false })
    await remove('used', { force: true })
    await expect(remove('used', { force: false })).rejects.toMatchObject({
      message: 'get used: no such volume',
    })
  })
  it('is pruned when nobody has it, and its bytes are counted', async () => {
    const { parts, users, told } = volumesIn()
    for (const name of ['one', 'two', 'three']) await createVolume(parts)({ name })
    const inside = join(parts.directory.mountpoint('one'), 'deep')
    mkdirSync(inside)
    writeFileSync(join(inside, 'file'), 'x'.repeat(1_000))
    users.push({ id: 'c', mounts: ['two'] })
    expect(await pruneVolumes(parts)(({ name }) => name !== 'three')).toEqual({
      names: ['one'],
      bytes: 1_000,
    })
    expect(parts.all.list().map(({ name }) => name)).toEqual(['two', 'three'])
    expect(told.slice(-2)).toEqual(['destroy one', 'prune '])
    expect(await bytesBelow(join(root, 'absent'))).toBe(0)
  })
})

describe('volumes of a container that is made', () => {
  const wanted = [
    { type: 'volume', source: 'named', target: '/n' },
    { type: 'volume', source: undefined, target: '/a' },
  ] as const
  const none = async () => []
  it('cannot be removed before it is there, and those nobody named go if it never is', async () => {
    const { parts } = volumesIn()
    const { mounts, settle } = await containerVolumes(parts).provide(wanted, none)
    expect(mounts.map(({ type, target }) => [type, target])).toEqual([
      ['bind', '/n'],
      ['bind', '/a'],
    ])
    await expect(removeVolume(parts)('named', { force: false })).rejects.toMatchObject({
      code: 'VOLUME_IN_USE',
    })
    expect((await pruneVolumes(parts)(() => true)).names).toEqual([])
    await settle(false)
    expect(parts.all.list().map(({ name }) => name)).toEqual(['named'])
    await removeVolume(parts)('named', { force: false })
  })
  it('are let go when one of them is refused', async () => {
    const { parts } = volumesIn()
    const bad = [...wanted, { type: 'volume', source: '../x', target: '/b' } as const]
    await expect(containerVolumes(parts).provide(bad, none)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    await removeVolume(parts)('named', { force: false })
    expect(parts.all.list()).toEqual([])
  })
})

describe('an empty volume', () => {
  const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n, size: 0 }
  const file = (path: string, text: string, mode = 0o644): LayerFile => ({
    ...plain,
    path,
    mode,
    type: 'regular',
    source: { kind: 'bytes', bytes: Buffer.from(text) },
  })
  const FILES: readonly LayerFile[] = [
    { ...plain, path: '/data', type: 'directory' },
    file('/data/one', '1', 0o755),
    { ...plain, path: '/data/empty', type: 'directory' },
    file('/data/deep/two', '2'),
    { ...plain, path: '/data/link', type: 'symlink', linkTarget: '/etc' },
    file('/database/three', '3'),
    file('/data/../../four', '4'),
  ]
  it('gets what the image has at its mount point, and no symlinks', async () => {
    const into = mkdtempSync(join(root, 'fill-'))
    await fillEmpty(into, '/data', async () => FILES)
    expect(readdirSync(into, { recursive: true }).map(String).sort()).toEqual(
      ['deep', join('deep', 'two'), 'empty', 'one'].sort(),
    )
    expect(statSync(join(into, 'one')).mode & 0o100).toBe(process.platform === 'win32' ? 0 : 0o100)
    expect(existsSync(join(root, 'four'))).toBe(false)
  })
  it('that is not empty stays as it is', async () => {
    const into = mkdtempSync(join(root, 'fill-'))
    writeFileSync(join(into, 'mine'), '')
    await fillEmpty(into, '/data', async () => FILES)
    expect(readdirSync(into)).toEqual(['mine'])
  })
})

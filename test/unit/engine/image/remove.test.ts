import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContainerState } from '../../../../src/contract/state.ts'
import { Container } from '../../../../src/engine/container/container.ts'
import { ContainerLog } from '../../../../src/engine/container/log/container-log.ts'
import { BARE_CONFIG } from '../../../../src/engine/container/root-source.ts'
import { imagesOf } from '../../../../src/engine/engine.ts'
import { Events } from '../../../../src/engine/event/events.ts'
import { commitImage } from '../../../../src/engine/image/commit.ts'
import { openImages } from '../../../../src/host/images.ts'
import { containerRecord } from '../../../support/container-record.ts'
import { tarOf } from '../../../support/tar.ts'

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'images-'))
  writeFileSync(join(base, 'catalogue.json'), '{}')
})
afterEach(() => rmSync(base, { recursive: true }))

async function* once(bytes: Uint8Array) {
  yield bytes
}

/** Images of a data directory of its own, and the containers that somebody says there are. */
function images() {
  const events = new Events(Date.now)
  const containers: Container[] = []
  const { shelf } = openImages({ dataDirectory: base, packageRoot: base })
  const parts = { shelf, events, containers: { list: () => containers } }
  const commit = async (reference: string | undefined, content: string): Promise<string> => {
    const files = [
      { name: 'shared', content: 'the same everywhere' },
      { name: 'own', content },
    ]
    const words = { comment: '', author: '', changes: [], parent: 'sha256:p', config: BARE_CONFIG }
    return await commitImage(parts)({ reference, ...words }, once(await tarOf(files)))
  }
  const use = (imageId: string, state: ContainerState): void => {
    const record = containerRecord({ state, spec: { imageId } })
    containers.push(new Container(record, new ContainerLog(base, record.spec.log, () => 0n)))
  }
  const told = () =>
    events.recent().map(({ action, actor }) => `${action} ${actor.attributes['name'] ?? ''}`)
  const blobs = () => readdirSync(join(base, 'blobs', 'sha256')).length
  return { all: imagesOf(parts), commit, use, told, blobs, containers }
}

const STOPPED: ContainerState = { status: 'created', last: undefined }
const RUNNING: ContainerState = { status: 'running', pid: 1, startedAt: new Date(0) }
const USERS = { nobody: undefined, stopped: STOPPED, running: RUNNING } as const

/** 'gone': with its files. 'untagged': it lost the name. 'kept': it has its id only. Else: why not. */
const MATRIX = `
  by    names  force  nobody    stopped                    running
  name  1      no     gone      unable-to-remove           unable-to-remove
  name  1      yes    gone      kept                       kept
  name  2      no     untagged  untagged                   untagged
  name  2      yes    untagged  untagged                   untagged
  id    1      no     gone      used-by-stopped            cannot-be-forced
  id    1      yes    gone      kept                       cannot-be-forced
  id    2      no     several   several                    cannot-be-forced
  id    2      yes    gone      kept                       cannot-be-forced
`
const REASON: Readonly<Record<string, string>> = {
  'unable-to-remove':
    'conflict: unable to remove repository reference "a:1" (must force) - container 000000000000 is using its referenced image SHORT',
  'used-by-stopped':
    'conflict: unable to delete SHORT (must be forced) - image is being used by stopped container 000000000000',
  'cannot-be-forced':
    'conflict: unable to delete SHORT (cannot be forced) - image is being used by running container 000000000000',
  several:
    'conflict: unable to delete SHORT (must be forced) - image is referenced in multiple repositories',
}
const [header = [], ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const cells = rows.flatMap(([by = '', names = '', force = '', ...ends]) =>
  ends.map((end, index) => [by, names, force, header[index + 3] ?? '', end] as const),
)

describe('an image is removed', () => {
  it.each(cells)(
    'by %s, with %s names, force %s, used by %s: %s',
    async (by, names, force, user, end) => {
      const { all, commit, use, blobs } = images()
      const id = await commit('a:1', 'x')
      if (names === '2') all.tag(id, 'b:1')
      const state = USERS[user as keyof typeof USERS]
      if (state !== undefined) use(id, state)
      const remove = () => all.remove(by === 'name' ? 'a:1' : id, { force: force === 'yes' })
      const reason = REASON[end]?.replace('SHORT', id.slice(7, 19))
      if (reason !== undefined) {
        expect(remove).toThrow(expect.objectContaining({ code: 'IMAGE_IN_USE', message: reason }))
        expect(all.inspect(id).names).toHaveLength(Number(names))
        return
      }
      const untagged = by === 'name' || names === '1' ? ['a:1'] : ['a:1', 'b:1']
      expect(remove()).toMatchObject({ untagged, deleted: end === 'gone' ? id : undefined })
      expect(all.list().map((image) => image.names)).toEqual(
        { gone: [], untagged: [['b:1']], kept: [[]] }[end],
      )
      expect(blobs()).toBe(end === 'gone' ? 0 : 2)
    },
  )
  it('and tells what it lost', async () => {
    const { all, commit, told } = images()
    const id = await commit('a:1', 'x')
    all.tag('a:1', 'b:2')
    all.remove(id, { force: true })
    expect(told()).toEqual([
      ...[`create ${id}`, 'tag a:1', 'tag b:2', 'untag a:1', 'untag b:2', `delete ${id}`],
    ])
  })
})

describe('a name', () => {
  it('that goes to another image leaves the older one without, unless it has another', async () => {
    const { all, commit } = images()
    const first = await commit('a:1', 'x')
    const second = await commit('a:1', 'y')
    expect(all.inspect(first).names).toEqual([])
    expect(all.inspect('a:1').id).toBe(second)
    all.tag(first, 'b:1')
    expect(all.list().map(({ names }) => names)).toHaveLength(2)
    all.tag(second, 'b:1')
    expect(all.inspect(second).names).toEqual(['a:1', 'b:1'])
    expect(all.inspect(first).names).toEqual([])
  })
  it('counts before an id that begins like it', async () => {
    const { all, commit } = images()
    const first = await commit(undefined, 'x')
    const second = await commit(`${first.slice(7, 15)}:latest`, 'y')
    expect(all.inspect(first.slice(7, 15)).id).toBe(second)
    expect(all.inspect(`sha256:${first.slice(7, 15)}`).id).toBe(first)
  })
  it.each(['UPPER', 'a b', '../x', ''])('must be one: %j', async (name) => {
    const { all, commit } = images()
    const id = await commit('a:1', 'x')
    expect(() => all.tag(id, name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    await expect(commit(name === '' ? ':' : name, 'z')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

describe('a prune of images', () => {
  it('takes those without a name that nobody uses, and says how much went', async () => {
    const { all, commit, use } = images()
    const named = await commit('a:1', 'named')
    const nameless = await commit(undefined, 'nobody has me')
    const used = await commit(undefined, 'used')
    use(used, STOPPED)
    expect(all.prune(() => false, { all: false }).removed).toEqual([])
    const { removed, bytes } = all.prune(() => true, { all: false })
    expect(removed).toMatchObject([{ untagged: [], deleted: nameless }])
    expect(bytes).toBe('nobody has me'.length)
    expect(all.prune(() => true, { all: true }).removed).toMatchObject([{ deleted: named }])
    expect(all.list().map(({ id, containers }) => [id, containers])).toEqual([[used, 1]])
  })
  it('counts what images share once', async () => {
    const { all, commit } = images()
    const [a] = [await commit('a:1', 'a'), await commit('b:1', 'bb')]
    const shared = 'the same everywhere'.length
    expect(all.bytes().all).toBe(shared + 3)
    expect(all.bytes().own(a)).toBe(1)
    expect(all.prune(() => true, { all: true }).bytes).toBe(shared + 3)
  })
})

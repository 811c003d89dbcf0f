import { rmSync } from 'node:fs'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownImages, startDaemon, type TestDaemon } from '../support/daemon.ts'
import { tarOf } from '../support/tar.ts'

/** What changes with the version of a request, from the oldest to the newest that is claimed. */
let daemon: TestDaemon
let directory = ''
beforeAll(async () => {
  directory = await ownImages(['hello-world'])
  daemon = await startDaemon(directory)
})
afterAll(async () => {
  await daemon.stop()
  rmSync(directory, { recursive: true })
})

const OLDEST = 'v1.24'
const NEWEST = 'v1.51'
const clientOf = (version: string): Docker =>
  new Docker({ host: '127.0.0.1', port: daemon.port, version })
/** Raw, for what no client sends. */
async function ask(path: string, method = 'GET', body?: string) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' }
  const url = `http://127.0.0.1:${daemon.port}${path}`
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  const json: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, json }
}

describe('the version of a request', () => {
  it.each([
    [
      '/v1.23/info',
      400,
      'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
    ],
    [
      '/v1.9/info',
      400,
      'client version 1.9 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
    ],
    ['/v1.52/info', 400, 'client version 1.52 is too new. Maximum supported API version is 1.51'],
    ['/v2.0/info', 400, 'client version 2.0 is too new. Maximum supported API version is 1.51'],
    ['/v1.51/nothing', 404, 'page not found'],
  ])('%s: %i', async (path, status, message) => {
    expect(await ask(path)).toMatchObject({ status, json: { message } })
  })
  it.each(['', '/v1.24', '/v1.51'])('may be %j: every answer says who answers', async (prefix) => {
    const { status, headers } = await ask(`${prefix}/_ping`, 'GET')
    expect(status).toBe(200)
    expect(headers.get('api-version')).toBe('1.51')
    expect(headers.get('ostype')).toBe('linux')
    expect(headers.get('server')).toMatch(/^Docker\/\d+\.\d+\.\d+ \(linux\)$/)
  })
})

describe('images', () => {
  it('are listed as their version has them', async () => {
    const container = await clientOf(NEWEST).createContainer({ Image: 'hello-world' })
    const { Id } = (await container.commit({})) as { Id: string }
    const listed = async (version: string) => {
      const all = await clientOf(version).listImages({ filters: { dangling: ['true'] } })
      return all.map((one) => [one.Id, one.RepoTags, one.RepoDigests, one.Containers])
    }
    expect(await listed('v1.42')).toEqual([[Id, ['<none>:<none>'], ['<none>@<none>'], -1]])
    expect(await listed('v1.43')).toEqual([[Id, [], [], -1]])
    expect(await listed(NEWEST)).toEqual([[Id, [], [], 0]])
    await container.remove()
    const pruned = await clientOf('v1.43').pruneImages({ filters: { dangling: { true: true } } })
    expect(pruned.ImagesDeleted).toEqual([{ Deleted: Id }])
  })
  it('were found by `filter` once', async () => {
    await clientOf(NEWEST).getImage('hello-world').tag({ repo: 'other', tag: 'v1' })
    const names = async (path: string) =>
      ((await ask(path)).json as readonly { RepoTags: readonly string[] }[]).flatMap(
        (one) => one.RepoTags,
      )
    expect(await names('/v1.24/images/json?filter=other')).toEqual(['other:v1'])
    expect(await names('/v1.25/images/json?filter=other')).toHaveLength(2)
  })
  it.each([OLDEST, NEWEST])('are tagged, inspected and removed with API %s', async (version) => {
    const docker = clientOf(version)
    const image = docker.getImage('hello-world')
    await image.tag({ repo: 'mine', tag: version })
    const { Id } = await image.inspect()
    expect((await docker.getImage(`mine:${version}`).inspect()).Id).toBe(Id)
    expect(await docker.getImage(`mine:${version}`).history()).toMatchObject([{ Id }])
    expect(await docker.getImage(`mine:${version}`).remove()).toEqual([
      { Untagged: `mine:${version}` },
    ])
    await expect(docker.getImage('mine').inspect()).rejects.toMatchObject({
      statusCode: 404,
      json: { message: 'No such image: mine:latest' },
    })
    await expect(image.tag({ repo: 'UPPER' })).rejects.toMatchObject({ statusCode: 400 })
  })
  it.each([
    ['no such key', '/images/json?filters={"odd":["1"]}', 400, "invalid filter 'odd'"],
    ['no JSON', '/images/json?filters=x', 400, 'invalid filter'],
    [
      'neither yes nor no',
      '/images/json?filters={"dangling":["maybe"]}',
      400,
      "invalid filter 'dangling=maybe'",
    ],
    [
      'an image that is not there',
      '/images/json?filters={"since":["absent"]}',
      404,
      'No such image: absent:latest',
    ],
    [
      'a time that is none',
      '/images/json?filters={"until":["soon"]}',
      400,
      'invalid value for until: "soon"',
    ],
  ])('are not listed by a filter of %s', async (_, path, status, message) => {
    expect(await ask(path)).toMatchObject({ status, json: { message } })
  })
})

describe('a container with a volume of its image', () => {
  it.each([OLDEST, NEWEST])(
    'gets one for itself, with the image’s content: API %s',
    async (version) => {
      const docker = clientOf(version)
      const first = await docker.createContainer({ Image: 'hello-world' })
      const { Id } = (await first.commit({ changes: 'VOLUME /etc' })) as { Id: string }
      const made = await docker.createContainer({ Image: Id, Volumes: { '/etc': {}, '/more': {} } })
      const { Mounts, Config } = await made.inspect()
      expect(Mounts.map((one) => [one.Type, one.Destination, one.Mode])).toEqual([
        ['volume', '/etc', ''],
        ['volume', '/more', ''],
      ])
      expect(Config.Volumes).toEqual({ '/etc': {}, '/more': {} })
      const files = await made.getArchive({ path: '/etc/passwd' })
      let text = ''
      for await (const piece of files) text += String(piece)
      expect(text).toContain('root:')
      const { VolumesDeleted } = await docker.pruneVolumes()
      expect(VolumesDeleted).toEqual([])
      await made.remove({ v: true })
      expect((await docker.listVolumes()).Volumes).toEqual([])
      await first.remove()
      await docker.getImage(Id).remove()
    },
  )
})

/** What dockerode's types leave out. */
interface DiskUsage {
  readonly LayersSize: number
  readonly Images: readonly { readonly Size: number }[]
  readonly Containers: readonly { readonly SizeRw: number; readonly SizeRootFs: number }[]
  readonly Volumes: readonly object[]
}

describe('the size of a terminal', () => {
  it('is taken of a container that runs, and of no other', async () => {
    const docker = clientOf(NEWEST)
    const Entrypoint = ['/hello']
    const container = await docker.createContainer({ Image: 'hello-world', Entrypoint, Tty: true })
    const resize = (query: string) => ask(`/containers/${container.id}/resize?${query}`, 'POST')
    const message = `container ${container.id} is not running`
    expect(await resize('h=24&w=80')).toMatchObject({ status: 409, json: { message } })
    expect(await resize('h=x&w=80')).toMatchObject({
      status: 400,
      json: { message: 'invalid resize height "x": invalid syntax' },
    })
    expect(await resize('h=24')).toMatchObject({
      status: 400,
      json: { message: 'invalid resize width "": invalid syntax' },
    })
    expect(await resize('h=-1&w=80')).toMatchObject({ status: 400 })
    await container.remove()
    expect(await resize('h=24&w=80')).toMatchObject({ status: 404 })
  })
})

describe('what a daemon holds', () => {
  const held = async () => (await clientOf(NEWEST).df()) as DiskUsage
  const idOf = async () => ((await clientOf(NEWEST).info()) as { ID: string }).ID
  it('is told as it is: layers, volumes, images', async () => {
    const docker = clientOf(NEWEST)
    const empty = await held()
    const container = await docker.createContainer({
      Image: 'hello-world',
      HostConfig: { Binds: ['kept:/v'] },
    })
    const archive = await tarOf([{ name: 'large', content: 'x'.repeat(100_000) }])
    await container.putArchive(archive, { path: '/' })
    await container.putArchive(archive, { path: '/v' })
    const full = await held()
    const { SizeRw = 0, SizeRootFs = 0 } = full.Containers[0] ?? {}
    expect(SizeRw).toBeGreaterThanOrEqual(100_000)
    expect(SizeRw).toBeLessThan(110_000)
    expect(SizeRootFs - SizeRw).toBe(full.Images[0]?.Size)
    expect(full.LayersSize).toBe(empty.LayersSize)
    expect(full.Volumes).toMatchObject([
      { Name: 'kept', UsageData: { Size: 100_000, RefCount: 1 } },
    ])
    expect((await docker.pruneContainers()).SpaceReclaimed).toBe(SizeRw)
    const volumes = await docker.pruneVolumes({ filters: { all: ['true'] } })
    expect(volumes.SpaceReclaimed).toBe(100_000)
    expect((await held()).Containers).toEqual([])
  })
  it('is known by one id, over every start', async () => {
    const before = await idOf()
    expect(before).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    await daemon.stop()
    daemon = await startDaemon(directory)
    expect(await idOf()).toBe(before)
  })
})

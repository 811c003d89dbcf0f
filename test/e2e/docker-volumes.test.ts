import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataDirectory, startDaemon, type TestDaemon } from '../support/daemon.ts'
import { type DockerClient, dockerClient } from '../support/docker-client.ts'

let daemon: TestDaemon
let docker: DockerClient
const directory = dataDirectory()
/** What these tests make is told from what others do, should they ever share a directory. */
const own = randomBytes(4).toString('hex')
const named = (name: string): string => `${name}-${own}`
beforeAll(async () => {
  daemon = await startDaemon(directory)
  docker = dockerClient(daemon.address)
  await docker.ok('pull', '-q', 'python')
})
afterAll(async () => {
  docker.close()
  await daemon.stop()
  rmSync(directory, { recursive: true })
})

const SPIN = ['python', '-c', 'while True: pass']
const write = (text: string): readonly string[] => [
  'python',
  '-c',
  `open("/data/f", "w").write("${text}")`,
]
const READ = ['python', '-c', 'print(open("/data/f").read())']
const volumesOf = (...filters: readonly string[]) =>
  docker.ok('volume', 'ls', '-q', ...filters.flatMap((one) => ['--filter', one]))
const mountOf = async (container: string) => {
  const [mount] = JSON.parse(await docker.ok('inspect', '-f', '{{json .Mounts}}', container)) as {
    readonly [key: string]: unknown
    readonly Name: string
  }[]
  return mount
}

describe('docker volume', () => {
  it('makes, shows and removes a volume', async () => {
    const name = named('plain')
    expect(await docker.ok('volume', 'create', '--label', `for=${own}`, name)).toBe(name)
    expect(await docker.ok('volume', 'create', name)).toBe(name)
    expect(await volumesOf(`label=for=${own}`)).toBe(name)
    expect(await volumesOf(`name=${name}`, 'dangling=true', 'driver=local')).toBe(name)
    expect(await volumesOf(`name=${name}`, 'dangling=false')).toBe('')
    const format = '{{.Name}} {{.Driver}} {{.Scope}} {{.Labels}}'
    expect(await docker.ok('volume', 'inspect', '-f', format, name)).toBe(
      `${name} local local map[for:${own}]`,
    )
    expect(await docker.ok('volume', 'rm', name)).toBe(name)
    expect(await docker.fails('volume', 'inspect', name)).toContain(`get ${name}: no such volume`)
    expect(await docker.fails('volume', 'rm', name)).toContain(`get ${name}: no such volume`)
    await docker.ok('volume', 'rm', '-f', name)
  })
  it.each([
    ['a/b', 'includes invalid characters for a local volume name'],
    ['-x', 'includes invalid characters for a local volume name'],
  ])('refuses the name %s', async (name, text) => {
    expect(await docker.fails('volume', 'create', '--name', name)).toContain(text)
  })
  it('refuses a driver that is not there', async () => {
    expect(await docker.fails('volume', 'create', '-d', 'nfs', named('x'))).toContain(
      'plugin "nfs" not found',
    )
  })
})

describe('a container with a volume', () => {
  it('writes into it what the next one reads, and what outlives the daemon', async () => {
    const name = named('shared')
    await docker.ok('run', '--rm', '-v', `${name}:/data`, ...write('kept'))
    expect(await docker.ok('run', '--rm', '-v', `${name}:/data:ro`, ...READ)).toBe('kept')
    const refused = await docker.run('run', '--rm', '-v', `${name}:/data:ro`, ...write('no'))
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('Read-only file system'),
    ])
    docker.close()
    await daemon.stop()
    daemon = await startDaemon(directory)
    docker = dockerClient(daemon.address)
    const mount = ['--mount', `type=volume,source=${name},target=/data,readonly`]
    expect(await docker.ok('run', '--rm', ...mount, ...READ)).toBe('kept')
    await docker.ok('volume', 'rm', name)
  })
  it('keeps it in use while it is there, running or not', async () => {
    const name = named('used')
    await docker.ok('run', '-d', '--name', 'user', '-v', `${name}:/data`, ...SPIN)
    const id = await docker.ok('inspect', '-f', '{{.Id}}', 'user')
    const text = `remove ${name}: volume is in use - [${id}]`
    expect(await docker.fails('volume', 'rm', name)).toContain(text)
    expect(await mountOf('user')).toEqual({
      Type: 'volume',
      Name: name,
      Driver: 'local',
      Destination: '/data',
      Mode: 'z',
      RW: true,
      Propagation: '',
      Source: await docker.ok('volume', 'inspect', '-f', '{{.Mountpoint}}', name),
    })
    expect(await docker.ok('inspect', '-f', '{{.HostConfig.Binds}}', 'user')).toBe(
      `[${name}:/data]`,
    )
    expect(await docker.ok('ps', '-q', '--no-trunc', '--filter', `volume=${name}`)).toBe(id)
    expect(await docker.ok('ps', '-q', '--no-trunc', '--filter', 'volume=/data')).toBe(id)
    const format = '{{json .}}'
    const used = await docker.ok('system', 'df', '-v', '--format', format)
    const { Volumes } = JSON.parse(used) as {
      readonly Volumes: readonly { Name: string; Links: string }[]
    }
    expect(Volumes.find((one) => one.Name === name)?.Links).toBe('1')
    await docker.ok('kill', 'user')
    expect(await docker.fails('volume', 'rm', name)).toContain(text)
    await docker.ok('rm', '-v', 'user')
    expect(await volumesOf(`name=${name}`)).toBe(name)
    await docker.ok('volume', 'rm', name)
    // Of a second that ends after the last event.
    const until = String(Math.ceil(Date.now() / 1000))
    const events = ['events', '--since', '1', '--until', until, '--filter', 'type=volume']
    expect(
      (await docker.ok(...events, '--filter', `volume=${name}`, '--format', '{{.Action}}')).split(
        '\n',
      ),
    ).toEqual(['create', 'mount', 'unmount', 'destroy'])
  })
  it('finds in a new volume what the image has there, unless it wants none of it', async () => {
    const list = ['python', '-c', 'import os; print(len(os.listdir("/usr/local/lib")))']
    const before = await docker.ok('run', '--rm', ...list)
    expect(Number(before)).toBeGreaterThan(0)
    const [full, bare] = [named('full'), named('bare')]
    await docker.ok('create', '--name', 'filled', '-v', `${full}:/usr/local/lib`, ...list)
    expect(await docker.ok('start', '-a', 'filled')).toBe(before)
    const mount = `type=volume,source=${bare},target=/mnt/lib,volume-nocopy`
    const source = 'import os; print(len(os.listdir("/mnt/lib")))'
    expect(await docker.ok('run', '--rm', '--mount', mount, 'python', '-c', source)).toBe('0')
    await docker.ok('rm', 'filled')
    await docker.ok('volume', 'rm', full, bare)
  })
  it('and no name for it has one of its own, which goes with it where that is wanted', async () => {
    await docker.ok('create', '--name', 'nameless', '-v', '/data', ...SPIN)
    const kept = (await mountOf('nameless'))?.Name ?? ''
    expect(kept).toMatch(/^[0-9a-f]{64}$/)
    expect(
      await docker.ok('inspect', '-f', '{{.Config.Volumes}} {{.HostConfig.Binds}}', 'nameless'),
    ).toBe('map[/data:{}] []')
    await docker.ok('rm', 'nameless')
    expect(await volumesOf(`name=${kept}`)).toBe(kept)
    expect(await docker.ok('volume', 'inspect', '-f', '{{.Labels}}', kept)).toBe(
      'map[com.docker.volume.anonymous:]',
    )
    await docker.ok('create', '--name', 'nameless', '-v', '/data', ...SPIN)
    const gone = (await mountOf('nameless'))?.Name ?? ''
    await docker.ok('rm', '-v', 'nameless')
    expect(await volumesOf(`name=${gone}`)).toBe('')
    await docker.ok('run', '-d', '--rm', '--name', 'nameless', '-v', '/data', ...SPIN)
    const removed = (await mountOf('nameless'))?.Name ?? ''
    await docker.ok('kill', 'nameless')
    while ((await docker.run('inspect', 'nameless')).code === 0);
    expect(await volumesOf(`name=${removed}`)).toBe('')
    await docker.ok('volume', 'rm', kept)
  })
  it('that could not be made leaves none behind that nobody named', async () => {
    const before = await volumesOf('dangling=true')
    expect(await docker.fails('create', '-v', '/data', '-v', 'a/b:/x', ...SPIN)).toContain(
      'invalid',
    )
    expect(await docker.fails('create', '-v', '/data', '-w', 'relative', ...SPIN)).not.toBe('')
    expect(await volumesOf('dangling=true')).toBe(before)
  })
  it.each(['v1.41', 'v1.51'])('is pruned by dockerode with API %s', async (version) => {
    const client = new Docker({ host: '127.0.0.1', port: daemon.port, version })
    const label = `prune=${own}-${version}`
    const Labels = { prune: `${own}-${version}` }
    const Name = named(`pruned-${version}`)
    await client.createVolume({ Name, Labels })
    const { name: made } = (await client.createVolume({ Labels })) as unknown as { name: string }
    const spared = await client.pruneVolumes({ filters: { label: [label] } })
    // Before 1.42 a prune took those with a name too.
    expect(spared.VolumesDeleted).toEqual(version === 'v1.41' ? [Name, made] : [made])
    const all = await client.pruneVolumes({ filters: { label: [label], all: ['true'] } })
    expect(all.VolumesDeleted).toEqual(version === 'v1.41' ? [] : [Name])
    expect(all.SpaceReclaimed).toBe(0)
    await expect(client.pruneVolumes({ filters: { nope: ['x'] } })).rejects.toMatchObject({
      statusCode: 400,
    })
    await expect(client.getVolume('absent').inspect()).rejects.toMatchObject({
      statusCode: 404,
      json: { message: 'get absent: no such volume' },
    })
  })
})

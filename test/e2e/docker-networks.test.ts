import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { type DockerClient, dockerClient } from '../support/docker-client.ts'

let daemon: TestDaemon
let docker: DockerClient
beforeAll(async () => {
  daemon = await startDaemon()
  docker = dockerClient(daemon.address)
  await docker.ok('pull', '-q', 'python')
})
afterAll(async () => {
  docker.close()
  await daemon.stop()
})

const SPIN = ['python', '-c', 'while True: pass']
const client = (): Docker => new Docker({ host: '127.0.0.1', port: daemon.port })
const names = (...filters: readonly string[]) =>
  docker.ok(
    'network',
    'ls',
    ...filters.flatMap((one) => ['--filter', one]),
    '--format',
    '{{.Name}}',
  )
const addressOn = async (container: string, network: string) => {
  const { NetworkSettings } = await client().getContainer(container).inspect()
  return NetworkSettings.Networks[network]?.IPAddress
}
/** What happened to networks and this container since the last call. */
const eventsOf = async (...filters: readonly string[]) => {
  const until = String(Math.ceil(Date.now() / 1000))
  const format = '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}'
  const log = await docker.ok(
    ...['events', '--since', '1', '--until', until, '--format', format],
    ...filters.flatMap((one) => ['--filter', one]),
  )
  return log.split('\n')
}

describe('the predefined networks', () => {
  it('are there, with the same ids on every daemon', async () => {
    expect(await names()).toBe('bridge\nhost\nnone')
    const format = '{{.Id}} {{.Driver}} {{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}}'
    const shown = await docker.ok('network', 'inspect', '-f', format, 'bridge', 'host', 'none')
    expect(shown.split('\n')).toEqual([
      expect.stringMatching(/^[0-9a-f]{64} bridge 172\.17\.0\.0\/16 172\.17\.0\.1$/),
      expect.stringMatching(/^[0-9a-f]{64} host ?$/),
      expect.stringMatching(/^[0-9a-f]{64} null ?$/),
    ])
    const another = await startDaemon()
    const other = dockerClient(another.address)
    expect(await other.ok('network', 'inspect', '-f', format, 'bridge', 'host', 'none')).toBe(shown)
    other.close()
    await another.stop()
  })
  it.each(['bridge', 'host', 'none'])('can be neither made nor removed: %s', async (name) => {
    expect(await docker.fails('network', 'create', name)).toContain(
      `operation is not permitted on predefined ${name} network`,
    )
    expect(await docker.fails('network', 'rm', name)).toContain(
      `${name} is a pre-defined network and cannot be removed`,
    )
  })
})

describe('docker network', () => {
  it('makes, shows and removes a network', async () => {
    const id = await docker.ok('network', 'create', '--label', 'a=b', '--internal', 'one')
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(await names('label=a=b')).toBe('one')
    expect(await names('type=custom')).toBe('one')
    expect(await names('name=^on', 'driver=bridge', 'dangling=true', `id=${id.slice(0, 12)}`)).toBe(
      'one',
    )
    const format = '{{.Name}} {{.Internal}} {{.Labels.a}} {{(index .IPAM.Config 0).Subnet}}'
    expect(await docker.ok('network', 'inspect', '-f', format, id.slice(0, 10))).toBe(
      'one true b 172.18.0.0/16',
    )
    expect(await docker.fails('network', 'create', 'one')).toContain(
      'network with name one already exists',
    )
    expect(await docker.ok('network', 'rm', 'one')).toBe('one')
    expect(await docker.fails('network', 'inspect', 'one')).toContain('network one not found')
    expect(await docker.fails('network', 'rm', 'one')).toContain('network one not found')
    expect(await eventsOf('type=network', 'network=one')).toEqual([
      'network create one',
      'network destroy one',
    ])
  })
  it('takes the subnet it is told, and refuses one that overlaps', async () => {
    const subnet = [
      '--subnet',
      '10.9.0.0/24',
      '--gateway',
      '10.9.0.254',
      '--ip-range',
      '10.9.0.64/26',
    ]
    await docker.ok('network', 'create', ...subnet, 'own')
    expect(await docker.fails('network', 'create', '--subnet', '10.9.0.0/16', 'wider')).toContain(
      'Pool overlaps with other one on this address space',
    )
    await docker.ok('run', '-d', '--name', 'fixed', '--network', 'own', '--ip', '10.9.0.7', ...SPIN)
    await docker.ok(
      'run',
      '-d',
      '--name',
      'any',
      '--network',
      'own',
      '--network-alias',
      'web',
      ...SPIN,
    )
    expect([await addressOn('fixed', 'own'), await addressOn('any', 'own')]).toEqual([
      '10.9.0.7',
      '10.9.0.64',
    ])
    const any = (await client().getContainer('any').inspect()).NetworkSettings.Networks['own']
    expect(any).toMatchObject({
      Gateway: '10.9.0.254',
      IPPrefixLen: 24,
      MacAddress: '02:42:0a:09:00:40',
      Aliases: ['web'],
    })
    const taken = await docker.fails('run', '--network', 'own', '--ip', '10.9.0.7', 'python')
    expect(taken).toContain('failed to set up container networking: Address already in use')
    await docker.ok('rm', '-f', 'fixed', 'any')
    await docker.ok('network', 'rm', 'own')
  })
  it.each([
    ['an unknown driver', ['-d', 'nope', 'x'], 'plugin "nope" not found'],
    [
      'a second host network',
      ['-d', 'host', 'x'],
      'only one instance of "host" network is allowed',
    ],
    ['a subnet that is none', ['--subnet', '10.0.0.1/8', 'x'], 'it should be 10.0.0.0/8'],
  ])('refuses %s', async (_, args, text) => {
    expect(await docker.fails('network', 'create', ...args)).toContain(text)
  })
})

describe('a container on networks', () => {
  it('has an address on the bridge while it runs', async () => {
    await docker.ok('run', '-d', '--name', 'plain', ...SPIN)
    expect(await addressOn('plain', 'bridge')).toBe('172.17.0.2')
    const { Containers } = (await client()
      .getNetwork('bridge')
      .inspect()) as Docker.NetworkInspectInfo
    expect(Object.values(Containers ?? {})).toEqual([
      expect.objectContaining({
        Name: 'plain',
        IPv4Address: '172.17.0.2/16',
        MacAddress: '02:42:ac:11:00:02',
      }),
    ])
    const onBridge = await docker.ok(
      'ps',
      '--filter',
      'network=bridge',
      '--format',
      '{{.Networks}}',
    )
    expect(onBridge).toBe('bridge')
    await docker.ok('kill', 'plain')
    expect(await addressOn('plain', 'bridge')).toBe('')
    const id = await docker.ok('inspect', '-f', '{{.Id}}', 'plain')
    const events = await eventsOf('type=network', 'network=bridge')
    expect(events.slice(-2)).toEqual(['network connect bridge', 'network disconnect bridge'])
    const all = await eventsOf('type=network', 'type=container')
    // Told of before the end of its process is: who hears of that finds the address free.
    expect(all.slice(-2)).toEqual(['network disconnect bridge', 'container die plain'])
    expect(id).toHaveLength(64)
    await docker.ok('rm', 'plain')
  })
  it('is connected and disconnected while it runs and while it rests', async () => {
    await docker.ok('network', 'create', 'live')
    await docker.ok('create', '--name', 'mover', ...SPIN)
    await docker.ok('network', 'connect', '--alias', 'db', 'live', 'mover')
    expect(await addressOn('mover', 'live')).toBe('')
    await docker.ok('start', 'mover')
    expect(await addressOn('mover', 'live')).toMatch(/^172\.18\.0\.2$/)
    expect(
      await docker.ok('ps', '--filter', 'network=live', '--format', '{{.Names}} {{.Networks}}'),
    ).toMatch(/^mover (bridge,live|live,bridge)$/)
    expect(await docker.fails('network', 'connect', 'live', 'mover')).toContain(
      'endpoint with name mover already exists in network live',
    )
    const inUse = await docker.fails('network', 'rm', 'live')
    expect(inUse).toMatch(
      /error while removing network: network live has active endpoints \(name:"mover" id:"[0-9a-f]{12}"\)/,
    )
    await docker.ok('network', 'disconnect', 'live', 'mover')
    expect(await addressOn('mover', 'live')).toBeUndefined()
    const id = await docker.ok('inspect', '-f', '{{.Id}}', 'mover')
    expect(await docker.fails('network', 'disconnect', 'live', 'mover')).toContain(
      `container ${id} is not connected to network live`,
    )
    await docker.ok('network', 'connect', 'live', 'mover')
    await docker.ok('network', 'disconnect', 'bridge', 'mover')
    await docker.ok('restart', '-t', '0', 'mover')
    expect([await addressOn('mover', 'live'), await addressOn('mover', 'bridge')]).toEqual([
      '172.18.0.2',
      undefined,
    ])
    await docker.ok('rm', '-f', 'mover')
    expect(await docker.ok('network', 'prune', '-f')).toContain('Deleted Networks:\nlive')
  })
  it('whose network is gone does not start, and says so', async () => {
    await docker.ok('network', 'create', 'brief')
    await docker.ok('create', '--name', 'left', '--network', 'brief', ...SPIN)
    await docker.ok('network', 'rm', 'brief')
    expect(await docker.fails('start', 'left')).toContain(
      'failed to set up container networking: network brief not found',
    )
    expect(await docker.ok('inspect', '-f', '{{.State.Status}}', 'left')).toBe('created')
    await docker.ok('rm', 'left')
    const done = await docker.run('run', '--network', 'nope', 'python')
    expect([done.code, done.stderr]).toEqual([
      125,
      expect.stringContaining('network nope not found'),
    ])
  })
  it.each([
    ['host', 'container cannot be disconnected from host network or connected to host network'],
    [
      'none',
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    ],
  ])('of mode %s has no other', async (mode, text) => {
    await docker.ok('run', '-d', '--name', mode, '--network', mode, ...SPIN)
    expect(await addressOn(mode, mode)).toBe('')
    expect(await docker.fails('network', 'connect', 'bridge', mode)).toContain(text)
    await docker.ok('rm', '-f', mode)
  })
  it.each(['v1.24', 'v1.43', 'v1.51'])('is driven by dockerode with API %s', async (version) => {
    const own = new Docker({ host: '127.0.0.1', port: daemon.port, version })
    const network = await own.createNetwork({ Name: `rode-${version}`, Labels: { by: 'rode' } })
    const container = await own.createContainer({ Image: 'python', Cmd: SPIN.slice(1) })
    await network.connect({ Container: container.id, EndpointConfig: { Aliases: ['a'] } })
    await container.start()
    const info = await container.inspect()
    expect(info.NetworkSettings.Networks[`rode-${version}`]?.IPAddress).toMatch(/^172\.\d+\.0\.2$/)
    await expect(network.remove()).rejects.toMatchObject({ statusCode: 403 })
    await network.disconnect({ Container: container.id })
    await expect(network.disconnect({ Container: container.id })).rejects.toMatchObject({
      statusCode: 500,
    })
    const [listed] = await own.listNetworks({ filters: { label: ['by=rode'] } })
    expect(listed?.Id).toBe(network.id)
    await expect(own.listNetworks({ filters: { nope: ['x'] } })).rejects.toMatchObject({
      statusCode: 400,
      json: { message: "invalid filter 'nope'" },
    })
    await container.remove({ force: true })
    await network.remove()
  })
})

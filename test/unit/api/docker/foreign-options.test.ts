import { describe, expect, it } from 'vitest'
import {
  createSchema,
  requestOf,
  warningsOf,
} from '../../../../src/api/docker/containers/create-body.ts'

const bodyOf = (HostConfig: object, more: object = {}) =>
  createSchema.parse({ Image: 'x', HostConfig, ...more })
const NO_KERNEL = 'has no meaning for WebAssembly guests and was ignored.'
const NO_WIRE = 'was ignored: networks carry nothing in this version.'
const NO_CONTROL = 'was ignored: this version has no such limit.'

describe('options of a create that change nothing', () => {
  it.each([
    ['Privileged', true, NO_KERNEL],
    ['CapAdd', ['ALL'], NO_KERNEL],
    ['CapDrop', ['NET_RAW'], NO_KERNEL],
    ['SecurityOpt', ['no-new-privileges'], NO_KERNEL],
    ['GroupAdd', ['5'], NO_KERNEL],
    ['CgroupParent', '/x', NO_KERNEL],
    ['CgroupnsMode', 'host', NO_KERNEL],
    ['UsernsMode', 'host', NO_KERNEL],
    ['DeviceCgroupRules', ['c 1:3 mr'], NO_KERNEL],
    ['Sysctls', { 'net.ipv4.ip_forward': '1' }, NO_KERNEL],
    ['ShmSize', 1_048_576, NO_KERNEL],
    ['OomScoreAdj', 500, NO_KERNEL],
    ['OomKillDisable', true, NO_KERNEL],
    ['CpusetMems', '0', NO_KERNEL],
    ['StorageOpt', { size: '1G' }, NO_CONTROL],
    ['MemorySwap', 2 ** 30, NO_CONTROL],
    ['MemoryReservation', 2 ** 26, NO_CONTROL],
    ['CpusetCpus', '0', NO_CONTROL],
    ['BlkioWeight', 300, NO_CONTROL],
    ['Dns', ['1.1.1.1'], NO_WIRE],
    ['DnsOptions', ['ndots:1'], NO_WIRE],
    ['DnsSearch', ['local'], NO_WIRE],
    ['ExtraHosts', ['a:1.2.3.4'], NO_WIRE],
    ['Links', ['a:b'], NO_WIRE],
    ['PortBindings', { '80/tcp': [{ HostPort: '80' }] }, NO_WIRE],
    ['PortBindings', { '80-81/udp': null, '1': [{ HostPort: '' }] }, NO_WIRE],
    ['PublishAllPorts', true, NO_WIRE],
  ])('are accepted with a warning: %s', (name, value, why) => {
    const body = bodyOf({ [name]: value })
    expect(() => requestOf(body, undefined)).not.toThrow()
    expect(warningsOf(body, '')).toEqual([`${name} ${why}`])
  })
  it('are accepted with a warning: a platform, and limits of a process that there are not', () => {
    const body = bodyOf({ Ulimits: [{ Name: 'core', Soft: 1, Hard: 1 }] })
    expect(warningsOf(body, 'linux/amd64')).toEqual([
      `Platform ${NO_KERNEL}`,
      'Ulimit core was ignored: this version has no such limit.',
    ])
  })
  it('say nothing where they are what clients send of themselves', () => {
    const body = bodyOf({
      ...{ Privileged: false, CapAdd: null, CapDrop: [], SecurityOpt: null, Sysctls: {} },
      ...{ MemorySwap: 0, MemorySwappiness: -1, ShmSize: 0, OomKillDisable: false, OomScoreAdj: 0 },
      ...{ PidMode: '', IpcMode: 'private', UTSMode: '', CgroupnsMode: '', UsernsMode: '' },
      ...{ PortBindings: {}, PublishAllPorts: false, Dns: [], Links: null, Runtime: '' },
      ...{ Ulimits: [{ Name: 'nofile', Soft: 64, Hard: 64 }], LogConfig: { Type: '', Config: {} } },
    })
    expect(() => requestOf(body, undefined)).not.toThrow()
    expect(warningsOf(body, '')).toEqual([])
  })
})

describe('options of a create that cannot be passed over', () => {
  const why = 'is not supported: guests are WebAssembly programs in threads of this daemon'
  it.each([
    [{ Devices: [{ PathOnHost: '/dev/null' }] }, `Devices ${why}`],
    [{ DeviceRequests: [{ Count: -1 }] }, `DeviceRequests (GPUs) ${why}`],
    [{ Runtime: 'runsc' }, `runtime "runsc" ${why}`],
    [{ PidMode: 'host' }, `PidMode "host" ${why}`],
    [{ PidMode: 'container:x' }, `PidMode "container:x" ${why}`],
    [{ IpcMode: 'host' }, `IpcMode "host" ${why}`],
    [{ UTSMode: 'host' }, `UTSMode "host" ${why}`],
    [{ LogConfig: { Type: 'syslog' } }, "logger: no log driver named 'syslog' is registered"],
    [{ PortBindings: { 'abc/tcp': [] } }, 'invalid port specification: "abc"'],
    [{ PortBindings: { '65536/tcp': null } }, 'invalid port specification: "65536"'],
    [{ PortBindings: { '80/tcp': [{ HostPort: 'x' }] } }, 'invalid port specification: "x"'],
    [{ VolumesFrom: [''] }, 'invalid volumes-from specification: '],
    [{ VolumesFrom: ['a:rx'] }, 'invalid mode for volumes-from: rx'],
    [
      { Binds: ['v:/x'] },
      'create v: volume name is too short, names should be at least two alphanumeric characters',
    ],
  ])('are refused: %j', (host, message) => {
    expect(() => requestOf(bodyOf(host), undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    )
  })
  it('are refused: a volume of one letter, which clients take for a drive', () => {
    const body = bodyOf({}, { Volumes: { 'v:/x': {} } })
    expect(() => requestOf(body, undefined)).toThrow('create v: volume name is too short')
  })
  it('a directory of the host is made for a bind, and not for a mount', () => {
    const body = bodyOf({ Binds: ['/a:/x', 'named:/y'], Mounts: [] })
    expect(requestOf(body, undefined)).toMatchObject({ makeDirectories: ['/a'] })
    const Mounts = [{ Type: 'bind', Source: '/a', Target: '/x' }]
    expect(requestOf(bodyOf({ Mounts }), undefined)).toMatchObject({ makeDirectories: [] })
  })
})

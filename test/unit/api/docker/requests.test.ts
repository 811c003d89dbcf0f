import { describe, expect, it } from 'vitest'
import { checkVersion, since, splitVersion } from '../../../../src/api/docker/api-version.ts'
import { refuseBrowsers } from '../../../../src/api/docker/browser-guard.ts'
import { createSchema, requestOf } from '../../../../src/api/docker/containers/create-body.ts'
import { bindOf, mountOf, tmpfsOf } from '../../../../src/api/docker/containers/mount-body.ts'
import { humanDuration } from '../../../../src/api/docker/containers/state.ts'
import { anyOf, labelsFit, parseFilters } from '../../../../src/api/docker/filters.ts'
import { frame } from '../../../../src/api/docker/multiplex.ts'
import { flag, integer, timestamp } from '../../../../src/api/docker/query.ts'
import { nanoTime } from '../../../../src/api/docker/time.ts'

describe('the version of a request', () => {
  it.each([
    ['/v1.43/info', '/info', 43],
    ['/info', '/info', 51],
    ['/v1.24', '/', 24],
    ['/v1.5x/info', '/v1.5x/info', 51],
  ])('%s', (text, path, minor) => {
    expect(splitVersion(text)).toEqual({ path, version: { major: 1, minor } })
  })
  it('is compared as numbers', () => {
    expect(since({ major: 1, minor: 9 }, 24)).toBe(false)
    expect(since({ major: 2, minor: 0 }, 24)).toBe(true)
  })
  it.each([
    [{ major: 1, minor: 23 }, 'too old. Minimum supported API version is 1.24'],
    [
      { major: 1, minor: 52 },
      'client version 1.52 is too new. Maximum supported API version is 1.51',
    ],
  ])('%j is refused', (version, text) => {
    expect(() => checkVersion(version)).toThrow(text)
  })
})

describe('what a browser can send', () => {
  it.each([
    [{ host: 'localhost:2375' }, true],
    [{ host: '127.0.0.1' }, true],
    [{ host: '[::1]:2375' }, true],
    [{ host: 'api.moby.localhost' }, true],
    [{ host: 'docker' }, true],
    [{ host: 'docker.evil' }, false],
    [{}, true],
    [{ host: 'evil.example:2375' }, false],
    [{ host: '127.0.0.1.evil.example' }, false],
    [{ host: 'localhost.evil' }, false],
    [{ host: 'localhost', origin: 'http://localhost' }, false],
    [{ host: 'localhost', origin: 'null' }, false],
  ])('%j passes: %j', (headers, passes) => {
    const check = () => refuseBrowsers(headers)
    if (passes) expect(check).not.toThrow()
    else expect(check).toThrow('clients of this machine only')
  })
})

describe('parameters of a query', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['0', false],
    ['False', false],
    ['none', false],
    ['1', true],
    ['yes', true],
  ])('%j is %j', (text, expected) => {
    expect(flag(text)).toBe(expected)
  })
  it('numbers are whole, or refused by name', () => {
    expect(integer('t', '-1')).toBe(-1)
    expect(integer('t', undefined)).toBeUndefined()
    expect(() => integer('t', '0x10')).toThrow('invalid t "0x10"')
  })
  it.each([
    ['0', undefined],
    ['12', 12_000_000_000n],
    ['12.5', 12_500_000_000n],
    ['1795516773.000000001', 1_795_516_773_000_000_001n],
  ])('the time %s is %s ns', (text, ns) => {
    expect(timestamp('since', text)).toBe(ns)
  })
  it('a time that is none is refused', () => {
    expect(() => timestamp('since', 'yesterday')).toThrow('invalid value for since')
  })
})

describe('filters', () => {
  it.each([
    ['{"label":{"a=b":true,"c":false}}', ['a=b']],
    ['{"label":["a=b","c"]}', ['a=b', 'c']],
  ])('%s', (text, values) => {
    expect(parseFilters(text, ['label']).get('label')).toEqual(values)
  })
  it.each([
    ['{', 'invalid filter'],
    ['[]', 'invalid filter'],
    ['{"label":7}', 'invalid filter'],
    ['{"nope":["x"]}', "invalid filter 'nope'"],
    ['{"__proto__":["x"]}', "invalid filter '__proto__'"],
  ])('%s is refused', (text, message) => {
    expect(() => parseFilters(text, ['label'])).toThrow(message)
  })
  it('values of a key are alternatives, labels must all be there', () => {
    const filters = parseFilters('{"id":["a","b"],"label":["x","y=1"]}', ['id', 'label'])
    expect(anyOf(filters, 'id', (wanted) => wanted === 'b')).toBe(true)
    expect(anyOf(filters, 'id', (wanted) => wanted === 'c')).toBe(false)
    expect(anyOf(filters, 'name', () => false)).toBe(true)
    expect(labelsFit(filters, { x: '', y: '1' })).toBe(true)
    expect(labelsFit(filters, { x: '', y: '2' })).toBe(false)
    expect(labelsFit(filters, { y: '1' })).toBe(false)
  })
})

describe('mounts', () => {
  it.each([
    ['/a:/b', { type: 'bind', source: '/a', target: '/b', readOnly: false }],
    ['/a:/b:ro,z', { type: 'bind', source: '/a', target: '/b', readOnly: true }],
    ['C:\\a:/b', { type: 'bind', source: 'C:\\a', target: '/b', readOnly: false }],
  ])('the bind %s', (text, mount) => {
    expect(bindOf(text)).toEqual(mount)
  })
  it.each([
    ['data:/d', { readOnly: false, noCopy: false }],
    ['data:/d:ro,nocopy', { readOnly: true, noCopy: true }],
    ['../x:/d', { readOnly: false, noCopy: false }],
  ])('the bind %s is a volume, whose name is checked when it is made', (text, more) => {
    const [source] = text.split(':')
    expect(bindOf(text)).toEqual({ type: 'volume', source, target: '/d', ...more })
  })
  it('a mount of a volume says what becomes of a new one', () => {
    const options = { NoCopy: true, Labels: { a: 'b' }, DriverConfig: { Name: 'local' } }
    expect(mountOf({ Type: 'volume', Target: '/d', VolumeOptions: options })).toEqual({
      type: 'volume',
      source: undefined,
      target: '/d',
      readOnly: false,
      driver: 'local',
      labels: { a: 'b' },
      noCopy: true,
    })
  })
  it.each([
    ['/a', "invalid volume specification: '/a'"],
    ['/a:/b:rx', 'invalid mode: rx'],
    ['/a:/b:ro:x', 'invalid volume specification'],
  ])('the bind %s is refused', (text, message) => {
    expect(() => bindOf(text)).toThrow(message)
  })
  it('a tmpfs has a size and a mode', () => {
    const mount = { type: 'tmpfs', target: '/t', size: '64m', mode: 0o700, readOnly: true }
    expect(tmpfsOf('/t', 'size=64m,mode=700,ro')).toEqual(mount)
  })
  it.each([
    [{ Type: 'npipe', Target: '/x' }, 'invalid mount config for type "npipe": mount type unknown'],
    [
      { Type: 'bind', Source: '/a' },
      'invalid mount config for type "bind": field Target must not be empty',
    ],
  ])('%j is refused', (body, message) => {
    expect(() => mountOf(body)).toThrow(message)
  })
})

const parse = (body: object) => createSchema.parse(body)

describe('the body of a create', () => {
  it('says nothing where it is null or empty', () => {
    const body = parse({ Image: 'x', Cmd: null, User: '', Env: null, HostConfig: null })
    expect(Object.keys(requestOf(body, undefined)).sort()).toEqual([
      ...['image', 'limits', 'log', 'makeDirectories', 'mounts', 'networks', 'restartPolicy'],
      ...['terminalSize', 'volumes', 'volumesFrom'],
    ])
  })
  it('takes words as lists', () => {
    expect(requestOf(parse({ Image: 'x', Cmd: 'ls' }), 'n')).toMatchObject({
      cmd: ['ls'],
      name: 'n',
    })
  })
  it('turns limits into ours', () => {
    const HostConfig = { Memory: 2 ** 26, NanoCpus: 5e8, PidsLimit: 7 }
    const { limits } = requestOf(parse({ Image: 'x', HostConfig }), undefined)
    expect(limits).toEqual({ memory: 2 ** 26, cpus: 0.5, pids: 7 })
  })
  it.each([
    [{}, 'config cannot be empty in order to create a container'],
    [{ Image: 'x', HostConfig: { Memory: 1 } }, 'Minimum memory limit allowed is 6MB'],
    [
      { Image: 'x', HostConfig: { RestartPolicy: { Name: 'often' } } },
      "invalid restart policy: unknown policy 'often'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
    ],
    [
      { Image: 'x', HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 2 } } },
      "invalid restart policy: maximum retry count can only be used with 'on-failure'",
    ],
    [{ Image: 'x', HostConfig: { PidMode: 'host' } }, 'PidMode "host" is not supported'],
    [{ Image: 'x', HostConfig: { Devices: [{}] } }, 'Devices is not supported'],
    [
      { Image: 'x', HostConfig: { LogConfig: { Type: 'syslog' } } },
      "logger: no log driver named 'syslog' is registered",
    ],
  ])('%j is refused', (body, message) => {
    expect(() => requestOf(parse(body), undefined)).toThrow(message)
  })
})

describe('what docker prints', () => {
  it.each([
    [0, 'Less than a second'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, 'About a minute'],
    [119, 'About a minute'],
    [120, '2 minutes'],
    [3_599, '59 minutes'],
    [3_600, 'About an hour'],
    [5_399, 'About an hour'],
    [5_400, '2 hours'],
    [170_999, '47 hours'],
    [172_800, '2 days'],
    [1_209_600, '2 weeks'],
    [5_184_000, '2 months'],
    [63_072_000, '2 years'],
  ])('%i seconds: %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text)
  })
  it('nine digits of a second', () => {
    expect(nanoTime(1_795_516_773_000_000_001n)).toBe('2026-11-24T10:39:33.000000001Z')
  })
  it('frames: a stream, three zeros, a length', () => {
    expect([...frame('stderr', Uint8Array.of(7, 8))]).toEqual([2, 0, 0, 0, 0, 0, 0, 2, 7, 8])
  })
})

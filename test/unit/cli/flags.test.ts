import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { environmentOf, parseEnvironmentFile } from '../../../src/cli/environment-flags.ts'
import { limitsFrom } from '../../../src/cli/limit-flags.ts'
import { parseMountFlag, parseTmpfsFlag, parseVolumeFlag } from '../../../src/cli/mount-flags.ts'
import {
  addRunFlags,
  determinismFrom,
  labelsFrom,
  type RunFlags,
} from '../../../src/cli/run-flags.ts'
import { signalOf } from '../../../src/contract/signals.ts'

const flags = (...argv: string[]): RunFlags =>
  addRunFlags(new Command('run').exitOverride()).parse(argv, { from: 'user' }).opts()

describe('the flags of run', () => {
  it('read limits in the words of docker', () => {
    const given = flags(
      ...['--memory', '64m', '--cpus', '0.5', '--fuel', '9007199254740993', '--timeout', '1m30s'],
      ...['--pids-limit', '8', '--ulimit', 'nofile=20:40', '--oom-policy', 'fail'],
    )
    expect(limitsFrom(given)).toEqual({
      memory: '64m',
      cpus: 0.5,
      fuel: 9007199254740993n,
      timeoutMs: 90_000,
      pids: 8,
      openFiles: 20,
      oomPolicy: 'fail',
    })
  })
  it('read CPU and I/O limits in the words of docker', () => {
    const given = flags(
      ...['-c', '512', '--cpu-quota', '5000', '--cpu-period', '20000'],
      ...['--device-read-bps', '/dev/sda:1mb', '--device-write-bps', '/:10m'],
      ...['--device-read-iops', '/data:100', '--device-write-iops', '/dev/sda:50'],
      ...['--device-write-iops', '/dev/sdb:40', '--ulimit', 'fsize=4096', '--ulimit', 'nofile=-1'],
    )
    expect(limitsFrom(given)).toEqual({
      cpuShares: 512,
      cpuQuota: 5_000,
      cpuPeriod: 20_000,
      readBps: 2 ** 20,
      writeBps: 10 * 2 ** 20,
      readIops: 100,
      writeIops: 40,
      fileSize: 4_096,
    })
  })
  it('say nothing where nothing is said', () => {
    expect(limitsFrom(flags())).toEqual({})
    expect(determinismFrom(flags())).toBeUndefined()
  })
  it.each([
    [['--cpus', 'two'], 'invalid argument "two" for "--cpus" flag: a number'],
    [['--cpu-shares', '1.5'], 'invalid argument "1.5" for "--cpu-shares" flag: a whole number'],
    [['--cpu-quota', 'all'], 'invalid argument "all" for "--cpu-quota" flag'],
    [['--fuel', '1.5'], 'invalid argument "1.5" for "--fuel" flag'],
    [['--timeout', 'soon'], 'invalid argument "soon" for "--timeout" flag'],
    [['--ulimit', 'core=1'], 'no guest has it; nofile and fsize are accepted'],
    [['--ulimit', 'colour=1'], '"colour=1" for "--ulimit" flag: nofile and fsize are accepted'],
    [['--ulimit', 'nofile'], '"nofile" for "--ulimit" flag: nofile and fsize'],
    [['--ulimit', 'nofile=9:8'], 'soft limit must be less than or equal to hard limit: 9 > 8'],
    [['--ulimit', 'nofile=-1:8'], 'soft limit must be less than or equal to hard limit: -1 > 8'],
    [['--device-read-bps', '/dev/sda'], '"/dev/sda" for "--device-read-bps" flag: PATH:RATE'],
    [['--device-write-bps', 'sda:1mb'], 'an absolute path and a rate such as'],
    [['--device-write-bps', '/dev/sda:0'], 'invalid argument "/dev/sda:0"'],
    [['--device-read-iops', '/dev/sda:1mb'], 'an absolute path and a whole number above 0'],
  ])('refuse %j', (argv, message) => {
    expect(() => limitsFrom(flags(...argv))).toThrow(message)
  })
  it('read a seed and an epoch', () => {
    expect(determinismFrom(flags('--seed', '7'))).toEqual({ seed: 7 })
    expect(determinismFrom(flags('--seed', '7', '--epoch', '1970-01-01T00:00:01Z'))).toEqual({
      seed: 7,
      epoch: 1000,
    })
    expect(() => determinismFrom(flags('--epoch', '1'))).toThrow('--epoch needs --seed')
  })
  it('read labels with and without a value', () => {
    expect({ ...labelsFrom(flags('-l', 'a=b=c', '--label', 'd', '-l', '__proto__=x')) }).toEqual(
      Object.fromEntries([
        ['a', 'b=c'],
        ['d', ''],
        ['__proto__', 'x'],
      ]),
    )
  })
})

describe('mount flags', () => {
  it.each([
    ['/a:/b', { type: 'bind', source: '/a', target: '/b', readOnly: false }],
    ['/a:/b:ro', { type: 'bind', source: '/a', target: '/b', readOnly: true }],
  ])('-v %s', (text, mount) => {
    expect(parseVolumeFlag(text)).toEqual(mount)
  })
  it.each([
    [
      'type=bind,src=/a,dst=/b,readonly',
      { type: 'bind', source: '/a', target: '/b', readOnly: true },
    ],
    [
      'type=bind,source=/a,target=/b',
      { type: 'bind', source: '/a', target: '/b', readOnly: false },
    ],
    [
      'type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=700',
      { type: 'tmpfs', target: '/t', size: '1m', mode: 0o700, readOnly: false },
    ],
  ])('--mount %s', (text, mount) => {
    expect(parseMountFlag(text)).toEqual(mount)
  })
  it('--tmpfs reads size and mode', () => {
    expect(parseTmpfsFlag('/t:size=64m,mode=1777')).toEqual({
      type: 'tmpfs',
      target: '/t',
      size: '64m',
      mode: 0o1777,
      readOnly: false,
    })
  })
  it.each([
    [parseVolumeFlag, '/only'],
    [parseVolumeFlag, '/a:/b:rx'],
    [parseVolumeFlag, '/a:/b:ro:more'],
    [parseMountFlag, 'type=volume,target=/b'],
    [parseMountFlag, 'type=bind,target=/b'],
    [parseMountFlag, 'type=bind,source=/b'],
    [parseMountFlag, 'colour=red'],
    [parseTmpfsFlag, '/t:mode=9'],
    [parseTmpfsFlag, '/t:colour=red'],
  ])('%o refuses %s', (parse, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'INVALID_MOUNT' }))
  })
})

describe('environment flags', () => {
  it('take a bare name from the host, and leave out what the host does not have', () => {
    expect({ ...environmentOf([], ['A=1=2', 'HOME', 'NONE', 'A=3'], { HOME: '/h' }) }).toEqual({
      A: '3',
      HOME: '/h',
    })
  })
  it('read a file line by line', () => {
    const into: Record<string, string> = {}
    parseEnvironmentFile('# note\n\nA=1\r\n  B=x y # kept\nC', { C: 'host' }, into)
    expect(into).toEqual({ A: '1', B: 'x y # kept', C: 'host' })
  })
  it.each(['=x', 'A B=1'])('refuse %s', (text) => {
    expect(() => environmentOf([], [text], {})).toThrow('NAME=value is accepted')
  })
  it('name a file that cannot be read', () => {
    expect(() => environmentOf(['none.env'], [], {})).toThrow('cannot read --env-file none.env')
  })
})

describe('signalOf', () => {
  it.each([
    ['TERM', 15],
    ['sigkill', 9],
    ['2', 2],
  ])('%s is %i', (text, number) => {
    expect(signalOf(text)).toBe(number)
  })
  it.each(['SIGNOPE', '0', '65', ''])('refuses %j', (text) => {
    expect(() => signalOf(text)).toThrow(`invalid signal: ${text}`)
  })
})

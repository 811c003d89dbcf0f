import { describe, expect, it } from 'vitest'
import {
  createSchema,
  requestOf,
  warningsOf,
} from '../../../../src/api/docker/containers/create-body.ts'
import { logAttributes } from '../../../../src/api/docker/containers/log-config.ts'
import { DEFAULT_LOG } from '../../../../src/engine/container/container-spec.ts'
import { containerRecord } from '../../../support/container-record.ts'

const bodyOf = (Type: string, Config?: Record<string, string> | null) =>
  createSchema.parse({ Image: 'x', HostConfig: { LogConfig: { Type, Config } } })
const logOf = (Type: string, Config?: Record<string, string> | null) =>
  requestOf(bodyOf(Type, Config), undefined).log

describe('how output is kept', () => {
  it('is the daemon\u2019s way where nothing is said', () => {
    const request = requestOf(createSchema.parse({ Image: 'x' }), undefined)
    expect(request.log).toEqual(DEFAULT_LOG)
    expect(logOf('', null)).toEqual(DEFAULT_LOG)
    expect(logOf('json-file', {})).toEqual(DEFAULT_LOG)
  })
  it.each([
    ['json-file', { 'max-size': '10k' }, 10_000, 1],
    ['json-file', { 'max-size': '1.5m', 'max-file': '4' }, 1_500_000, 4],
    ['json-file', { 'max-file': '7' }, DEFAULT_LOG.maxBytes, 7],
    ['local', { 'max-size': '2kb' }, 2_000, 5],
    ['local', {}, DEFAULT_LOG.maxBytes, DEFAULT_LOG.maxFiles],
  ])('%s with %j: %i bytes in each of %i files', (driver, asked, maxBytes, maxFiles) => {
    expect(logOf(driver, asked)).toEqual({ driver, asked, maxBytes, maxFiles })
  })
  it('is not at all, whatever options there are beside it', () => {
    expect(logOf('none', { bogus: '1' })).toMatchObject({ driver: 'none', asked: { bogus: '1' } })
  })
  it.each([
    ['syslog', {}, "logger: no log driver named 'syslog' is registered"],
    ['json-file', { bogus: '1' }, "unknown log opt 'bogus' for json-file log driver"],
    ['local', { labels: 'a' }, "unknown log opt 'labels' for local log driver"],
    ['json-file', { 'max-size': 'abc' }, "invalid size: 'abc'"],
    ['json-file', { 'max-size': '0' }, 'max-size must be a positive number'],
    ['json-file', { 'max-file': '0' }, 'max-file cannot be less than 1'],
    ['json-file', { 'max-file': 'x' }, 'invalid max-file "x"'],
    ['json-file', { mode: 'odd' }, 'logger: logging mode not supported: odd'],
    [
      'json-file',
      { 'max-buffer-size': '1m' },
      "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
    ],
  ])('is refused: %s with %j', (driver, options, message) => {
    expect(() => logOf(driver, options as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    )
  })
  it('is told of where an option changes nothing', () => {
    expect(warningsOf(bodyOf('json-file', { compress: 'true', labels: 'a' }), '')).toEqual([
      'Log option compress was ignored: this version has no such option.',
    ])
    expect(warningsOf(bodyOf('none', { compress: 'true' }), '')).toEqual([])
  })
})

it('the details of a line are the variables and labels that were chosen', () => {
  const { spec } = containerRecord({
    spec: {
      env: ['A=1=2', 'B=3'],
      labels: { app: 'w b', other: 'x' },
      log: { ...DEFAULT_LOG, asked: { env: 'A,none', labels: 'app' } },
    },
  })
  expect(logAttributes(spec)).toEqual({ app: 'w b', A: '1=2' })
  expect(logAttributes(containerRecord().spec)).toEqual({})
})

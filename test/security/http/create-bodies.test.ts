import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../support/answers.ts'
import { bulkhead } from '../../support/bulkhead.ts'
import { dataDirectory, startDaemon, type TestDaemon } from '../../support/daemon.ts'
import { ask } from '../../support/raw-http.ts'

let directory = ''
let daemon: TestDaemon
beforeAll(async () => {
  await bulkhead(['pull', 'hello-world'])
  directory = dataDirectory()
  daemon = await startDaemon(directory)
})
afterAll(async () => {
  await daemon.stop()
  rmSync(directory, { recursive: true })
  expect(daemon.output()).not.toMatch(/"level":50/)
})

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '/',
    '/data',
    '..',
    '../..',
    '/a:/b',
    'v:/d',
    'a\0b',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom(
    'root',
    '0:0',
    '65536',
    '-1',
    'SIGTERM',
    'SIGNOPE',
    '9',
    'host',
    'none',
    'bridge',
  ),
  fc.constantFrom(
    'A=1',
    '=',
    'A',
    'size=1',
    'size=999999999g',
    'mode=9',
    'local',
    'always',
    'container:x',
  ),
)
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -1, 2 ** 53, 1e300, 6 * 2 ** 20),
)
const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const anything = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(text, leaf, { maxKeys: 3 }) },
)
const texts = fc.array(text, { maxLength: 3 })
const map = fc.dictionary(text, text, { maxKeys: 3 })
/** What is meant there, now and then something else. */
const some = (meant: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: meant }, { weight: 1, arbitrary: anything })
/** A few of the keys: of a body with all of them something is always refused. */
const record = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .subarray(Object.keys(shape), { maxLength: Math.min(3, Object.keys(shape).length) })
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, some(shape[key] ?? leaf)]))),
    )
const mount = record({
  Type: fc.constantFrom('bind', 'volume', 'tmpfs', 'npipe', ''),
  Source: text,
  Target: text,
  ReadOnly: fc.boolean(),
  TmpfsOptions: record({ SizeBytes: number, Mode: number }),
  VolumeOptions: record({
    NoCopy: fc.boolean(),
    Labels: map,
    DriverConfig: record({ Name: text }),
  }),
})
const rates = fc.array(record({ Path: text, Rate: number }), { maxLength: 2 })
const host = record({
  Memory: number,
  NanoCpus: number,
  CpuQuota: number,
  CpuPeriod: number,
  CpuShares: number,
  PidsLimit: number,
  BlkioDeviceReadBps: rates,
  BlkioDeviceWriteIOps: rates,
  RestartPolicy: record({
    Name: fc.constantFrom('', 'no', 'always', 'on-failure'),
    MaximumRetryCount: number,
  }),
  Binds: texts,
  Mounts: fc.array(mount, { maxLength: 2 }),
  Tmpfs: map,
  NetworkMode: text,
  Ulimits: fc.array(record({ Name: fc.constantFrom('nofile', 'x'), Soft: number, Hard: number }), {
    maxLength: 2,
  }),
  LogConfig: record({ Type: fc.constantFrom('', 'json-file', 'syslog'), Config: map }),
  Privileged: fc.boolean(),
  CapAdd: texts,
  Devices: fc.array(leaf, { maxLength: 1 }),
  AutoRemove: fc.boolean(),
  ReadonlyRootfs: fc.boolean(),
})
const body = record({
  Cmd: fc.oneof(text, texts),
  Entrypoint: fc.oneof(text, texts),
  Env: texts,
  WorkingDir: text,
  User: text,
  Hostname: text,
  Domainname: text,
  Labels: map,
  Volumes: fc.dictionary(text, fc.constant({}), { maxKeys: 2 }),
  Tty: fc.boolean(),
  OpenStdin: fc.boolean(),
  StopSignal: text,
  StopTimeout: number,
  HostConfig: host,
  NetworkingConfig: record({
    EndpointsConfig: fc.dictionary(
      text,
      record({ Aliases: texts, IPAMConfig: record({ IPv4Address: text }) }),
      {
        maxKeys: 2,
      },
    ),
  }),
})

const json = { 'Content-Type': 'application/json' }
const get = (target: string) => ask(daemon.port, { method: 'GET', target })
const idOf = (answer: string): string => /"Id":"([0-9a-f]{64})"/.exec(answer)?.[1] ?? ''

describe('the body of a create', () => {
  const kept: string[] = []

  it('makes a container that every other route can speak of, or none, whatever it says', async () => {
    const name = fc.oneof(
      fc.constant(''),
      text.map((one) => `?name=${encodeURIComponent(one)}`),
    )
    await fc.assert(
      fc.asyncProperty(body, name, async (given, query) => {
        const Image = 'hello-world'
        const request = { headers: json, body: JSON.stringify({ Image, ...given }) }
        const target = `/containers/create${query}`
        const made = await ask(daemon.port, { method: 'POST', target, ...request })
        expect([faultOf(made, 'POST'), made.status]).toEqual([undefined, made.status])
        if (made.status !== 201) {
          // 501: the network of another container is not there yet.
          expect([400, 404, 409, 501]).toContain(made.status)
          return
        }
        const id = idOf(made.body)
        for (const path of [
          `/containers/${id}/json`,
          '/containers/json?all=1&size=0',
          '/system/df',
        ]) {
          expect([path, (await get(path)).status]).toEqual([path, 200])
        }
        // What is to be removed after its run does not outlive a daemon.
        const stays = !request.body.includes('"AutoRemove":true')
        if (kept.length < 40 && stays) kept.push(id)
        else await ask(daemon.port, { method: 'DELETE', target: `/containers/${id}?v=1` })
      }),
      { numRuns: 300 },
    )
    expect(kept.length).toBeGreaterThan(5)
  }, 120_000)
  it('that was answered is a container to the next daemon too, which can start and remove it', async () => {
    await daemon.kill()
    daemon = await startDaemon(directory)
    for (const id of kept) {
      expect((await get(`/containers/${id}/json`)).status).toBe(200)
      const start = await ask(daemon.port, { method: 'POST', target: `/containers/${id}/start` })
      expect(faultOf(start, 'POST')).toBeUndefined()
      const gone = await ask(daemon.port, {
        method: 'DELETE',
        target: `/containers/${id}?force=1&v=1`,
      })
      expect([id, gone.status]).toEqual([id, expect.toBeOneOf([204, 404, 409])])
    }
  }, 120_000)
})

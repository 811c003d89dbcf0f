import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerCompose } from '../support/docker-compose.ts'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

/** One service makes what another waits for. */
const PROJECT = `
version: "2.4"
services:
  store:
    image: base
    command: sh -c 'echo made | tr m M >/data/f; sleep 600'
    init: true
    volumes: ["data:/data"]
    healthcheck: { test: test -s /data/f, interval: 100ms, retries: 50 }
    labels: { who: compose }
  reader:
    image: base
    command: sh -c 'cat /data/f; echo $$A; exit 3'
    environment: ["A=c"]
    volumes: ["data:/data:ro"]
    depends_on: { store: { condition: service_healthy } }
    mem_limit: 64m
networks: { default: { labels: { who: compose } } }
volumes: { data: {} }
`

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  writeFileSync(join(session.directory, 'docker-compose.yml'), PROJECT)
})
afterAll(() => session.stop())

const compose = (...args: readonly string[]) => dockerCompose(session, args)
const STATES = ['ps', '-a', '--format', '{{.Names}} {{.State}}', '--filter', 'name=p_store']
const states = async () => (await session.ok(...STATES)).split('\n').sort()

describe('docker-compose', () => {
  it('brings a project up: images, network, volume, and services in their order', async () => {
    expect((await compose('up', '-d')).code).toBe(0)
    expect(await states()).toEqual(['p_store_1 running'])
    expect(await session.ok('wait', 'p_reader_1')).toBe('3')
    expect((await compose('logs', '--no-log-prefix', 'reader')).stdout).toContain('Made\nc\n')
    expect((await compose('ps')).stdout).toMatch(/p_store_1 .* Up \(healthy\)/)
    const filter = ['--filter', 'label=who=compose']
    expect(await session.ok('network', 'ls', ...filter, '--format', '{{.Name}}')).toBe('p_default')
  })
  it('runs further processes and further containers of a service', async () => {
    const exec = await compose('exec', '-T', 'store', 'sh', '-c', 'cat /data/f; exit 4')
    expect(exec).toEqual({ code: 4, stdout: 'Made\n' })
    const run = await compose('run', '--rm', '-T', '--no-deps', 'reader', 'cat', '/data/f')
    expect(run).toEqual({ code: 0, stdout: 'Made\n' })
  })
  it('leads services through their life, more than one of each', async () => {
    await compose('up', '-d', '--no-deps', '--scale', 'store=2', 'store')
    expect(await states()).toEqual(['p_store_1 running', 'p_store_2 running'])
    for (const [verb, state] of [
      [['pause'], 'paused'],
      [['unpause'], 'running'],
      [['restart', '-t', '0'], 'running'],
      [['stop'], 'exited'],
      [['start'], 'running'],
      [['kill'], 'exited'],
    ] as const) {
      const { code } = await compose(...verb, 'store')
      const all = [`p_store_1 ${state}`, `p_store_2 ${state}`]
      expect([verb, code, await states()]).toEqual([verb, 0, all])
    }
  })
  it('takes all of it down', async () => {
    expect((await compose('down', '-v')).code).toBe(0)
    expect(await session.ok('ps', '-aq')).toBe('')
    expect(await session.ok('volume', 'ls', '-q')).toBe('')
    expect(await session.ok('network', 'ls', '-q', '--filter', 'type=custom')).toBe('')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSchema, requestOf } from '../../../../src/api/docker/containers/create-body.ts'
import { type ApiServer, apiServer } from '../../../support/api-server.ts'
import { type ExecEngine, execEngine } from '../../../support/exec-engine.ts'

const S = 1_000_000_000
const CHECK = { Test: ['CMD', 'x'], Interval: S, Retries: 1 }

let engine: ExecEngine
let api: ApiServer
beforeEach(async () => {
  engine = await execEngine({ spec: { spec: { healthcheck: CHECK } } })
  api = await apiServer(engine)
})
afterEach(async () => {
  await api.close()
  await engine.close()
})

async function probed(exitCode: number): Promise<void> {
  await engine.time.pass(1_000)
  await engine.execs.at(-1)?.job.stdout(Buffer.from('said'))
  engine.execs.at(-1)?.end(exitCode)
  await engine.time.pass(0)
}

/** What docker ps shows of those that fit. */
async function shown(health?: string): Promise<unknown> {
  const filters = health === undefined ? '' : `?filters=${JSON.stringify({ health: [health] })}`
  const { body } = await api.json('GET', `/containers/json${filters}`)
  return Array.isArray(body) ? body.map(({ Status }: { Status: string }) => Status) : body
}

describe('the health of a container over the API', () => {
  it('stands in its state, in the list and in the filters', async () => {
    const inspect = async () => (await api.json('GET', '/containers/some_name/json')).body
    expect(await inspect()).toMatchObject({
      State: { Health: { Status: 'starting', FailingStreak: 0, Log: [] } },
      Config: { Healthcheck: CHECK },
    })
    expect(await shown('starting')).toEqual(['Up Less than a second (health: starting)'])
    await probed(0)
    expect(await shown('healthy')).toEqual(['Up 1 second (healthy)'])
    await probed(3)
    expect(await shown('unhealthy')).toEqual(['Up 2 seconds (unhealthy)'])
    expect([await shown('none'), await shown('healthy')]).toEqual([[], []])
    expect(await inspect()).toMatchObject({
      State: {
        Health: {
          Status: 'unhealthy',
          FailingStreak: 1,
          Log: [
            {
              Start: '1970-01-01T00:00:01.000000000Z',
              End: '1970-01-01T00:00:01.000000000Z',
              ExitCode: 0,
              Output: 'said',
            },
            { ExitCode: 3, Output: 'said' },
          ],
        },
      },
    })
    await engine.verbs.pause(engine.container)
    expect(await shown()).toEqual(['Up 2 seconds (Paused)'])
  })
  it('is asked for by its names only', async () => {
    expect(await shown('ill')).toEqual({ message: "invalid filter 'health=ill'" })
  })
})

describe('a health check in the body of a create', () => {
  it('has the shell that a body names for its lines', () => {
    const shellOf = (Shell: unknown) =>
      requestOf(createSchema.parse({ Image: 'i', Shell }), undefined).shell
    expect([shellOf(['/bin/own', '-c']), shellOf(null), shellOf(undefined)]).toEqual([
      ['/bin/own', '-c'],
      undefined,
      undefined,
    ])
    expect(createSchema.safeParse({ Image: 'i', Shell: '/bin/own' }).success).toBe(false)
  })
  const checkOf = (Healthcheck: unknown, minor = 51) =>
    requestOf(createSchema.parse({ Image: 'i', Healthcheck }), undefined, { major: 1, minor })
      .healthcheck
  it.each([
    [undefined, undefined],
    [null, undefined],
    [{}, {}],
    [
      { Test: null, Interval: 5, StartInterval: 6, Unknown: 1 },
      { Interval: 5, StartInterval: 6 },
    ],
    [CHECK, CHECK],
  ])('%j', (body, expected) => {
    expect(checkOf(body)).toEqual(expected)
  })
  it('has no start interval before 1.44', () => {
    expect(checkOf({ StartInterval: 6, Retries: 1 }, 43)).toEqual({ Retries: 1 })
    expect(checkOf({ StartInterval: 6, Retries: 1 }, 44)).toEqual({ StartInterval: 6, Retries: 1 })
  })
  it.each([[{ Test: 'x' }], [{ Interval: 1.5 }], [{ Retries: '1' }], ['NONE']])(
    '%j is refused',
    (body) => {
      expect(createSchema.safeParse({ Image: 'i', Healthcheck: body }).success).toBe(false)
    },
  )
})

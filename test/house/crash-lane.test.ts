import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CrashLane, diceOf, type Inspected } from '../support/crash-lane.ts'

const ID = 'a'.repeat(64)

/** A daemon that forgets everything: it answers each request, and the `last`th no more. */
let server: Server
let asked: string[] = []
let last = 0
beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (asked.length === last) return void response.destroy()
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ Id: ID, StatusCode: 7 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** A lane whose dice show what is given, in turn: of which container, then which verb. */
async function lane(throws: readonly number[], requests: number): Promise<CrashLane> {
  const left = [...throws]
  const made = new CrashLane('lane', () => left.shift() ?? 0)
  // Listening on a port, so it has one.
  made.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  last = requests + 1
  await made.run(() => {})
  expect(asked).toHaveLength(last)
  return made
}

const [CREATE, START, WAIT, RENAME, REMOVE] = [0, 1, 3, 4, 6]
/** A container that is created: of none, the verb does not matter, and its policy is `no`. */
const CREATED = [0, CREATE, 1]

const found = (
  own: Partial<Inspected['State']> = {},
  name = 'lane-1',
  label = name,
): Inspected => ({
  Id: ID,
  Name: `/${name}`,
  State: { Status: 'created', ExitCode: 0, Error: '', ...own },
  Config: { Labels: { label: `label of ${label}` } },
})

const ended = found({ Status: 'exited', ExitCode: 7 })

it.each([
  ['is lost', CREATED, 1, undefined, 'was created and is lost'],
  ['has its old name', [...CREATED, 0, RENAME], 2, found(), 'its name is the last one'],
  ['has another label', CREATED, 1, found({}, 'lane-1', 'x'), 'its label is whole'],
  ['ran by itself', CREATED, 1, ended, 'what was not started is created'],
  ['forgot its start', [...CREATED, 0, START], 2, found(), 'what was started is not created'],
  ['is half removed', CREATED, 1, found({ Status: 'removing' }), 'nothing is half-way'],
  [
    'ended otherwise than a wait was told',
    [...CREATED, 0, START, 0, WAIT],
    3,
    found({ Status: 'exited', ExitCode: 0 }),
    'it ended as a wait was told',
  ],
  [
    'does not say why it ended',
    [...CREATED, 0, START],
    2,
    found({ Status: 'exited', ExitCode: 137, Error: 'whatever' }),
    'an end by the crash says so',
  ],
  ['is back after its removal', [...CREATED, 0, REMOVE], 2, found(), 'was removed and is back'],
])('the crash test notices a container that %s', async (_, throws, requests, one, wrong) => {
  const { wrong: all } = (await lane(throws, requests)).check(new Map(one && [[ID, one]]))
  expect(all.join()).toContain(wrong)
})

it.each([
  ['a start', [...CREATED, 0, START], 1, [found(), ended]],
  ['a rename', [...CREATED, 0, RENAME], 1, [found(), found({}, 'lane-2', 'lane-1')]],
  ['a removal', [...CREATED, 0, REMOVE], 1, [found(), undefined]],
  ['a create', CREATED, 0, [undefined, found()]],
])(
  'the crash test lets %s without an answer have happened or not',
  async (_, throws, requests, both) => {
    for (const one of both) {
      asked = []
      const { wrong } = (await lane(throws, requests)).check(new Map(one && [[ID, one]]))
      expect(wrong).toEqual([])
    }
  },
)

it('the dice fall the same way for the same seed', () => {
  const throws = (seed: number) => Array.from({ length: 20 }, (_, n) => diceOf(seed + n)(1_000))
  expect(throws(1)).toEqual(throws(1))
  expect(throws(1)).not.toEqual(throws(100))
})

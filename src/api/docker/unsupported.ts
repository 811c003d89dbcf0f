import { EngineError } from '../../contract/errors.ts'
import type { Handler } from './context.ts'
import { empty, json } from './json.ts'
import { flag } from './query.ts'

/** As a daemon that is no swarm manager. @source engine API reference, 5 */
export const noSwarm: Handler = () =>
  json(
    {
      message:
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to ' +
        'connect this node to swarm and try again.',
    },
    503,
  )

/** @param what - as docker's command line calls it. */
export const notYet =
  (what: string): Handler =>
  () => {
    throw new EngineError(
      'NOT_IMPLEMENTED',
      `${what} is not implemented in this version of bulkhead`,
    )
  }

export const noPlugins: Handler = () => json([])

/** Credentials are not checked here: there is no registry yet that takes them. */
export const acceptLogin: Handler = () => json({ Status: 'Login Succeeded', IdentityToken: '' })

/** There are no volumes yet. */
export const noVolumes: Handler = () => json({ Volumes: [], Warnings: null })
export const nothingPruned =
  (key: string): Handler =>
  () =>
    json({ [key]: null, SpaceReclaimed: 0 })
export const missingVolume: Handler = (c) => {
  const name = c.req.param('name') ?? ''
  if (c.env.incoming.method === 'DELETE' && flag(c.req.query('force'))) return empty(204)
  return json({ message: `get ${name}: no such volume` }, 404)
}

const network = (name: string, driver: string, created: Date) => ({
  Name: name,
  Id: driver.padEnd(64, '0').replace(/[^0-9a-f]/g, '0'),
  Created: created.toISOString(),
  Scope: 'local',
  Driver: driver,
  EnableIPv4: true,
  EnableIPv6: false,
  IPAM: { Driver: 'default', Options: null, Config: [] },
  Internal: false,
  Attachable: false,
  Ingress: false,
  ConfigFrom: { Network: '' },
  ConfigOnly: false,
  Options: {},
  Labels: {},
})

/** The three that every daemon has; none of them leads anywhere yet. */
const predefined = (created: Date) => [
  network('bridge', 'bridge', created),
  network('host', 'host', created),
  network('none', 'null', created),
]

export const listNetworks =
  (created: Date): Handler =>
  () =>
    json(predefined(created))

/** 200, 404. */
export const inspectNetwork =
  (created: Date): Handler =>
  (c) => {
    const wanted = c.req.param('name') ?? ''
    const found = predefined(created).find(({ Name, Id }) => Name === wanted || Id === wanted)
    if (found === undefined) return json({ message: `network ${wanted} not found` }, 404)
    return json({ ...found, Containers: {} })
  }

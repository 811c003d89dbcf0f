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

import { EngineError } from '../../contract/errors.ts'
import type { Handler } from './context.ts'
import { json } from './json.ts'

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

/** There is nothing that a build has left. @source Docker Engine API, BuildPrune */
export const pruneBuilds: Handler = () => json({ CachesDeleted: null, SpaceReclaimed: 0 })

export const noPlugins: Handler = () => json([])

/** Credentials are not checked here: there is no registry yet that takes them. */
export const acceptLogin: Handler = () => json({ Status: 'Login Succeeded', IdentityToken: '' })

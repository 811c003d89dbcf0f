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

const CLUSTER = ['/services', '/nodes', '/tasks', '/secrets', '/configs']

/** What only a swarm's manager answers. @source Docker Engine API, Swarm and its objects */
export const SWARM = [
  ...['/swarm', '/swarm/unlockkey'].map((path) => ['GET', path] as const),
  ...['/swarm/update', '/swarm/unlock'].map((path) => ['POST', path] as const),
  ...CLUSTER.flatMap((path) => [
    ['GET', path] as const,
    ['GET', `${path}/:name{.+}`] as const,
    ['POST', `${path}/:name{.+}`] as const,
    ['DELETE', `${path}/:name`] as const,
  ]),
]

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

/** Of a plugin, which is not there. */
export const PLUGIN = [
  ['GET', '/plugins/:name{.+}/json'],
  ['DELETE', '/plugins/:name{.+}'],
  ...['enable', 'disable', 'upgrade', 'push', 'set'].map(
    (verb) => ['POST', `/plugins/:name{.+}/${verb}`] as const,
  ),
] as const

/** 404. @source engine API reference, 5 */
export const noSuchPlugin: Handler = (c) => {
  const name = c.req.param('name') ?? ''
  throw new EngineError('NO_SUCH_PLUGIN', `plugin ${JSON.stringify(name)} not found`)
}

/** Credentials are not checked here: there is no registry yet that takes them. */
export const acceptLogin: Handler = () => json({ Status: 'Login Succeeded', IdentityToken: '' })

import { getFiles, putFiles } from './containers/archive.ts'
import { attachAsBody, attachContainer } from './containers/attach.ts'
import { attachWebSocket, attachWithoutWebSocket } from './containers/attach-web-socket.ts'
import { containerChanges } from './containers/changes.ts'
import { createContainer } from './containers/create.ts'
import { exportContainer } from './containers/export.ts'
import { inspectContainer } from './containers/inspect.ts'
import { listContainers } from './containers/list.ts'
import { containerLogs } from './containers/logs.ts'
import { pruneContainers } from './containers/prune.ts'
import { resizeContainer } from './containers/resize.ts'
import { containerStats } from './containers/stats.ts'
import { topContainer } from './containers/top.ts'
import { updateContainer } from './containers/update.ts'
import {
  killContainer,
  pauseContainer,
  removeContainer,
  renameContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
} from './containers/verbs.ts'
import { waitContainer } from './containers/wait.ts'
import type { Engine, Handler } from './context.ts'
import { createExec } from './exec/create.ts'
import { inspectExec } from './exec/inspect.ts'
import { resizeExec } from './exec/resize.ts'
import { startExecAsBody, startExecAttached } from './exec/start.ts'
import type { UpgradeRequest } from './hijack.ts'
import { commitContainer } from './images/commit.ts'
import {
  imageHistory,
  inspectImage,
  listImages,
  pruneImages,
  removeImage,
  tagImage,
} from './images/images.ts'
import { createImage } from './images/pull.ts'
import {
  connectNetwork,
  createNetwork,
  disconnectNetwork,
  inspectNetwork,
  listNetworks,
  pruneNetworks,
  removeNetwork,
} from './networks/networks.ts'
import { diskUsage } from './system/disk-usage.ts'
import { systemEvents } from './system/events.ts'
import { systemInfo } from './system/info.ts'
import { ping } from './system/ping.ts'
import { systemVersion } from './system/version.ts'
import {
  acceptLogin,
  noPlugins,
  noSuchPlugin,
  noSwarm,
  notYet,
  PLUGIN,
  pruneBuilds,
  SWARM,
} from './unsupported.ts'
import {
  createVolume,
  inspectVolume,
  listVolumes,
  pruneVolumes,
  removeVolume,
} from './volumes/volumes.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Without the version. Hono answers HEAD with GET. */
  readonly path: string
  readonly handler: Handler
}

/** Known to Docker, and not to this version: named, for a bare `page not found` says nothing. */
const NOT_YET = [
  ['POST', '/build', 'build'],
  ['GET', '/images/search', 'search'],
  ['GET', '/images/get', 'save'],
  ['GET', '/images/:name{.+}/get', 'save'],
  ['POST', '/images/load', 'load'],
  ['POST', '/images/:name{.+}/push', 'push'],
] as const

const networkRoutes = (
  { containers, networks }: Pick<Engine, 'containers' | 'networks'>,
  now: () => Date,
): readonly Route[] => [
  { method: 'GET', path: '/networks', handler: listNetworks(networks) },
  { method: 'POST', path: '/networks/create', handler: createNetwork(networks) },
  { method: 'POST', path: '/networks/prune', handler: pruneNetworks(networks, now) },
  { method: 'GET', path: '/networks/:name', handler: inspectNetwork(networks, containers) },
  { method: 'DELETE', path: '/networks/:name', handler: removeNetwork(networks) },
  {
    method: 'POST',
    path: '/networks/:name/connect',
    handler: connectNetwork(networks, containers),
  },
  {
    method: 'POST',
    path: '/networks/:name/disconnect',
    handler: disconnectNetwork(networks, containers),
  },
]

const volumeRoutes = (volumes: Engine['volumes'], now: () => Date): readonly Route[] => [
  { method: 'GET', path: '/volumes', handler: listVolumes(volumes) },
  { method: 'POST', path: '/volumes/create', handler: createVolume(volumes) },
  { method: 'POST', path: '/volumes/prune', handler: pruneVolumes(volumes, now) },
  { method: 'GET', path: '/volumes/:name', handler: inspectVolume(volumes) },
  { method: 'DELETE', path: '/volumes/:name', handler: removeVolume(volumes) },
]

const imageRoutes = (images: Engine['images'], now: () => Date): readonly Route[] => [
  { method: 'GET', path: '/images/json', handler: listImages(images, now) },
  { method: 'POST', path: '/images/create', handler: createImage(images) },
  { method: 'POST', path: '/images/prune', handler: pruneImages(images, now) },
  { method: 'GET', path: '/images/:name{.+}/json', handler: inspectImage(images) },
  { method: 'GET', path: '/images/:name{.+}/history', handler: imageHistory(images) },
  { method: 'POST', path: '/images/:name{.+}/tag', handler: tagImage(images) },
  { method: 'DELETE', path: '/images/:name{.+}', handler: removeImage(images) },
  { method: 'POST', path: '/build/prune', handler: pruneBuilds },
]

/** Every endpoint on one screen. */
export function routesOf({
  containers,
  networks,
  volumes,
  images,
  events,
  system,
}: Engine): readonly Route[] {
  const now = (): Date => system.now()
  return [
    { method: 'GET', path: '/_ping', handler: ping },
    { method: 'GET', path: '/version', handler: systemVersion(system) },
    { method: 'GET', path: '/info', handler: systemInfo(system, containers, images) },
    { method: 'GET', path: '/events', handler: systemEvents(events, now) },
    { method: 'GET', path: '/system/df', handler: diskUsage(containers, images, volumes, now) },
    { method: 'POST', path: '/auth', handler: acceptLogin },

    {
      method: 'GET',
      path: '/containers/json',
      handler: listContainers(containers, networks, images, now),
    },
    { method: 'POST', path: '/containers/create', handler: createContainer(containers) },
    {
      method: 'GET',
      path: '/containers/:id/json',
      handler: inspectContainer(containers, networks, images),
    },
    { method: 'GET', path: '/containers/:id/logs', handler: containerLogs(containers) },
    { method: 'POST', path: '/containers/:id/start', handler: startContainer(containers) },
    { method: 'POST', path: '/containers/:id/stop', handler: stopContainer(containers) },
    { method: 'POST', path: '/containers/:id/restart', handler: restartContainer(containers) },
    { method: 'POST', path: '/containers/:id/kill', handler: killContainer(containers) },
    { method: 'POST', path: '/containers/:id/pause', handler: pauseContainer(containers) },
    { method: 'POST', path: '/containers/:id/unpause', handler: unpauseContainer(containers) },
    { method: 'POST', path: '/containers/:id/update', handler: updateContainer(containers) },
    { method: 'GET', path: '/containers/:id/top', handler: topContainer(containers, now) },
    { method: 'POST', path: '/containers/:id/rename', handler: renameContainer(containers) },
    { method: 'POST', path: '/containers/:id/attach', handler: attachAsBody(containers) },
    {
      method: 'GET',
      path: '/containers/:id/attach/ws',
      handler: attachWithoutWebSocket(containers),
    },
    { method: 'POST', path: '/containers/:id/resize', handler: resizeContainer(containers) },
    { method: 'POST', path: '/containers/:id/wait', handler: waitContainer(containers) },
    { method: 'GET', path: '/containers/:id/stats', handler: containerStats(containers) },
    { method: 'GET', path: '/containers/:id/archive', handler: getFiles(containers) },
    { method: 'PUT', path: '/containers/:id/archive', handler: putFiles(containers) },
    { method: 'GET', path: '/containers/:id/changes', handler: containerChanges(containers) },
    { method: 'GET', path: '/containers/:id/export', handler: exportContainer(containers) },
    { method: 'POST', path: '/containers/prune', handler: pruneContainers(containers, now) },
    { method: 'DELETE', path: '/containers/:id', handler: removeContainer(containers) },

    { method: 'POST', path: '/containers/:id/exec', handler: createExec(containers) },
    { method: 'POST', path: '/exec/:id/start', handler: startExecAsBody(containers) },
    { method: 'POST', path: '/exec/:id/resize', handler: resizeExec(containers) },
    { method: 'GET', path: '/exec/:id/json', handler: inspectExec(containers, now) },

    { method: 'POST', path: '/commit', handler: commitContainer(containers) },
    ...imageRoutes(images, now),

    ...networkRoutes({ containers, networks }, now),

    ...volumeRoutes(volumes, now),

    ...NOT_YET.map(([method, path, what]) => ({ method, path, handler: notYet(what) })),

    { method: 'GET', path: '/plugins', handler: noPlugins },
    ...PLUGIN.map(([method, path]) => ({ method, path, handler: noSuchPlugin })),
    ...SWARM.map(([method, path]) => ({ method, path, handler: noSwarm })),
    ...['/swarm/init', '/swarm/join', '/swarm/leave'].map(
      (path) => ({ method: 'POST', path, handler: notYet('swarm') }) as const,
    ),
  ]
}

export interface UpgradeRoute {
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  /** What it throws, or its promise rejects with, comes before the 101. */
  readonly handler: (request: UpgradeRequest) => void | Promise<void>
}

/** Endpoints that take the connection over. Node hands every request with `Upgrade` to these. */
export const upgradesOf = ({ containers }: Engine): readonly UpgradeRoute[] => [
  {
    method: 'POST',
    path: /^\/containers\/([^/]+)\/attach$/,
    handler: attachContainer(containers),
  },
  {
    method: 'GET',
    path: /^\/containers\/([^/]+)\/attach\/ws$/,
    handler: attachWebSocket(containers),
  },
  { method: 'POST', path: /^\/exec\/([^/]+)\/start$/, handler: startExecAttached(containers) },
]

import { getArchive, putArchive, statArchive } from './container/archive.ts'
import { attach } from './container/attach.ts'
import { commit } from './container/commit.ts'
import type { ContainerParts } from './container/containers.ts'
import { create } from './container/create.ts'
import { diff } from './container/diff.ts'
import { createExec } from './container/exec/create-exec.ts'
import { findExec } from './container/exec/find-exec.ts'
import { resizeExec } from './container/exec/resize-exec.ts'
import { checkExec, startExec } from './container/exec/start-exec.ts'
import { exportRoot } from './container/export.ts'
import { kill } from './container/kill.ts'
import { logs } from './container/logs.ts'
import { pause } from './container/pause.ts'
import { prune } from './container/prune.ts'
import { remove } from './container/remove.ts'
import { rename } from './container/rename.ts'
import { resize } from './container/resize.ts'
import { restart } from './container/restart.ts'
import { size } from './container/size.ts'
import { start } from './container/start.ts'
import { stats } from './container/stats.ts'
import { stop } from './container/stop.ts'
import { top } from './container/top.ts'
import { unpause } from './container/unpause.ts'
import { update } from './container/update.ts'
import { wait } from './container/wait.ts'
import type { ImageParts } from './image/image-shelf.ts'
import { imageBytes, inspectImage, listImages } from './image/list.ts'
import { pullAndTell } from './image/pull-and-tell.ts'
import { pruneImages, removeImage } from './image/remove.ts'
import { tagImage } from './image/tag.ts'
import { networksOfContainer } from './network/attachments.ts'
import { connect, disconnect } from './network/connect.ts'
import { createNetwork } from './network/create.ts'
import type { NetworkParts } from './network/networks.ts'
import { pruneNetworks, removeNetwork } from './network/remove.ts'
import { createVolume } from './volume/create.ts'
import { inspectVolume, listVolumes, volumeSize } from './volume/inspect.ts'
import { pruneVolumes, removeVolume } from './volume/remove.ts'
import type { VolumeParts } from './volume/volumes.ts'

/** Every verb for networks, over one set of parts. */
export const networksOf = (parts: NetworkParts) => ({
  list: () => parts.all.list(),
  resolve: (reference: string) => parts.all.resolve(reference),
  ofContainer: networksOfContainer(parts),
  create: createNetwork(parts),
  remove: removeNetwork(parts),
  prune: pruneNetworks(parts),
  connect: connect(parts),
  disconnect: disconnect(parts),
})

export type Networks = ReturnType<typeof networksOf>

/** Every verb for volumes, over one set of parts. */
export const volumesOf = (parts: VolumeParts) => ({
  list: listVolumes(parts),
  inspect: inspectVolume(parts),
  size: volumeSize,
  create: createVolume(parts),
  remove: removeVolume(parts),
  prune: pruneVolumes(parts),
})

export type Volumes = ReturnType<typeof volumesOf>

/** Every verb for images, over one set of parts. */
export const imagesOf = (parts: ImageParts) => ({
  list: listImages(parts),
  inspect: inspectImage(parts),
  /** Bytes of all together, and of one what no other has. */
  bytes: () => imageBytes(parts),
  canPull: (reference: string) => parts.shelf.canPull(reference),
  pull: pullAndTell(parts),
  tag: tagImage(parts),
  remove: removeImage(parts),
  prune: pruneImages(parts),
})

export type Images = ReturnType<typeof imagesOf>

/** Every verb for containers, over one set of parts. */
export const containersOf = (parts: ContainerParts) => ({
  list: () => parts.all.list(),
  resolve: (reference: string) => parts.all.resolve(reference),
  create: create(parts),
  start: start(parts),
  stop: stop(parts),
  kill: kill(parts),
  pause: pause(parts),
  unpause: unpause(parts),
  restart: restart(parts),
  wait,
  rename: rename(parts),
  update: update(parts),
  remove: remove(parts),
  prune: prune(parts),
  stats: stats(parts),
  top: top(parts),
  attach: attach(parts),
  createExec: createExec(parts),
  findExec: findExec(parts),
  checkExec,
  startExec: startExec(parts),
  resizeExec,
  resize: resize(parts),
  logs,
  statArchive: statArchive(parts),
  getArchive: getArchive(parts),
  putArchive: putArchive(parts),
  diff: diff(parts),
  exportRoot: exportRoot(parts),
  commit: commit(parts),
  size: size(parts),
})

export type Containers = ReturnType<typeof containersOf>

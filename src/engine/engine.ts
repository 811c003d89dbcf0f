import { getArchive, putArchive, statArchive } from './container/archive.ts'
import { attach } from './container/attach.ts'
import { commit } from './container/commit.ts'
import type { ContainerParts } from './container/containers.ts'
import { create } from './container/create.ts'
import { diff } from './container/diff.ts'
import { exportRoot } from './container/export.ts'
import { kill } from './container/kill.ts'
import { logs } from './container/logs.ts'
import { prune } from './container/prune.ts'
import { remove } from './container/remove.ts'
import { rename } from './container/rename.ts'
import { restart } from './container/restart.ts'
import { size } from './container/size.ts'
import { start } from './container/start.ts'
import { stats } from './container/stats.ts'
import { stop } from './container/stop.ts'
import { wait } from './container/wait.ts'

/** Every verb for containers, over one set of parts. */
export const containersOf = (parts: ContainerParts) => ({
  list: () => parts.all.list(),
  resolve: (reference: string) => parts.all.resolve(reference),
  create: create(parts),
  start: start(parts),
  stop: stop(parts),
  kill: kill(parts),
  restart: restart(parts),
  wait,
  rename: rename(parts),
  remove: remove(parts),
  prune: prune(parts),
  stats: stats(parts),
  attach: attach(parts),
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

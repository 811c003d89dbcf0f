import type { CellProcess } from '../../src/contract/cell.ts'
import type { ContainerParts } from '../../src/engine/container/containers.ts'

/** A container that is on no network and has no volume. */
export const BARE_SURROUNDINGS: Pick<ContainerParts, 'surroundings' | 'volumes'> = {
  surroundings: [],
  volumes: {
    provide: async () => ({ mounts: [], settle: async () => {} }),
    dropAnonymous: async () => {},
  },
}

/** What a process says and does of which a test asks nothing. */
export const QUIET_PROCESS: Pick<CellProcess, 'pause' | 'unpause' | 'update' | 'stats'> = {
  pause: async () => {},
  unpause: () => {},
  update: () => {},
  stats: async () => undefined,
}

import type { Cell, CellProcess } from '../../src/contract/cell.ts'
import type { ContainerParts } from '../../src/engine/container/containers.ts'

const unasked = async (): Promise<never> => {
  throw new Error('no test asks for this')
}

/** A container that is on no network, has no volume, and keeps no files. */
export const BARE_PARTS: Pick<
  ContainerParts,
  'surroundings' | 'volumes' | 'commitImage' | 'layerFile' | 'hasLayer'
> = {
  surroundings: [],
  volumes: {
    provide: async () => ({ mounts: [], settle: async () => {} }),
    dropAnonymous: async () => {},
  },
  commitImage: unasked,
  layerFile: () => '/nowhere',
  hasLayer: () => false,
}

/** What a cell is of which a test asks only that it starts something. */
export const QUIET_CELL: Omit<Cell, 'start'> = {
  prepareModule: async () => ({ digest: 'd' }),
  prepareRoot: async (key) => ({ key }),
  tree: unasked,
  inUse: () => ({ slots: 0, threads: 0, modules: 0, wedged: 0 }),
  [Symbol.asyncDispose]: async () => {},
}

/** What a process says and does of which a test asks nothing. */
export const QUIET_PROCESS: Pick<
  CellProcess,
  'signal' | 'resize' | 'pause' | 'unpause' | 'update' | 'exec' | 'stats' | 'processes'
> = {
  signal: () => {},
  resize: () => {},
  pause: async () => {},
  unpause: () => {},
  update: () => {},
  exec: () => {
    throw new Error('no test asks for this')
  },
  stats: async () => undefined,
  processes: async () => undefined,
}

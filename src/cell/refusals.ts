import { EngineError } from '../contract/errors.ts'

export const processGone = (): EngineError =>
  new EngineError('PROCESS_GONE', 'the container is not running')

export const noFreeSlot = (): EngineError =>
  new EngineError('NO_FREE_SLOT', 'no free slot: too many processes run at once')

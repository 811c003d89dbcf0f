import type { ControlBlock } from '../../src/thread/control-block.ts'
import type { ProcessControl } from '../../src/thread/guest-ports.ts'

/** The flags of a block as its process looks at them; its limits never change, and it tells nobody anything. */
export const controlOf = (block: ControlBlock): ProcessControl => ({
  raised: () => block.raised(),
  condemned: () => block.condemned(),
  takeSignals: () => block.takeSignals(),
  pausing: () => block.pausing(),
  changedLimits: () => undefined,
  publish: () => {},
})

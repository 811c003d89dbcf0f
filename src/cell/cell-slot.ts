import type { CellJob } from '../contract/cell.ts'
import type { EndReason } from '../contract/exit.ts'
import { createRing, RingReader, RingWriter } from '../thread/byte-ring.ts'
import { ControlBlock, WORD } from '../thread/control-block.ts'
import { ring } from '../thread/doorbell.ts'
import type { HostBlock } from '../thread/host-block.ts'
import type { ProcessMemory } from '../thread/process-task.ts'
import { InputFeed } from './input-feed.ts'
import { OutputDrain } from './output-drain.ts'

/** Bytes of a standard stream on their way. */
const RING_BYTES = 65_536

/** Main's side of one process: its control block, its rings, and who feeds and drains them. */
export class CellSlot {
  readonly memory: ProcessMemory
  readonly #control = ControlBlock.create()
  readonly #drains: readonly OutputDrain[]
  readonly #feed: InputFeed | undefined

  constructor(slot: number, host: HostBlock, job: CellJob) {
    const stdin = job.stdin === undefined ? undefined : createRing(RING_BYTES)
    const stdout = createRing(RING_BYTES)
    const stderr = createRing(RING_BYTES)
    const control = this.#control.memory
    this.memory = { control, host: host.memory, stdin, stdout, stderr, slot }
    const wake = (): void => this.#wake()
    // Through the dirty word, so that a busy stream shares the turns with all others.
    const again = (): void => void setImmediate(() => this.pump())
    this.#drains = [
      new OutputDrain(new RingReader(stdout, wake), job.stdout, again),
      new OutputDrain(new RingReader(stderr, wake), job.stderr, again),
    ]
    if (stdin !== undefined && job.stdin !== undefined) {
      this.#feed = new InputFeed(new RingWriter(stdin, wake))
      void this.#feed.run(job.stdin)
    }
  }

  #wake(): void {
    const { words } = this.#control
    ring({ words, doorbell: WORD.DOORBELL, sleeping: WORD.SLEEPING })
  }

  /** Something moved in one of the rings. */
  pump(): void {
    for (const drain of this.#drains) drain.pump()
    this.#feed?.pump()
  }

  /** The process must end; it looks at its flags at the next safepoint, or wakes from its sleep. */
  condemn(reason: Extract<EndReason, 'killed' | 'timeout'>): void {
    this.#control.condemn(reason)
    this.#wake()
  }

  condemned(): EndReason | undefined {
    return this.#control.condemned()
  }

  /** For a worker that died: it cannot close its ends any more. */
  closeOutput(): void {
    for (const memory of [this.memory.stdout, this.memory.stderr]) {
      new RingWriter(memory, () => {}).close()
    }
  }

  /** Resolves when every byte of output was consumed. */
  async finish(): Promise<void> {
    this.#feed?.stop()
    await Promise.all(this.#drains.map((drain) => drain.ended()))
  }
}

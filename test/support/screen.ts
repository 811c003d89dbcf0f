import type { Duplex } from 'node:stream'
import { deferred } from '../../src/std/deferred.ts'

/** What a client sees of a terminal that it is attached to. */
export class Screen {
  /** All that was to be seen so far. */
  text = ''
  readonly stream: Duplex
  /** Settles when there is nothing more to see. */
  readonly ended: Promise<void>
  #changed = deferred<void>()

  /** @param stream - a connection taken over, as dockerode hands it out. */
  constructor(stream: NodeJS.ReadWriteStream) {
    // dockerode's type says less than what it is.
    this.stream = stream as Duplex
    this.stream.on('data', (piece: Buffer) => {
      this.text += piece.toString()
      this.#changed.resolve()
      this.#changed = deferred()
    })
    this.ended = new Promise((resolve) => this.stream.once('end', resolve))
  }

  async shows(part: string): Promise<void> {
    while (!this.text.includes(part)) await this.#changed.promise
  }
}

import { type Bell, type DelayPoint, noDelay } from './doorbell.ts'

type AsyncWait =
  | { readonly async: false; readonly value: 'not-equal' | 'timed-out' }
  | { readonly async: true; readonly value: Promise<'ok' | 'timed-out'> }

// ES2024; Node has it since 16.
const { waitAsync } = Atomics as unknown as {
  waitAsync(words: Int32Array, index: number, value: number): AsyncWait
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * The same sleep on a thread that must not block: `scan` is called after every ring, until `stop`.
 * It does not keep the process alive; whatever the scan is for must.
 */
export class AsyncWaiter {
  readonly #bell: Bell
  readonly #scan: () => void
  readonly #delay: DelayPoint
  #stopped = false

  constructor(bell: Bell, scan: () => void, delay: DelayPoint = noDelay) {
    this.#bell = bell
    this.#scan = scan
    this.#delay = delay
  }

  async run(): Promise<void> {
    const { words, doorbell, sleeping } = this.#bell
    while (!this.#stopped) {
      const seen = Atomics.load(words, doorbell)
      this.#delay('seen')
      this.#scan()
      this.#delay('scanned')
      Atomics.store(words, sleeping, 1)
      this.#delay('sleeping')
      const wait = waitAsync(words, doorbell, seen)
      // A bell that rings all the time must not starve the event loop.
      if (wait.async) await wait.value
      else await nextTurn()
      Atomics.store(words, sleeping, 0)
    }
  }

  stop(): void {
    this.#stopped = true
    Atomics.add(this.#bell.words, this.#bell.doorbell, 1)
    Atomics.notify(this.#bell.words, this.#bell.doorbell)
  }
}

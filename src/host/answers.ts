import type { Server, ServerResponse } from 'node:http'

/** For who waits for an answer that comes now; a stream of events has no last one. */
const LAST_ANSWERS_MS = 1_000

/** The answers that a server still owes. */
export class Answers {
  readonly #owed = new Set<ServerResponse>()
  #settled: (() => void) | undefined

  of(server: Server): void {
    server.on('request', (_, response) => {
      this.#owed.add(response)
      response.once('close', () => {
        this.#owed.delete(response)
        if (this.#owed.size === 0) this.#settled?.()
      })
    })
  }

  /** Settles when none is owed any more, or after a second. */
  async given(): Promise<void> {
    if (this.#owed.size === 0) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#settled = resolve
      timer = setTimeout(resolve, LAST_ANSWERS_MS)
    })
    clearTimeout(timer)
  }
}

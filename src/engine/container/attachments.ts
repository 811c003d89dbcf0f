import type { OutputPiece, OutputStream } from './log/log-entry.ts'

/** Somebody who gets a container's output as it comes. */
export interface Attachment {
  readonly streams: ReadonlySet<OutputStream>
  /** What came together, in its order. A promise holds the guest back until it settles. */
  write(pieces: readonly OutputPiece[]): void | Promise<void>
  /** The process has ended; nothing more comes. */
  end(): void
}

/** Everybody attached to one container. */
export class Attachments {
  readonly #all = new Set<Attachment>()

  /** @returns a function that ends the attachment; `end` is not called then. */
  add(attachment: Attachment): () => void {
    this.#all.add(attachment)
    return () => void this.#all.delete(attachment)
  }

  /** Settles when all have taken the bytes; one that fails is attached no longer. */
  async write(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    const wanted = [...this.#all].filter(({ streams }) => streams.has(stream))
    await Promise.all(
      wanted.map(async (one) => {
        try {
          await one.write([{ stream, bytes }])
        } catch {
          this.#all.delete(one)
        }
      }),
    )
  }

  end(): void {
    const all = [...this.#all]
    this.#all.clear()
    for (const one of all) one.end()
  }

  get size(): number {
    return this.#all.size
  }
}

/** Longest piece of one entry. @source moby daemon/logger/copier.go, defaultBufSize */
const LONGEST = 16_384
const NEWLINE = 0x0a

/** Cuts a stream of bytes into lines; what has no newline yet waits for it, up to 16 KiB. */
export class LineSplitter {
  #rest: Uint8Array = new Uint8Array()

  push(bytes: Uint8Array): readonly Uint8Array[] {
    const lines: Uint8Array[] = []
    let at = 0
    while (at < bytes.length) {
      const room = LONGEST - this.#rest.length
      const newline = bytes.indexOf(NEWLINE, at)
      const end = Math.min(newline === -1 ? bytes.length : newline + 1, at + room)
      this.#keep(bytes.subarray(at, end))
      at = end
      if (bytes[end - 1] === NEWLINE || this.#rest.length === LONGEST) lines.push(this.#take())
    }
    return lines
  }

  /** What is left at the end of the stream. */
  end(): readonly Uint8Array[] {
    return this.#rest.length === 0 ? [] : [this.#take()]
  }

  #keep(piece: Uint8Array): void {
    const joined = new Uint8Array(this.#rest.length + piece.length)
    joined.set(this.#rest)
    joined.set(piece, this.#rest.length)
    this.#rest = joined
  }

  #take(): Uint8Array {
    const line = this.#rest
    this.#rest = new Uint8Array()
    return line
  }
}

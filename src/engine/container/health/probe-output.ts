/** @source engine API reference, 6.8 */
const MOST_BYTES = 4_096
const MORE = '...'

/** The beginning of what a probe says, on both streams. */
export class ProbeOutput {
  readonly #pieces: Uint8Array[] = []
  #kept = 0
  #cut = false

  write(bytes: Uint8Array): void {
    const piece = bytes.slice(0, MOST_BYTES - this.#kept)
    if (piece.length < bytes.length) this.#cut = true
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.#kept += piece.length
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString() + (this.#cut ? MORE : '')
  }
}

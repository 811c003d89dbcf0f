import { OUTPUT, type Termios } from '../../contract/termios.ts'

const [BACKSPACE, TAB, NEWLINE, RETURN, SPACE] = [0x08, 0x09, 0x0a, 0x0d, 0x20]
const TAB_WIDTH = 8
/** Bytes that one byte becomes at most. */
export const MOST_PER_BYTE = TAB_WIDTH

/** Control characters of ASCII: they take no place on the screen. */
export const isControl = (byte: number): boolean => byte < SPACE || byte === 0x7f
/** A byte of a UTF-8 character behind its first. */
export const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

/**
 * What becomes of bytes on their way to the screen, and in which column they come to stand.
 *
 * @source termios(3), c_oflag
 */
export class OutputProcessing {
  column = 0
  /** Where the line that is being typed begins. */
  lineColumn = 0

  /** One byte as it leaves. */
  put({ output }: Termios, byte: number, out: number[]): void {
    if ((output & OUTPUT.OPOST) === 0) {
      out.push(byte)
      return
    }
    switch (byte) {
      case NEWLINE:
        this.#newline(output, out)
        return
      case RETURN:
        this.#return(output, out)
        return
      case TAB:
        this.#tab(output, out)
        return
      case BACKSPACE:
        this.column = Math.max(0, this.column - 1)
        break
      default:
        if (!isControl(byte) && !isContinuation(byte)) this.column += 1
    }
    out.push(byte)
  }

  #home(): void {
    this.column = 0
    this.lineColumn = 0
  }

  #newline(output: number, out: number[]): void {
    if ((output & OUTPUT.ONLCR) !== 0) out.push(RETURN)
    if ((output & (OUTPUT.ONLCR | OUTPUT.ONLRET)) !== 0) this.#home()
    out.push(NEWLINE)
    this.lineColumn = this.column
  }

  #return(output: number, out: number[]): void {
    if ((output & OUTPUT.ONOCR) !== 0 && this.column === 0) return
    const becomesNewline = (output & OUTPUT.OCRNL) !== 0
    if (!becomesNewline || (output & OUTPUT.ONLRET) !== 0) this.#home()
    out.push(becomesNewline ? NEWLINE : RETURN)
  }

  #tab(output: number, out: number[]): void {
    const spaces = TAB_WIDTH - (this.column % TAB_WIDTH)
    this.column += spaces
    if ((output & OUTPUT.XTABS) !== OUTPUT.XTABS) out.push(TAB)
    else for (let count = 0; count < spaces; count += 1) out.push(SPACE)
  }

  /**
   * As many of `from` as become at most `room` bytes.
   *
   * @returns how many were taken, and what they became.
   */
  process(settings: Termios, from: Uint8Array, room: number) {
    const raw = (settings.output & OUTPUT.OPOST) === 0
    if (raw) {
      const bytes = from.subarray(0, room)
      return { taken: bytes.length, bytes }
    }
    const out: number[] = []
    let taken = 0
    for (const byte of from) {
      if (out.length + MOST_PER_BYTE > room) break
      this.put(settings, byte, out)
      taken += 1
    }
    return { taken, bytes: Uint8Array.from(out) }
  }
}

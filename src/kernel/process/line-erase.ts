import type { LineBuffer } from './line-buffer.ts'
import { isContinuation, isControl } from './output-processing.ts'

const [BACKSPACE, TAB, SPACE] = [0x08, 0x09, 0x20]
const TAB_WIDTH = 8
const ONE_PLACE = [BACKSPACE, SPACE, BACKSPACE] as const

export interface Erasing {
  readonly buffer: LineBuffer
  /** Characters are UTF-8. */
  readonly utf8: boolean
  /** Control characters stand there as `^C`. */
  readonly showsControl: boolean
  /** Where the line begins. */
  readonly lineColumn: number
  /** Takes what wipes one character off the screen. */
  readonly show: ((bytes: readonly number[]) => void) | undefined
}

/** Of a word: letters and digits of Latin-1, so that characters of UTF-8 begin as one; and `_`. */
const isOfWord = (byte: number): boolean =>
  byte >= 0xc0
    ? byte !== 0xd7 && byte !== 0xf7
    : byte === 0x5f || /[0-9A-Za-z]/.test(String.fromCharCode(byte))

/** Places to go back over a tab that stood behind `before`. */
function tabBack(before: Uint8Array, { utf8, showsControl, lineColumn }: Erasing): number {
  const tab = before.lastIndexOf(TAB)
  let places = tab === -1 ? lineColumn : 0
  for (const byte of before.subarray(tab + 1)) {
    if (isControl(byte)) places += showsControl ? 2 : 0
    else if (!utf8 || !isContinuation(byte)) places += 1
  }
  return TAB_WIDTH - (places % TAB_WIDTH)
}

function wipe(byte: number, erasing: Erasing): readonly number[] {
  if (byte === TAB) {
    return Array.from({ length: tabBack(erasing.buffer.line, erasing) }, () => BACKSPACE)
  }
  if (!isControl(byte)) return ONE_PLACE
  return erasing.showsControl ? [...ONE_PLACE, ...ONE_PLACE] : []
}

/** Bytes of the last character; 0: its first is not there. */
function lastCharacter(line: Uint8Array, utf8: boolean): number {
  let at = line.length - 1
  while (utf8 && at > 0 && isContinuation(line[at] ?? 0)) at -= 1
  const isWhole = !utf8 || !isContinuation(line[at] ?? 0)
  return isWhole ? line.length - at : 0
}

/** Takes back the last character, word, or all of the line that is being typed. */
export function eraseInLine(what: 'character' | 'word' | 'line', erasing: Erasing): void {
  const { buffer, utf8, show } = erasing
  let inWord = false
  while (buffer.line.length > 0) {
    const { line } = buffer
    const count = lastCharacter(line, utf8)
    if (count === 0) return
    const first = line[line.length - count] ?? 0
    if (what === 'word') {
      if (isOfWord(first)) inWord = true
      else if (inWord) return
    }
    buffer.drop(count)
    show?.(wipe(first, erasing))
    if (what === 'character') return
  }
}

/** Characters of a foreign text that a message shows. */
const MOST = 80
/** Controls, line and paragraph separators, and what turns or hides the text around it. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A text that somebody else chose, for a cell of a table: what cannot be printed is a question mark. */
export const plain = (text: string): string => text.replace(UNPRINTABLE, '?')

/** A text that somebody else chose, for one line of a message: escaped and cut. */
export function printable(text: string, most: number = MOST): string {
  const shown = text.length > most ? `${text.slice(0, most)}…` : text
  return shown.replace(UNPRINTABLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
}

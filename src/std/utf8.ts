/** Bytes of `text` in UTF-8, as `TextEncoder` writes it: half of a surrogate pair is U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    bytes += 1
    if (unit < 0x800) continue
    bytes += 1
    // A pair is four bytes: three for its first half here, and one for its second.
    if (isPair(unit, text.charCodeAt(at + 1))) at += 1
  }
  return bytes
}

const isPair = (high: number, low: number): boolean =>
  (high & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00

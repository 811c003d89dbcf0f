/**
 * Whether `text` fits a shell pattern: `*` is any run of characters but `/`, `?` one of them. Without
 * regular expressions: no pattern of a caller can hold the thread.
 *
 * @source Go, path.Match, without its `[…]`
 */
export function globFits(pattern: string, text: string): boolean {
  let [at, from] = [0, 0]
  let star: { readonly after: number; from: number } | undefined
  while (from < text.length) {
    const wanted = pattern[at]
    const here = text[from]
    if (wanted === '*') {
      at += 1
      star = { after: at, from }
    } else if (wanted === here || (wanted === '?' && here !== '/')) {
      at += 1
      from += 1
    } else if (star !== undefined && text[star.from] !== '/') {
      // The last star takes one more.
      star.from += 1
      at = star.after
      from = star.from
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}

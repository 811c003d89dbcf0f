import type { Readable } from 'node:stream'
import { printable } from '../../std/printable.ts'
import { TokenBucket } from '../../std/token-bucket.ts'

/** Characters of one line. */
const LINE = 2_000
const LINES_PER_S = 10
/** Saved up: the report of a crash comes at once. */
const BURST_MS = 10_000

/**
 * Reads `stream` to its end, whatever it is, and hands over its lines: escaped, cut, and no more of
 * them than a log can hold. The rest is dropped, and that is said.
 */
export function boundedLines(
  stream: Readable,
  line: (text: string) => void,
  now: () => number = () => performance.now(),
): void {
  const bucket = new TokenBucket(LINES_PER_S, BURST_MS, now())
  let rest = ''
  let dropped = 0
  const hand = (text: string): void => {
    if (text === '') return
    if (bucket.readyAt(now()) !== undefined) {
      dropped += 1
      return
    }
    bucket.take(1)
    if (dropped > 0) line(`(${dropped} lines dropped)`)
    dropped = 0
    line(printable(text, LINE))
  }
  stream.setEncoding('utf8')
  stream.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    // Without a newline for too long it is cut all the same.
    rest = (lines.pop() ?? '').slice(0, LINE + 1)
    for (const text of lines) hand(text)
  })
  stream.once('close', () => hand(rest))
  stream.on('error', () => {})
}

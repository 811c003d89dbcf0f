import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { boundedLines } from '../../../../src/cell/child/bounded-lines.ts'

/** The lines that come of `pieces`, all written at one moment. */
async function linesOf(pieces: readonly string[]): Promise<string[]> {
  const stream = new PassThrough()
  const lines: string[] = []
  boundedLines(
    stream,
    (line) => lines.push(line),
    () => 0,
  )
  const closed = new Promise((resolve) => void stream.once('close', resolve))
  for (const piece of pieces) stream.write(piece)
  stream.end()
  await closed
  return lines
}

it.each([
  ['lines in pieces', ['on', 'e\ntw', 'o\n'], ['one', 'two']],
  ['a last line without an end', ['one\ntwo'], ['one', 'two']],
  ['characters for a terminal', ['\u001b[2Jx\n'], ['\\u{1b}[2Jx']],
])('%s are told one by one and escaped', async (_, pieces, expected) => {
  expect(await linesOf(pieces)).toEqual(expected)
})
it('a line without an end is cut', async () => {
  const lines = await linesOf(Array.from({ length: 50 }, () => 'x'.repeat(1_000)))
  expect(lines).toHaveLength(1)
  expect(lines[0]?.length).toBeLessThanOrEqual(2_001)
})
it('a flood is dropped', async () => {
  const lines = await linesOf(Array.from({ length: 10_000 }, (_, index) => `${index}\n`))
  expect(lines).toHaveLength(100)
})

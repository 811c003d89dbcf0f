import { expect } from 'vitest'
import type { RawAnswer } from './raw-http.ts'

/** What no client may be told: places of this machine, and where in our code something happened. */
const SECRETS = [
  /\bat [\w.<>]+ \(/,
  /node:internal/,
  /node_modules/,
  /\.[cm]?[jt]s:\d+/,
  /\/(home|tmp|work|root|usr)\//,
  /internal server error/,
]

/** The body of an answer without the frames of a chunked one. */
function textOf({ head, body }: RawAnswer): string {
  if (!/^transfer-encoding: chunked$/im.test(head)) return body
  let text = ''
  for (let rest = body; ; ) {
    const at = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, at), 16)
    if (at === -1 || !(size > 0)) return text
    text += rest.slice(at + 2, at + 2 + size)
    rest = rest.slice(at + 2 + size + 2)
  }
}

/**
 * What is wrong with an answer to a request that may be anything: undefined when it is a success, or
 * an error in Docker's shape that gives nothing away.
 */
export function faultOf(answer: RawAnswer, method: string): string | undefined {
  const { status } = answer
  const text = textOf(answer)
  // Mount points of volumes are meant to be told, and an archive has whatever its container has.
  if (status >= 100 && status < 400) return undefined
  const secret = SECRETS.find((pattern) => pattern.test(text))
  if (secret !== undefined) return `${status} tells ${secret}: ${text.slice(0, 300)}`
  if (status === 0) return 'no answer'
  if (status === 500 && !/not paused|is not connected|cannot be updated/i.test(text)) {
    return `500: ${text.slice(0, 300)}`
  }
  // A HEAD has no body, and what is no HTTP is refused by the parser, before anything is known of it.
  if (method === 'HEAD' || (status === 400 && text === '') || status === 431) return undefined
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' && message !== '' ? undefined : `no message: ${text}`
  } catch {
    return `${status}, no JSON: ${text.slice(0, 300)}`
  }
}

/** Runs `one` for each row, a few at once, and expects that none has a fault. */
export async function allFine<T>(
  rows: readonly T[],
  one: (row: T) => Promise<string | undefined>,
): Promise<void> {
  const left = [...rows]
  const faults: string[] = []
  const lane = async (): Promise<void> => {
    for (let row = left.pop(); row !== undefined; row = left.pop()) {
      const fault = await one(row)
      if (fault !== undefined) faults.push(`${JSON.stringify(row).slice(0, 300)}: ${fault}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  expect(faults).toEqual([])
}

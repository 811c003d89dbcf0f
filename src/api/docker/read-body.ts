import type { IncomingMessage } from 'node:http'
import { EngineError } from '../../contract/errors.ts'

export interface BodyBounds {
  /** Bytes. */
  readonly most: number
  /** Milliseconds until all of it must be here. */
  readonly patienceMs: number
}

export const tooLarge = (most: number): EngineError =>
  new EngineError('BODY_TOO_LARGE', `request body exceeds ${most} bytes`)

export const tooSlow = (patienceMs: number): EngineError =>
  new EngineError('BODY_TOO_SLOW', `the body took longer than ${patienceMs / 1_000} seconds`)

/**
 * All of a body. What is left of one that is refused is the server's to throw away.
 *
 * @throws EngineError `BODY_TOO_LARGE` | `BODY_TOO_SLOW` | `BODY_CUT_SHORT`.
 */
export async function readBody(
  incoming: IncomingMessage,
  { most, patienceMs }: BodyBounds,
): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) throw tooLarge(most)
  const pieces: Buffer[] = []
  const bytes = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>
  let late: NodeJS.Timeout | undefined
  const impatience = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(tooSlow(patienceMs)), patienceMs)
  })
  try {
    for (let size = 0; ; ) {
      const { done, value } = await Promise.race([bytes.next(), impatience])
      if (done === true) return Buffer.concat(pieces)
      size += value.length
      if (size > most) throw tooLarge(most)
      pieces.push(value)
    }
  } catch (error) {
    if (error instanceof EngineError) throw error
    // The client has gone, so that nobody reads this.
    throw new EngineError('BODY_CUT_SHORT', 'the body ended before its time')
  } finally {
    clearTimeout(late)
  }
}

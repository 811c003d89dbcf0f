import type { IncomingMessage } from 'node:http'
import { EngineError } from '../../contract/errors.ts'
import { deferred } from '../../std/deferred.ts'

export interface BodyBounds {
  /** Bytes. */
  readonly most: number
  /** Milliseconds until all of it must be here. */
  readonly patienceMs: number
}

export const tooLarge = (most: number): EngineError =>
  new EngineError('BODY_TOO_LARGE', `request body exceeds ${most} bytes`)

/** Rejects with `BODY_TOO_SLOW` when its time is over, unless it is called off before. */
export function impatience(patienceMs: number): {
  readonly late: Promise<never>
  callOff(): void
} {
  const { promise: late, reject } = deferred<never>()
  const seconds = patienceMs / 1_000
  const error = new EngineError('BODY_TOO_SLOW', `the body took longer than ${seconds} seconds`)
  const timer = setTimeout(() => reject(error), patienceMs)
  return { late, callOff: () => clearTimeout(timer) }
}

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
  const { late, callOff } = impatience(patienceMs)
  try {
    for (let size = 0; ; ) {
      const { done, value } = await Promise.race([bytes.next(), late])
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
    callOff()
  }
}

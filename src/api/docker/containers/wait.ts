import { EngineError } from '../../../contract/errors.ts'
import type { WaitCondition } from '../../../engine/container/waits.ts'
import type { Containers } from '../../../engine/engine.ts'
import { since } from '../api-version.ts'
import type { ApiContext, Handler } from '../context.ts'
import { streamed } from '../stream.ts'
import { referenceOf } from './verbs.ts'

const CONDITIONS: readonly WaitCondition[] = ['not-running', 'next-exit', 'removed']

function conditionOf(c: ApiContext): WaitCondition {
  // Before 1.30 there was one.
  const text = (since(c.var.version, 30) && c.req.query('condition')) || 'not-running'
  const condition = CONDITIONS.find((known) => known === text)
  if (condition !== undefined) return condition
  throw new EngineError('INVALID_ARGUMENT', `invalid condition: ${JSON.stringify(text)}`)
}

/** 200, its head at once: `docker run` starts the container when it has it. 400, 404. */
export const waitContainer =
  (containers: Pick<Containers, 'resolve' | 'wait'>): Handler =>
  (c) => {
    const condition = conditionOf(c)
    const container = containers.resolve(referenceOf(c))
    return streamed(c, 'application/json', async ({ gone, write }) => {
      // Asked for before the head is read: an exit in between must not be missed.
      const { exitCode, error } = await containers.wait(container, condition, gone)
      const failure = error === undefined ? {} : { Error: { Message: error } }
      await write(`${JSON.stringify({ StatusCode: exitCode, ...failure })}\n`)
    })
  }

import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { EngineError } from '../../contract/errors.ts'
import type { ApiContext } from './context.ts'
import { type BodyBounds, readBody } from './read-body.ts'

/** @source the threat model's limits: jsonBodyBytesMax, jsonDepthMax, bodyTimeoutMs */
const MOST_DEPTH = 64
export const BODY_BOUNDS: BodyBounds = { most: 2 ** 20, patienceMs: 30_000 }

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])

/**
 * Depth is looked at before the parser: a body of brackets would hold the loop for seconds. One walk
 * over the text, for an expression that skips strings takes quadratic time where one never ends.
 */
function checkDepth(text: string): void {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (quoted && code === BACKSLASH) at += 1
    else if (code === QUOTE) quoted = !quoted
    else if (quoted) continue
    else if (OPEN.has(code)) depth += 1
    else if (CLOSE.has(code)) depth -= 1
    if (depth > MOST_DEPTH) throw invalid(`invalid JSON: nested deeper than ${MOST_DEPTH}`)
  }
}

function parsed(text: string): unknown {
  checkDepth(text)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`invalid JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

/**
 * A JSON body, held to a schema. An empty one is `{}`.
 *
 * @param contentType - the header; a body that is not empty must have the right one.
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source engine API reference, 4: texts
 */
export function parseText<T>(
  text: string,
  contentType: string | undefined,
  schema: z.ZodType<T>,
): T {
  const type = contentType?.split(';')[0]?.trim() ?? ''
  if (text !== '' && type !== 'application/json') {
    throw invalid(`unsupported Content-Type header (${type}): must be 'application/json'`)
  }
  const result = schema.safeParse(text.trim() === '' ? {} : parsed(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalid(`invalid JSON: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? ''}`)
}

/**
 * The JSON body of a request, held to a schema.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `BODY_TOO_LARGE` | `BODY_TOO_SLOW` | `BODY_CUT_SHORT`.
 */
export async function parseBody<T>(c: ApiContext, schema: z.ZodType<T>): Promise<T> {
  // Of the HTTP/1 server: there is no other.
  const text = (await readBody(c.env.incoming as IncomingMessage, BODY_BOUNDS)).toString()
  return parseText(text, c.req.header('content-type'), schema)
}

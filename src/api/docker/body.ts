import type { z } from 'zod'
import { EngineError } from '../../contract/errors.ts'
import type { ApiContext } from './context.ts'

/** @source the threat model's limits: jsonBodyBytesMax, jsonDepthMax */
export const MOST_BYTES = 2 ** 20
const MOST_DEPTH = 64

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)
export const tooLarge = (): EngineError =>
  new EngineError('BODY_TOO_LARGE', `request body exceeds ${MOST_BYTES} bytes`)

async function textOf(c: ApiContext): Promise<string> {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > MOST_BYTES) throw tooLarge()
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of c.env.incoming as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > MOST_BYTES) throw tooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

const STRING = /"(?:[^"\\]|\\.)*"/g

/** Depth is looked at before the parser: a body of brackets would hold the loop for seconds. */
function checkDepth(text: string): void {
  let depth = 0
  for (const [bracket] of text.replace(STRING, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1
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
 * @throws EngineError `INVALID_ARGUMENT` | `BODY_TOO_LARGE`.
 */
export const parseBody = async <T>(c: ApiContext, schema: z.ZodType<T>): Promise<T> =>
  parseText(await textOf(c), c.req.header('content-type'), schema)

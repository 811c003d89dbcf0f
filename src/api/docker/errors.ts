import { EngineError, type ErrorKind } from '../../contract/errors.ts'
import { json } from './json.ts'

/** The one place where a kind of error becomes a status. @source engine API reference, 4 */
const STATUS_OF = {
  InvalidParameter: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  TooSlow: 408,
  Conflict: 409,
  TooLarge: 413,
  Unprocessable: 422,
  System: 500,
  NotImplemented: 501,
  Unavailable: 503,
} as const satisfies Record<ErrorKind, number>

/** What a client is told of an error. What is not an EngineError is a bug, and says nothing. */
export function errorReply(error: unknown): { readonly status: number; readonly message: string } {
  if (!(error instanceof EngineError)) return { status: 500, message: 'internal server error' }
  return { status: STATUS_OF[error.kind], message: error.message }
}

/** What an error's answer has beside its body. @source RFC 9110, 11.6.1 */
export const errorHeaders = (status: number): Readonly<Record<string, string>> =>
  status === STATUS_OF.Unauthorized ? { 'WWW-Authenticate': 'Bearer' } : {}

/** @param report - hears of every error that is a bug of ours. */
export function errorResponse(error: unknown, report: (error: unknown) => void): Response {
  if (!(error instanceof EngineError)) report(error)
  const { status, message } = errorReply(error)
  const response = json({ message }, status)
  for (const [name, value] of Object.entries(errorHeaders(status)))
    response.headers.set(name, value)
  return response
}

import { readFileSync, statSync } from 'node:fs'
import { Token } from '../api/docker/token.ts'
import { EngineError } from '../contract/errors.ts'

/** What others than the owner and a group may do. */
const OTHERS = 0o007
/** More than any token and its end of line. */
const MOST_BYTES = 4_096

const invalid = (path: string, why: string): EngineError =>
  new EngineError('INVALID_ARGUMENT', `token file ${path}: ${why}`)

function textOf(path: string): string {
  try {
    const { mode, size } = statSync(path)
    // Windows has no such bits: Node makes them up.
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw invalid(path, 'everybody on this machine may use it: chmod 600 it')
    }
    if (size > MOST_BYTES) throw invalid(path, `larger than ${MOST_BYTES} bytes`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof EngineError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw invalid(path, `cannot be read: ${code}`)
  }
}

/**
 * The token of a file: its one line. A group may read it, for that is how secrets are handed to
 * services; everybody may not. No error has a piece of what is in the file.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function readToken(path: string): Token {
  const token = Token.parse(textOf(path).trim())
  if (token === undefined) throw invalid(path, `a token is ${Token.shape}`)
  return token
}

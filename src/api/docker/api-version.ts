import { EngineError } from '../../contract/errors.ts'

/** Two integers, compared as such: 1.9 is older than 1.24. */
export interface ApiVersion {
  readonly major: number
  readonly minor: number
}

/** The last version with the shapes that older clients read. @source engine API reference, 1 */
export const NEWEST: ApiVersion = { major: 1, minor: 51 }
export const OLDEST: ApiVersion = { major: 1, minor: 24 }

export const textOf = ({ major, minor }: ApiVersion): string => `${major}.${minor}`

/** Negative when `a` is older than `b`. */
const compare = (a: ApiVersion, b: ApiVersion): number => a.major - b.major || a.minor - b.minor

/** Whether `version` is at least 1.`minor`. */
export const since = (version: ApiVersion, minor: number): boolean =>
  compare(version, { major: 1, minor }) >= 0

const PREFIX = /^\/v(\d{1,4})\.(\d{1,4})(?=\/|$)/

/** A path without its version, and the version it asks for: the newest where it has none. */
export function splitVersion(path: string): {
  readonly path: string
  readonly version: ApiVersion
} {
  const match = PREFIX.exec(path)
  if (match === null) return { path, version: NEWEST }
  const version = { major: Number(match[1]), minor: Number(match[2]) }
  return { path: path.slice(match[0].length) || '/', version }
}

/** @throws EngineError `INVALID_ARGUMENT`: older or newer than what is spoken here. */
export function checkVersion(version: ApiVersion): void {
  const asked = textOf(version)
  if (compare(version, OLDEST) < 0) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `client version ${asked} is too old. Minimum supported API version is ${textOf(OLDEST)}, ` +
        'please upgrade your client to a newer version',
    )
  }
  if (compare(version, NEWEST) > 0) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `client version ${asked} is too new. Maximum supported API version is ${textOf(NEWEST)}`,
    )
  }
}

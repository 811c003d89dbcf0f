import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import type { Walker } from '../kernel/mount/place.ts'
import { readWhole } from './container-files.ts'

/** Where users and groups are named. */
export const NAMES = { passwd: '/etc/passwd', group: '/etc/group' } as const

/** Bytes of one of them. An image or a guest made it, and each start and each exec reads all of it. */
const MOST_BYTES = 2 ** 20

const decoder = new TextDecoder()

const tooLarge = (path: string): EngineError =>
  new EngineError('INVALID_ARGUMENT', `${path} is larger than ${MOST_BYTES} bytes`)

/** The text of one. @throws EngineError `INVALID_ARGUMENT`: it is too large. */
export function namesIn(path: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw tooLarge(path)
  // A copy: the bytes of an image are shared, which no decoder takes.
  return decoder.decode(bytes.slice())
}

/**
 * What the one at `path` of a container says; empty where there is none that can be read.
 *
 * @throws EngineError `INVALID_ARGUMENT`: it is too large.
 */
export function namesAt(walker: Walker, path: string, ledger: Ledger): string {
  const bytes = readWhole(walker, path, ledger, MOST_BYTES)
  if (bytes.ok) return decoder.decode(bytes.value)
  if (bytes.errno === Errno.FBIG) throw tooLarge(path)
  return ''
}

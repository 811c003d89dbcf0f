import { EngineError } from '../../../contract/errors.ts'

/** `ctrl-` and one of these, in the order of their codes from 0. @source ascii(7) */
const CONTROLS = '@abcdefghijklmnopqrstuvwxyz[\\]^_'

function byteOf(key: string, all: string): number {
  const control = /^ctrl-(.)$/s.exec(key.toLowerCase())?.[1]
  const code = control === undefined ? -1 : CONTROLS.indexOf(control)
  if (code !== -1) return code
  const own = key.charCodeAt(0)
  if (key.length === 1 && own < 0x80) return own
  throw new EngineError('INVALID_ARGUMENT', `Invalid detach keys (${all}) provided`)
}

/**
 * The bytes of keys given as `ctrl-p,q`; none for the empty text.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source docker-exec(1), "--detach-keys"
 */
export const detachKeysOf = (text: string): Uint8Array =>
  text === '' ? new Uint8Array() : Uint8Array.from(text.split(','), (key) => byteOf(key, text))

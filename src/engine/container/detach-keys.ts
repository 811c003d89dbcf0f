import { EngineError } from '../../contract/errors.ts'

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

/** ^P ^Q, where a client says none. */
const DEFAULT = Uint8Array.of(0x10, 0x11)
const NOTHING = new Uint8Array()

/**
 * Looks for the detach keys in what a client types, however it is cut. What may be their beginning is
 * held back until it is known to be none.
 */
export class DetachWatch {
  readonly #keys: Uint8Array
  #matched = 0

  constructor(keys: Uint8Array) {
    this.#keys = keys.length === 0 ? DEFAULT : keys
  }

  /** What is to be passed on; nothing more once they were typed. */
  take(typed: Uint8Array): { readonly bytes: Uint8Array; readonly detached: boolean } {
    const out: number[] = []
    for (const byte of typed) {
      if (byte !== this.#keys[this.#matched]) {
        out.push(...this.#keys.subarray(0, this.#matched))
        this.#matched = 0
      }
      if (byte !== this.#keys[this.#matched]) out.push(byte)
      else this.#matched += 1
      if (this.#matched < this.#keys.length) continue
      this.#matched = 0
      return { bytes: Uint8Array.from(out), detached: true }
    }
    return { bytes: out.length === 0 ? NOTHING : Uint8Array.from(out), detached: false }
  }
}

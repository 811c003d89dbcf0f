import { EngineError } from '../../contract/errors.ts'

/** Bytes before the first section. */
const HEADER = 8
const CUSTOM = 0
/** Where a program that is many tools says their names, one a line. */
const SECTION = 'applets'
/** What a name may be, so that it is one name of one directory. */
const NAME = /^[\w[][\w.+[-]{0,63}$/
const MOST_NAMES = 1_000

const invalid = (why: string): EngineError =>
  new EngineError('INVALID_IMAGE', `the module's names: ${why}`)

/** Reads bytes from the front. @throws EngineError `INVALID_IMAGE`: they end too soon. */
class Front {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw invalid('it ends in the middle')
    this.#at += 1
    return byte
  }

  /** An unsigned LEB128 of 32 bits. */
  length(): number {
    let value = 0
    for (let place = 0; place < 5; place += 1) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte < 0x80) return value
    }
    throw invalid('a length is too long')
  }

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw invalid('it ends in the middle')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}

/** What follows the name of the custom section `applets`; undefined: there is none. */
function sectionOf(module: Uint8Array): string | undefined {
  const decoder = new TextDecoder()
  const front = new Front(module, HEADER)
  while (!front.isAtEnd) {
    const id = front.byte()
    const content = front.take(front.length())
    if (id !== CUSTOM) continue
    const section = new Front(content, 0)
    const name = section.take(section.length())
    if (decoder.decode(name) !== SECTION) continue
    return decoder.decode(content.subarray(name.byteOffset - content.byteOffset + name.length))
  }
  return undefined
}

/**
 * The names a program of many tools goes by. It says them itself, in a custom section, so that whatever
 * is made from them cannot differ from what it does.
 *
 * @throws EngineError `INVALID_IMAGE`: it says none, or what cannot be a file's name.
 * @source WebAssembly core specification, 5.5: sections; LEB128
 */
export function appletNames(module: Uint8Array): readonly string[] {
  const lines = sectionOf(module)
    ?.split('\n')
    .filter((line) => line !== '')
  if (lines === undefined) throw invalid('it has no section of that name')
  const bad = lines.find((line) => !NAME.test(line))
  if (bad !== undefined) throw invalid(`${JSON.stringify(bad)} cannot be one`)
  if (lines.length > MOST_NAMES) throw invalid('they are too many')
  return [...new Set(lines)]
}

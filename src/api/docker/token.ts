import { createHash, timingSafeEqual } from 'node:crypto'

/** @source RFC 6750, 2.1: b64token */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/
/** 16 characters of base64 are 96 bits. */
const LEAST = 16
const MOST = 1_024

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What a client must know. Only its hash is kept, so that nothing can print it. */
export class Token {
  readonly #digest: Buffer

  private constructor(text: string) {
    this.#digest = digestOf(text)
  }

  /** What a token looks like, for whoever gave another text. */
  static readonly shape = `${LEAST} to ${MOST} letters, digits and . _ ~ + / - on one line`

  /** Undefined: no text that could travel as a token, or one that is easily guessed. */
  static parse(text: string): Token | undefined {
    if (text.length < LEAST || text.length > MOST || !TOKEN.test(text)) return undefined
    return new Token(text)
  }

  /** Takes as long for any text of one length: hashes of equal length are compared. */
  is(text: string): boolean {
    return timingSafeEqual(this.#digest, digestOf(text))
  }
}

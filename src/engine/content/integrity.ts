/** `sha512-` and the base64 of 64 bytes. @source W3C Subresource Integrity */
export type Integrity = `sha512-${string}`

const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/

export const isIntegrity = (text: string): text is Integrity => INTEGRITY.test(text)

/** The same as hex, which is a file name everywhere. */
export const hexOf = (integrity: Integrity): string =>
  Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import tar, { type Header } from 'tar-stream'
import type { Integrity } from '../../src/engine/content/integrity.ts'

/** An entry's header, and its bytes. */
export type Entry = readonly [header: Partial<Header> & { name: string }, content?: string | Buffer]

/** A tar of `entries`, as tar-stream writes it. */
export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const pack = tar.pack()
  for (const [header, content = ''] of entries) pack.entry(header as Header, content)
  pack.finalize()
  const pieces: Buffer[] = []
  for await (const piece of pack) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

export const tarballOf = async (entries: readonly Entry[]): Promise<Buffer> =>
  gzipSync(await tarOf(entries))

export const integrityOf = (bytes: Uint8Array): Integrity =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`

/** Bytes as a stream of pieces. */
export async function* piecesOf(bytes: Uint8Array, length = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

import tar, { type Header } from 'tar-stream'

export type TarEntry = Partial<Header> & {
  readonly name: string
  readonly content?: string | Uint8Array
}

/** A tar archive, whatever its entries claim. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const pack = tar.pack()
  for (const { content, ...header } of entries) {
    if (content === undefined) pack.entry(header)
    else pack.entry(header, Buffer.from(content))
  }
  pack.finalize()
  const pieces: Buffer[] = []
  for await (const piece of pack) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** One header, its checksum right, with these bytes put over it. */
export async function forgedHeader(
  entry: TarEntry,
  forged: readonly (readonly [at: number, text: string])[],
): Promise<Buffer> {
  const archive = await tarOf([entry])
  for (const [at, text] of forged) archive.write(text, at, 'latin1')
  archive.fill(' ', 148, 156)
  let sum = 0
  for (const byte of archive.subarray(0, 512)) sum += byte
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return archive
}

/** `bytes` in pieces of `size`. */
export async function* piecesOf(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

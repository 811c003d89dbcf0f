import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import tar, { type Header } from 'tar-stream'
import { EngineError } from '../../contract/errors.ts'

type Pieces = AsyncIterable<Uint8Array>

/** What an archive may cost whoever reads it. @source threat model, sections 5.5 and 8 */
export interface ArchiveLimits {
  readonly entries: number
  /** Bytes of the whole archive once inflated, headers included. */
  readonly bytes: number
  /** Inflated bytes for each packed one, looked at from `RATIO_FROM` on. */
  readonly ratio: number
  /** Bytes of the extended headers of one entry. */
  readonly headerBytes: number
}

const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 200_000,
  bytes: 2 ** 30,
  ratio: 200,
  headerBytes: 64 * 2 ** 10,
}

/** A short archive of zeros is no bomb: the ratio counts once this much came out. */
const RATIO_FROM = 2 ** 20

export interface ArchiveEntry {
  readonly header: Header
  /** To be read to its end, or not at all, before the next entry is asked for. */
  readonly content: Pieces
}

export const invalidArchive = (name: string, why: string, cause?: unknown): EngineError =>
  new EngineError('INVALID_IMAGE', `${name}: ${why}`, { cause })

const damaged = (name: string, error: unknown): EngineError =>
  error instanceof EngineError
    ? error
    : invalidArchive(name, 'not a whole gzipped tar archive', error)

/** Counts on both sides of the inflater, and stops what inflates too far. */
function countedFlow(name: string, limits: ArchiveLimits) {
  let packed = 0
  let inflated = 0
  return {
    async *before(pieces: Pieces): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        packed += piece.length
        yield piece
      }
    },
    async *behind(pieces: Pieces): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        inflated += piece.length
        if (inflated > limits.bytes) throw invalidArchive(name, `more than ${limits.bytes} bytes`)
        if (inflated > RATIO_FROM && inflated > limits.ratio * packed) {
          throw invalidArchive(name, `inflates to more than ${limits.ratio} times its size`)
        }
        yield piece
      }
    },
  }
}

/** An entry's bytes. What breaks the flow breaks them too, and is told in the same words. */
async function* piecesOf(name: string, entry: Pieces): AsyncGenerator<Uint8Array> {
  try {
    yield* entry
  } catch (error) {
    throw damaged(name, error)
  }
}

const extendedBytes = ({ pax }: Header): number => JSON.stringify(pax ?? {}).length

/**
 * The entries of a gzipped tar, one after another, within budgets. Names are as the archive has
 * them: whoever takes them resolves them.
 *
 * @param name - what the archive is called in an error.
 * @throws EngineError `INVALID_IMAGE`: not a gzipped tar, truncated, or over a budget.
 */
export async function* archiveEntries(
  name: string,
  pieces: Pieces,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const flow = countedFlow(name, limits)
  const archive = tar.extract()
  const flowing = pipeline(flow.before(pieces), createGunzip(), flow.behind, archive)
  // Whatever breaks the flow also ends the loop below, which tells it.
  flowing.catch(() => {})
  let entries = 0
  try {
    for await (const entry of archive) {
      entries += 1
      if (entries > limits.entries)
        throw invalidArchive(name, `more than ${limits.entries} entries`)
      if (extendedBytes(entry.header) > limits.headerBytes) {
        throw invalidArchive(name, `a header of more than ${limits.headerBytes} bytes`)
      }
      // An entry yields buffers; its type says unknown.
      yield { header: entry.header, content: piecesOf(name, entry as Pieces) }
      entry.resume()
    }
    await flowing
  } catch (error) {
    throw damaged(name, error)
  }
}

import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import tar, { type Header } from 'tar-stream'
import { EngineError } from '../../contract/errors.ts'

/** An entry of an archive that was read and checked, ready to be put into a tree. */
export interface StagedEntry {
  /** Below the directory it is unpacked to; no name climbs. Empty: that directory itself. */
  readonly names: readonly string[]
  readonly type: 'regular' | 'directory' | 'symlink' | 'link'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Nanoseconds since 1970. */
  readonly modified: bigint
  /** Of a regular file. */
  readonly bytes: Uint8Array
  /** Of a symlink: its text. */
  readonly text: string
  /** Of a hard link: where the file is, as `names`. */
  readonly target: readonly string[]
}

/** @source threat model, section 8: pathBytesMax, nameBytesMax, pathDepthMax, archiveEntriesMax,
 * archiveHeaderBytesMax */
const MOST_PATH_BYTES = 4_096
const MOST_NAME_BYTES = 255
const MOST_DEPTH = 256
const MOST_ENTRIES = 200_000
const MOST_HEADER_BYTES = 64 * 2 ** 10
/** What is kept of an entry beside its bytes. */
const ENTRY_BYTES = 1_024
const MAX_ID = 2 ** 31 - 1
const MODE_BITS = 0o7777
const NS_PER_MS = 1_000_000n
const GZIP = [0x1f, 0x8b]

type Pieces = AsyncIterable<Uint8Array>

const invalid = (why: string): EngineError => new EngineError('INVALID_ARCHIVE', why)
const quoted = (name: string): string => JSON.stringify(name.slice(0, 100))

/** The names of an entry, `..` taken with the name before it. Never above where it begins. */
function namesOf(path: string): readonly string[] {
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) throw invalid(`${quoted(path)} is too long`)
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      if (names.pop() === undefined) throw invalid(`${quoted(path)} leads out of the directory`)
      continue
    }
    if (name.includes('\0')) throw invalid(`${quoted(path)} has a NUL`)
    if (Buffer.byteLength(name) > MOST_NAME_BYTES) throw invalid(`${quoted(path)} is too long`)
    names.push(name)
  }
  if (names.length > MOST_DEPTH) throw invalid(`${quoted(path)} is too deep`)
  return names
}

const TYPES: Readonly<Record<string, StagedEntry['type']>> = {
  file: 'regular',
  'contiguous-file': 'regular',
  directory: 'directory',
  symlink: 'symlink',
  link: 'link',
}

const idOf = (id: number | undefined): number =>
  id !== undefined && Number.isInteger(id) && id >= 0 && id <= MAX_ID ? id : 0

function timeOf(date: Date | undefined): bigint {
  const milliseconds = date?.getTime() ?? 0
  return Number.isFinite(milliseconds) && milliseconds > 0
    ? BigInt(Math.trunc(milliseconds)) * NS_PER_MS
    : 0n
}

function entryOf(header: Header, bytes: Uint8Array): StagedEntry {
  const type = TYPES[header.type ?? 'file']
  if (type === undefined) {
    throw invalid(`${quoted(header.name)} is a ${header.type}: a container has no such files`)
  }
  const linkname = header.linkname ?? ''
  if (type === 'symlink' && (linkname === '' || linkname.includes('\0'))) {
    throw invalid(`${quoted(header.name)} links to no name`)
  }
  if (Buffer.byteLength(linkname) > MOST_PATH_BYTES)
    throw invalid(`${quoted(linkname)} is too long`)
  return {
    names: namesOf(header.name),
    type,
    mode: (header.mode ?? 0) & MODE_BITS,
    uid: idOf(header.uid),
    gid: idOf(header.gid),
    modified: timeOf(header.mtime),
    bytes: type === 'regular' ? bytes : new Uint8Array(),
    text: type === 'symlink' ? linkname : '',
    target: type === 'link' ? namesOf(linkname) : [],
  }
}

/** What is left for the entries to come; less than nothing ends the archive. */
class Budget {
  #bytes: number
  #entries = MOST_ENTRIES

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  take({ size, pax }: Pick<Header, 'size' | 'pax'>): void {
    this.#entries -= 1
    if (this.#entries < 0) throw invalid(`more than ${MOST_ENTRIES} entries`)
    if (JSON.stringify(pax ?? {}).length > MOST_HEADER_BYTES) throw invalid('a header is too long')
    this.#bytes -= ENTRY_BYTES + (size ?? 0)
    if (this.#bytes < 0) throw invalid('no space left on device')
  }
}

async function contentOf(content: Pieces, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of content) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

async function* rest(
  first: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  for (;;) {
    const next = await iterator.next()
    if (next.done === true) return
    yield next.value
  }
}

/** At least two bytes, where there are so many: enough to know gzip by. */
async function beginning(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first = new Uint8Array()
  while (first.length < GZIP.length) {
    const next = await iterator.next()
    if (next.done === true) break
    first = Buffer.concat([first, next.value])
  }
  return first
}

/**
 * Reads a whole archive, tar or gzipped tar, within the room that a container may have left. Whatever
 * it holds, nothing is written anywhere yet.
 *
 * @param room - bytes of files and names together.
 * @throws EngineError `INVALID_ARCHIVE`: no archive, cut short, a name that leads out, a device, or
 *   more than there is room for.
 */
export async function stagedArchive(pieces: Pieces, room: number): Promise<readonly StagedEntry[]> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await beginning(iterator)
  const zipped = GZIP.every((byte, at) => first[at] === byte)
  const archive = tar.extract()
  const flowing = pipeline(
    rest(first, iterator),
    zipped ? createGunzip() : new PassThrough(),
    archive,
  )
  // Whatever breaks the flow also ends the loop below, which tells it.
  flowing.catch(() => {})
  const budget = new Budget(room)
  const entries: StagedEntry[] = []
  try {
    for await (const entry of archive) {
      const { header } = entry
      budget.take(header)
      // An entry yields buffers; its type says unknown.
      entries.push(entryOf(header, await contentOf(entry as Pieces, header.size ?? 0)))
    }
    await flowing
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw invalid('not a whole tar archive')
  } finally {
    await iterator.return?.()
  }
  return entries
}

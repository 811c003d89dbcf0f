import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Errno } from '../contract/errno.ts'
import { EngineError } from '../contract/errors.ts'
import type { OverlayFileSystem } from '../kernel/mount/overlay.ts'
import { decodeEntries, encodeEntries } from '../kernel/mount/upper-format.ts'
import { adoptRows, type UpperEntry, upperRows } from '../kernel/mount/upper-layer.ts'

/**
 * A container's upper layer in a file of the host:
 *
 *   header  8 bytes MAGIC  u32 VERSION  u32 0  u64 bytes of the rows  u64 bytes of the files
 *           32 bytes sha256 of the rows
 *   rows    kernel/mount/upper-format.ts
 *   files   the bytes of each regular file, in the order of their rows
 *
 * Nobody sees one that is half written: it is made under another name, synced, and renamed. The hash
 * guards the tree; the bytes of files have none, as they have none on any disk.
 */
const MAGIC = 'BLKUPPER'
const VERSION = 1
const HEADER_BYTES = 64
const AT = { version: 8, rows: 16, files: 24, hash: 32 } as const
/** Small files are gathered, large ones written from where they are. */
const GATHER_BYTES = 65_536

/** Loaded when files are kept: it would be memory of each thread. */
const nodeCrypto = () => process.getBuiltinModule('node:crypto')

const sha256 = (bytes: Uint8Array): Buffer =>
  nodeCrypto().createHash('sha256').update(bytes).digest()

const damaged = (why: string): EngineError =>
  new EngineError('LAYER_DAMAGED', `the container's writable layer is damaged: ${why}`)

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** Writes pieces of any size in calls of a sensible one. */
class Gathered {
  readonly #file: number
  readonly #room = new Uint8Array(GATHER_BYTES)
  #held = 0

  constructor(file: number) {
    this.#file = file
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.#room.length - this.#held) this.flush()
    if (bytes.length > this.#room.length) {
      writeAll(this.#file, bytes)
      return
    }
    this.#room.set(bytes, this.#held)
    this.#held += bytes.length
  }

  flush(): void {
    writeAll(this.#file, this.#room.subarray(0, this.#held))
    this.#held = 0
  }
}

function headerOf(rows: Uint8Array, fileBytes: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 'latin1')
  header.writeUInt32LE(VERSION, AT.version)
  header.writeBigUInt64LE(BigInt(rows.length), AT.rows)
  header.writeBigUInt64LE(BigInt(fileBytes), AT.files)
  sha256(rows).copy(header, AT.hash)
  return header
}

function writeLayer(file: number, overlay: OverlayFileSystem): void {
  overlay.looked()
  const rows = upperRows(overlay)
  const encoded = encodeEntries(rows.map(({ entry }) => entry))
  const out = new Gathered(file)
  out.write(
    headerOf(
      encoded,
      rows.reduce((sum, { entry }) => sum + entry.size, 0),
    ),
  )
  out.write(encoded)
  for (const { pieces } of rows) for (const piece of pieces) out.write(piece)
  out.flush()
}

/** A rename is on disk when its directory is. Windows has no such call, and needs none. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/**
 * Writes the upper layer of `overlay` to `path`, in place of what is there. When it returns, the new
 * one is on disk; when it throws, the old one is as it was.
 *
 * @throws Node's error of the file system.
 */
export function keepUpper(overlay: OverlayFileSystem, path: string): void {
  const directory = dirname(path)
  mkdirSync(directory, { recursive: true })
  const temporary = `${path}.${nodeCrypto().randomBytes(8).toString('hex')}.tmp`
  const file = openSync(temporary, 'wx', 0o600)
  try {
    try {
      writeLayer(file, overlay)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncDirectory(directory)
}

/** Writes it to a file that nobody keeps: neither synced nor renamed. */
export function copyUpper(overlay: OverlayFileSystem, path: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeLayer(file, overlay)
  } finally {
    closeSync(file)
  }
}

/** False: it ends before, or the disk fails. */
function readAll(file: number, into: Uint8Array): boolean {
  try {
    for (let at = 0; at < into.length; ) {
      const count = readSync(file, into, at, into.length - at, null)
      if (count === 0) return false
      at += count
    }
    return true
  } catch {
    return false
  }
}

/** The rows of an open file, all lengths in it checked against its own. */
function readRows(file: number): readonly UpperEntry[] {
  const header = Buffer.alloc(HEADER_BYTES)
  if (!readAll(file, header)) throw damaged('it is cut short')
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw damaged('it is another file')
  const version = header.readUInt32LE(AT.version)
  if (version !== VERSION) throw damaged(`version ${version} is not known`)
  const rowBytes = header.readBigUInt64LE(AT.rows)
  const fileBytes = header.readBigUInt64LE(AT.files)
  const { size } = fstatSync(file)
  if (BigInt(HEADER_BYTES) + rowBytes + fileBytes !== BigInt(size))
    throw damaged('its size is wrong')
  const encoded = new Uint8Array(Number(rowBytes))
  if (!readAll(file, encoded)) throw damaged('it is cut short')
  if (!sha256(encoded).equals(header.subarray(AT.hash, HEADER_BYTES)))
    throw damaged('its hash differs')
  const entries = decodeEntries(encoded)
  if (entries === undefined) throw damaged('it has no rows')
  const held = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (BigInt(held) !== fileBytes) throw damaged('its sizes differ')
  return entries
}

const OVER_LIMIT: ReadonlySet<number> = new Set([Errno.NOSPC, Errno.DQUOT])

/** Undefined: there is none. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw damaged('it cannot be opened')
  }
}

/**
 * Takes up what `keepUpper` wrote, in an overlay that is still empty. No file: nothing was kept.
 *
 * @throws EngineError `LAYER_DAMAGED` | `INVALID_LIMIT`: the container's limits are below what it holds.
 */
export function adoptUpper(overlay: OverlayFileSystem, path: string): void {
  const file = opened(path)
  if (file === undefined) return
  try {
    const done = adoptRows(overlay, readRows(file), (into) => readAll(file, into))
    if (done.ok) return
    if (!OVER_LIMIT.has(done.errno)) throw damaged('its rows are no tree')
    throw new EngineError(
      'INVALID_LIMIT',
      "the container's files take more than its limits of memory, disk and inodes allow",
    )
  } finally {
    closeSync(file)
  }
}

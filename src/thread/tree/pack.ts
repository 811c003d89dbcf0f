import { pipeline } from 'node:stream/promises'
import tar, { type Header, type Pack } from 'tar-stream'
import { EngineError } from '../../contract/errors.ts'
import type { Place, Walker } from '../../kernel/mount/place.ts'
import type { FileHandle, FileStat, Vnode } from '../../kernel/mount/vnode.ts'
import { baseName, placeAt } from './path-stat.ts'

const NS_PER_MS = 1_000_000n
/** What a header can hold, many times over; deeper trees are somebody's joke. */
const MOST_NAME = 32_768
const READ = { read: true, write: false }
/** Of a file in memory at once: how large one says it is, in a bind, costs its writer nothing. */
const PIECE_BYTES = 65_536

type Headers = Partial<Header> & Pick<Header, 'name'>

interface Packed {
  readonly header: Headers
  /** Of a regular file: open, and closed by who packs it. */
  readonly file?: { readonly handle: FileHandle; readonly size: number }
}

/** `size` bytes. Of a host's file that was cut meanwhile the rest is zeros, as tar fills it. */
function* piecesOf({ handle, size }: Required<Packed>['file']): Generator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, size - at))
    const count = handle.read(piece, at)
    const read = (count.ok === true && count.value) || piece.length
    yield piece.subarray(0, read)
    at += read
  }
}

/** tar-stream takes no bits at all for a mode that is missing, and cuts off what is above twelve. */
const SOME_MODE = 0o100000

const headerOf = (name: string, { mode, uid, gid, modified }: FileStat): Headers => ({
  name,
  mode: mode | SOME_MODE,
  uid,
  gid,
  mtime: new Date(Number(modified / NS_PER_MS)),
})

interface Step {
  readonly place: Place
  readonly name: string
}

const below = (name: string, child: string): string => `${name === '/' ? '' : name}/${child}`

/** A tree in the order of a walk; what is neither file, directory nor link is left out. */
class Walk {
  readonly #crosses: boolean
  readonly #walker: Walker
  /** The first name of each file that has several. */
  readonly #first = new Map<string, string>()

  /** @param crosses - goes into what is mounted on the way. */
  constructor(walker: Walker, crosses: boolean) {
    this.#walker = walker
    this.#crosses = crosses
  }

  /** No recursion: a guest may have made directories inside each other without end. */
  *from(steps: readonly Step[]): Generator<Packed> {
    const left = steps.toReversed()
    for (let step = left.pop(); step !== undefined; step = left.pop()) {
      const packed = this.#packed(step)
      if (packed === undefined) continue
      if (packed.header.name.length > MOST_NAME) {
        throw new EngineError('INVALID_ARCHIVE', `a path of more than ${MOST_NAME} characters`)
      }
      yield packed
      if (packed.header.type === 'directory') left.push(...this.below(step).reverse())
    }
  }

  /** What is in a directory. */
  below({ place, name }: Step): Step[] {
    const entries = place.vnode.list()
    return (entries.ok ? entries.value : []).flatMap((entry) => {
      const found = place.vnode.lookup(entry.name)
      if (!found.ok) return []
      const mount = this.#crosses ? this.#walker.mounts.mountedOn(found.value) : undefined
      const vnode = mount === undefined ? found.value : mount.fs.root
      return [{ place: { mount: mount ?? place.mount, vnode }, name: below(name, entry.name) }]
    })
  }

  #packed({ place: { vnode }, name }: Step): Packed | undefined {
    const stat = vnode.stat()
    if (!stat.ok) return undefined
    const header = headerOf(name, stat.value)
    if (vnode.type === 'directory') {
      return { header: { ...header, name: name === '/' ? name : `${name}/`, type: 'directory' } }
    }
    if (vnode.type === 'regular') return this.#file(vnode, header, stat.value)
    const text = vnode.type === 'symlink' ? vnode.readlink() : undefined
    if (text?.ok !== true) return undefined
    return { header: { ...header, type: 'symlink', linkname: text.value } }
  }

  /** Undefined: it cannot be opened. */
  #file(
    vnode: Vnode,
    header: Headers,
    { links, inode, size, device }: FileStat,
  ): Packed | undefined {
    const identity = `${device}:${inode}`
    const first = links > 1 ? this.#first.get(identity) : undefined
    if (first !== undefined) {
      return { header: { ...header, type: 'link', linkname: first } }
    }
    const handle = vnode.open(READ)
    if (!handle.ok) return undefined
    if (links > 1) this.#first.set(identity, header.name)
    return { header: { ...header, type: 'file', size }, file: { handle: handle.value, size } }
  }
}

function entryOf(pack: Pack, header: Headers, bytes?: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve())
    if (bytes === undefined) pack.entry(header, done)
    else pack.entry(header, bytes, done)
  })
}

async function added(pack: Pack, { header, file }: Packed): Promise<void> {
  if (file === undefined) return await entryOf(pack, header)
  try {
    // A pipeline costs more than the bytes of a small file: 5,000 of them took three times as long.
    const isSmall = file.size <= PIECE_BYTES
    if (isSmall) await entryOf(pack, header, Buffer.concat([...piecesOf(file)]))
    else await pipeline(piecesOf(file), pack.entry(header))
  } finally {
    file.handle.close()
  }
}

/** The entries as a tar archive; 64 KiB of one file are in memory at a time. */
async function* archiveOf(entries: Iterable<Packed>): AsyncGenerator<Uint8Array> {
  const pack = tar.pack()
  const fill = async (): Promise<void> => {
    for (const entry of entries) await added(pack, entry)
    pack.finalize()
  }
  const filled = fill().catch((error: Error) => pack.destroy(error))
  // What a pack yields are buffers; its type says unknown.
  yield* pack as AsyncIterable<Uint8Array>
  await filled
}

/**
 * A tar of what stands at `path`, with all below it, under its last name.
 *
 * @throws EngineError `NO_SUCH_PATH`.
 * @source engine API reference, 10
 */
export function packPath(walker: Walker, path: string): AsyncGenerator<Uint8Array> {
  const place = placeAt(walker, path)
  return archiveOf(new Walk(walker, true).from([{ place, name: baseName(path) }]))
}

/** A tar of the whole root, names from the root on; what is mounted in it is not part of it. */
export function packRoot(walker: Walker): AsyncGenerator<Uint8Array> {
  const walk = new Walk(walker, false)
  const children = walk.below({ place: walker.root, name: '/' })
  return archiveOf(walk.from(children.map((step) => ({ ...step, name: step.name.slice(1) }))))
}

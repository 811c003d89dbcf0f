import { Errno } from '../../../contract/errno.ts'
import { fail, ok, type Result } from '../../../contract/result.ts'
import { pathOfFile } from '../../process/directory.ts'
import type { Process } from '../../process/process.ts'
import type { OpenFile } from '../open-file.ts'
import type { Mount, Place } from '../place.ts'
import type { FileHandle } from '../vnode.ts'
import { directory, type Synthetic, SyntheticFileSystem, SyntheticVnode } from './synthetic.ts'

/** Major 136: the terminals of processes. @source Linux devices.txt */
export const terminalNumber = (terminal: number): number => 0x8800 + terminal

/** A stream is opened again as it is, and stays open with it. AGAIN: its process uses it without the kernel. */
function reopened(file: OpenFile): Result<FileHandle> {
  if (file.handle === undefined) return fail(Errno.NXIO)
  if (file.lent) return fail(Errno.AGAIN)
  // It is not lent as a pipe, and `file` is not either while it is open.
  const { pipe: _, ...handle } = file.handle
  file.retain()
  return ok({ ...handle, close: () => file.release() })
}

/** As the permissions of the link show. @source proc(5), "/proc/pid/fd" */
const modeOf = ({ access: { read, write } }: OpenFile): number =>
  (read ? 0o500 : 0) | (write ? 0o300 : 0)

/** What the processes of a container have open, as the links of /proc/<pid>/fd. */
export class OpenFiles {
  readonly #mount: Mount
  readonly #fs: SyntheticFileSystem
  readonly #numbers = new WeakMap<object, number>()
  /** The root of its file system, which nobody sees, is 1. */
  #last = 1

  constructor(now: () => bigint) {
    this.#fs = new SyntheticFileSystem('pipefs', 0, directory({}), now)
    this.#mount = { fs: this.#fs, readOnly: false, on: undefined, path: '' }
  }

  /** Whatever it is, it is led to: a file to be opened by its own rules, a stream as it is. */
  linkOf(process: Process, file: OpenFile): Synthetic {
    const { uid, gid } = process.credentials
    return {
      kind: 'link',
      owner: { uid, gid, mode: modeOf(file) },
      target: () => this.#text(process, file),
      place: () => file.place ?? this.#placeOf(process, file),
    }
  }

  #text(process: Process, file: OpenFile): Result<string> {
    const { handle, place } = file
    if (place !== undefined && place.vnode.fs !== this.#fs) return pathOfFile(process.walker, place)
    const terminal = handle?.terminal
    return ok(
      terminal === undefined ? `pipe:[${this.#numberOf(file)}]` : `/dev/pts/${terminal.number}`,
    )
  }

  /** The same for both ends of a pipe, and for a stream that was opened again. */
  #numberOf({ handle, place }: OpenFile): number {
    if (place !== undefined) return place.vnode.inode
    const what = handle?.terminal ?? handle?.stream ?? handle
    const known = what && this.#numbers.get(what)
    if (known !== undefined) return known
    this.#last += 1
    if (what !== undefined) this.#numbers.set(what, this.#last)
    return this.#last
  }

  #placeOf({ credentials: { uid, gid } }: Process, file: OpenFile): Place {
    const number = file.handle?.terminal?.number
    const open = (): Result<FileHandle> => reopened(file)
    const what: Synthetic =
      number === undefined
        ? { kind: 'pipe', mode: 0o600, owner: { uid, gid }, open }
        : { kind: 'device', mode: 0o620, owner: { uid, gid }, rdev: terminalNumber(number), open }
    const vnode = new SyntheticVnode(this.#fs, what, '', undefined, this.#numberOf(file))
    return { mount: this.#mount, vnode }
  }
}

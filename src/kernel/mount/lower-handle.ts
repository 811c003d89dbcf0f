import { Errno } from '../../contract/errno.ts'
import { type Blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { FileHandle, Readiness, Vnode } from './vnode.ts'

/** An open file of the image, read in place until somebody makes a copy of it. */
export class LowerHandle implements FileHandle {
  readonly seekable = true
  readonly #bytes: Uint8Array
  readonly #forget: () => void
  #copy: FileHandle | undefined

  constructor(bytes: Uint8Array, forget: () => void) {
    this.#bytes = bytes
    this.#forget = forget
  }

  /** Linux leaves such descriptors on the old file; programs trip over that. */
  follow(copy: Vnode): void {
    const opened = copy.open({ read: true, write: false })
    if (opened.ok) this.#copy = opened.value
  }

  read(into: Uint8Array, at: number): Result<number> | Blocked {
    if (this.#copy !== undefined) return this.#copy.read(into, at)
    const count = Math.min(into.length, this.#bytes.length - at)
    if (count <= 0) return ok(0)
    into.set(this.#bytes.subarray(at, at + count))
    return ok(count)
  }

  write(): Result<number> {
    return fail(Errno.BADF)
  }

  readable(): Readiness | undefined {
    return this.#copy?.readable() ?? { bytes: this.#bytes.length, hangup: false }
  }

  writable(): Readiness {
    return { bytes: 1, hangup: false }
  }

  close(): void {
    this.#forget()
    this.#copy?.close()
  }
}

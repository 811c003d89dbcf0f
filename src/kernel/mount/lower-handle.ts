import { Errno } from '../../contract/errno.ts'
import { type Blocked, fail, ok, type Result } from '../../contract/result.ts'
import { type LayerView, NODE } from './layer-view.ts'
import type { FileHandle, Readiness, Vnode } from './vnode.ts'

/** An open file of the image, read in place until somebody makes a copy of it. */
export class LowerHandle implements FileHandle {
  readonly seekable = true
  readonly #layer: LayerView
  readonly #node: number
  readonly #forget: () => void
  #copy: FileHandle | undefined

  constructor(layer: LayerView, node: number, forget: () => void) {
    this.#layer = layer
    this.#node = node
    this.#forget = forget
  }

  /** Linux leaves such descriptors on the old file; programs trip over that. */
  follow(copy: Vnode): void {
    const opened = copy.open({ read: true, write: false })
    if (opened.ok) this.#copy = opened.value
  }

  read(into: Uint8Array, at: number): Result<number> | Blocked {
    if (this.#copy !== undefined) return this.#copy.read(into, at)
    return ok(this.#layer.read(this.#node, into, at))
  }

  write(): Result<number> {
    return fail(Errno.BADF)
  }

  readable(): Readiness | undefined {
    return (
      this.#copy?.readable() ?? { bytes: this.#layer.field(this.#node, NODE.SIZE), hangup: false }
    )
  }

  writable(): Readiness {
    return { bytes: 1, hangup: false }
  }

  close(): void {
    this.#forget()
    this.#copy?.close()
  }
}

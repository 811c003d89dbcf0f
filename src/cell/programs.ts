import { Errno, type Failure } from '../contract/errno.ts'
import { EngineError, type ErrorCode } from '../contract/errors.ts'
import type { Order, OrderedProgram } from '../thread/order.ts'

/** What a program that cannot be had is to whoever wants to run it. */
const ERRNO_OF: Readonly<Partial<Record<ErrorCode, Failure>>> = {
  INVALID_MODULE: Errno.NOEXEC,
  INVALID_LIMIT: Errno.NOMEM,
}

/** Digests that are remembered by the place of a file. */
const KNOWN = 4_096

export interface ProgramsParts<M> {
  /** A module that is there, by its digest. */
  has(digest: string): boolean
  get(digest: string): Promise<M>
  /** Admits, meters and compiles it. */
  make(bytes: Uint8Array): Promise<M & { readonly digest: string }>
}

/** Whose program it is: places in an image are the same for all of its containers, others are not. */
export interface ProgramScope {
  readonly root: string
  readonly container: number
}

/**
 * The modules of programs that processes start themselves. A kernel tells where a program's file is, and
 * sends its bytes only when the cell does not know by that what it is.
 */
export class Programs<M> {
  readonly #parts: ProgramsParts<M>
  readonly #digests = new Map<string, string>()

  constructor(parts: ProgramsParts<M>) {
    this.#parts = parts
  }

  /** Or the errno for whoever asks; `bytes`: they must be sent. */
  async find(scope: ProgramScope, { program }: Order): Promise<M | Failure | 'bytes'> {
    const place = placeOf(scope, program)
    const known = place === undefined ? undefined : this.#digests.get(place)
    if (known !== undefined && this.#parts.has(known)) return await this.#parts.get(known)
    if (program.bytes === undefined) return 'bytes'
    try {
      const made = await this.#parts.make(program.bytes)
      if (place !== undefined) this.#remember(place, made.digest)
      return made
    } catch (error) {
      return (error instanceof EngineError ? ERRNO_OF[error.code] : undefined) ?? Errno.IO
    }
  }

  #remember(place: string, digest: string): void {
    this.#digests.set(place, digest)
    const [oldest] = this.#digests.keys()
    if (this.#digests.size > KNOWN && oldest !== undefined) this.#digests.delete(oldest)
  }
}

function placeOf({ root, container }: ProgramScope, program: OrderedProgram): string | undefined {
  if (program.image !== undefined) return `image ${root} ${program.image}`
  return program.file === undefined ? undefined : `container ${container} ${program.file}`
}

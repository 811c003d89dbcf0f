import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hexOf, type Integrity } from './integrity.ts'

interface Places {
  /** Where it grows: no other process uses this name. */
  readonly own: string
  /** Where it waits for somebody to go on with it. */
  readonly released: string
  readonly whole: string
}

/** A file that grows from its beginning, hashed on the way. One writer; ends with one of three calls. */
export class PartialDownload {
  readonly #places: Places
  readonly #file: number
  #hash: Hash
  #length: number

  constructor(places: Places, hash: Hash) {
    this.#places = places
    this.#hash = hash
    this.#file = openSync(places.own, 'a')
    this.#length = fstatSync(this.#file).size
  }

  get length(): number {
    return this.#length
  }

  append(piece: Uint8Array): void {
    this.#hash.update(piece)
    for (let at = 0; at < piece.length; ) at += writeSync(this.#file, piece, at)
    this.#length += piece.length
  }

  /** Forgets every byte. */
  restart(): void {
    ftruncateSync(this.#file)
    this.#hash = createHash('sha512')
    this.#length = 0
  }

  has(integrity: Integrity): boolean {
    return this.#hash.copy().digest('hex') === hexOf(integrity)
  }

  /** It is whole: from now on it is found. Answers its path. */
  finish(): string {
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(this.#places.own, this.#places.whole)
    return this.#places.whole
  }

  /** Leaves what is there to the next one, unless a longer beginning waits already. */
  release(): void {
    closeSync(this.#file)
    const { own, released } = this.#places
    const waiting = statSync(released, { throwIfNoEntry: false })?.size ?? 0
    if (this.#length > waiting) renameSync(own, released)
    else rmSync(own, { force: true })
  }

  /** It is worth nothing. */
  discard(): void {
    closeSync(this.#file)
    rmSync(this.#places.own, { force: true })
  }
}

import { posix } from 'node:path'
import { invalidArchive } from '../content/archive.ts'
import type { ImageFile } from './image-file.ts'

/** @source threat model, section 8: pathBytesMax, nameBytesMax, pathDepthMax */
const MOST_PATH_BYTES = 4_096
const MOST_NAME_BYTES = 255
const MOST_DEPTH = 256
const IMPLIED_MODE = 0o755

type Names = readonly string[]

/** A file before it has its place. */
type Placed<F> = F extends ImageFile ? Omit<F, 'path'> : never
export type Unplaced = Placed<ImageFile>

/**
 * The tree an archive is unpacked to, below one directory of the image. Nothing it holds lies
 * outside that directory, no name leads through a link, and no link leads out.
 */
export class ArchiveTree {
  readonly #archive: string
  readonly #to: string
  readonly #strip: number
  readonly #files = new Map<string, ImageFile>()

  /** @param strip - leading names that are taken off each name, as tar's --strip-components. */
  constructor(archive: string, to: string, strip: number) {
    this.#archive = archive
    this.#to = to
    this.#strip = strip
  }

  list(): readonly ImageFile[] {
    return [...this.#files.values()]
  }

  /** @throws EngineError `INVALID_IMAGE` for a name or a link that breaks the rules. */
  place(name: string, file: Unplaced): void {
    const names = this.#resolve(name)
    if (names.length === 0) {
      // The directory everything is unpacked to: the image has one.
      if (file.type === 'directory') return
      throw this.#invalid(name, 'has no name of its own')
    }
    if (file.type === 'symlink') this.#checkTarget(name, names, file.target)
    this.#makeParents(name, names, file.modified)
    const path = this.#pathOf(names)
    const known = this.#files.get(path)
    if (known !== undefined && (known.type === 'directory') !== (file.type === 'directory')) {
      throw this.#invalid(name, 'is a directory and is not')
    }
    this.#files.set(path, { ...file, path })
  }

  /** A second name for a file that is already there. @throws EngineError `INVALID_IMAGE`. */
  link(name: string, target: string): void {
    const file = this.#files.get(this.#pathOf(this.#resolve(target)))
    if (file?.type !== 'regular') throw this.#invalid(name, 'links to what is no file before it')
    this.place(name, file)
  }

  #pathOf(names: Names): string {
    return posix.join(this.#to, ...names)
  }

  #invalid(name: string, why: string) {
    return invalidArchive(this.#archive, `${JSON.stringify(name.slice(0, 100))} ${why}`)
  }

  #resolve(name: string): Names {
    if (name.startsWith('/')) throw this.#invalid(name, 'is absolute')
    if (Buffer.byteLength(name) > MOST_PATH_BYTES) throw this.#invalid(name, 'is too long')
    const names = name.split('/').filter((part) => part !== '' && part !== '.')
    if (names.length > MOST_DEPTH) throw this.#invalid(name, 'is too deep')
    for (const part of names) {
      if (part === '..') throw this.#invalid(name, 'climbs')
      if (part.includes('\0')) throw this.#invalid(name, 'has a NUL')
      if (Buffer.byteLength(part) > MOST_NAME_BYTES) throw this.#invalid(name, 'is too long')
      // Whiteouts belong to layers of an image, and would delete files here.
      if (part.startsWith('.wh.')) throw this.#invalid(name, 'is a whiteout')
    }
    return names.slice(this.#strip)
  }

  #checkTarget(name: string, names: Names, target: string): void {
    if (target === '' || target.includes('\0')) throw this.#invalid(name, 'links to no name')
    if (Buffer.byteLength(target) > MOST_PATH_BYTES) throw this.#invalid(name, 'is too long')
    if (target.startsWith('/')) throw this.#invalid(name, 'links to an absolute name')
    // Only at its beginning may a target climb: behind a name `..` would start from wherever that
    // name's own link leads. The directory of a link is never reached through another one.
    const parts = target.split('/').filter((part) => part !== '' && part !== '.')
    const climbs = parts.lastIndexOf('..') + 1
    if (climbs > names.length - 1 || parts.slice(0, climbs).some((part) => part !== '..')) {
      throw this.#invalid(name, 'links out of the archive')
    }
  }

  #makeParents(name: string, names: Names, modified: number): void {
    for (let depth = 1; depth < names.length; depth += 1) {
      const path = this.#pathOf(names.slice(0, depth))
      const parent = this.#files.get(path)
      if (parent === undefined) {
        this.#files.set(path, { type: 'directory', path, mode: IMPLIED_MODE, modified })
      } else if (parent.type !== 'directory')
        throw this.#invalid(name, 'leads through no directory')
    }
  }
}

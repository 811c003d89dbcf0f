import type { ModuleSource } from '../../contract/cell.ts'
import type { LayerFile } from '../../contract/layer.ts'
import { KeyedCache } from '../../std/keyed-cache.ts'
import type { Connection } from './connection.ts'
import type { Held } from './verbs.ts'

/** Modules and roots one cell process is asked to keep; those used longest ago go. */
const MODULES = 64
const ROOTS = 64

export type RootFiles = () => Promise<readonly LayerFile[]>

/**
 * What one cell process has been given. The host alone decides what stays there, so that what it
 * believes to be there is there; a new process begins with nothing.
 */
export class Shelf {
  readonly #connection: Connection
  readonly #modules: KeyedCache<string>
  readonly #roots: KeyedCache<null>

  constructor(connection: Connection) {
    this.#connection = connection
    this.#modules = new KeyedCache(MODULES, (key) => this.#drop('module', key))
    this.#roots = new KeyedCache(ROOTS, (key) => this.#drop('root', key))
  }

  #drop(what: Held, key: string): void {
    this.#connection.call('drop', { what, key })
  }

  /** @param known - the digest, where it is known. */
  async module(source: ModuleSource, known: string | undefined): Promise<string> {
    const ask = async () => (await this.#connection.call('prepareModule', source).answer).digest
    if (known !== undefined) return await this.#modules.get(known, ask)
    const digest = await ask()
    return await this.#modules.get(digest, async () => digest)
  }

  async root(key: string, files: RootFiles): Promise<void> {
    await this.#roots.get(key, async () => {
      const list = await files()
      return await this.#connection.call('prepareRoot', { key, files: list }).answer
    })
  }

  holds(digest: string, key: string): boolean {
    return this.hasModule(digest) && this.hasRoot(key)
  }

  hasModule(digest: string): boolean {
    return this.#modules.has(digest)
  }

  hasRoot(key: string): boolean {
    return this.#roots.has(key)
  }

  get modules(): number {
    return this.#modules.size
  }
}

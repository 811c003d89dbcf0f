import { Piscina } from 'piscina'
import type { ModuleSource } from '../contract/cell.ts'
import { EngineError } from '../contract/errors.ts'
import type { LayerFile } from '../contract/layer.ts'
import type { LayerParts } from '../kernel/mount/layer-index.ts'
import type { MeteredModule, MeterTask, Outcome } from '../thread/builder.ts'

/** Modules are compiled and trees are read two at a time, so that guests keep their share. */
const THREADS = 2
const IDLE_MS = 10_000

function unwrapped<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new EngineError(outcome.code, outcome.message)
}

/** The cell's threads for work on modules and trees: none of it runs on the main thread. */
export class Builder {
  readonly #pool: Piscina
  readonly #cacheDirectory: string

  constructor(entry: string, cacheDirectory: string) {
    this.#cacheDirectory = cacheDirectory
    this.#pool = new Piscina({
      filename: entry,
      minThreads: 0,
      maxThreads: THREADS,
      idleTimeout: IDLE_MS,
      env: {},
      atomics: 'disabled',
    })
  }

  /** @throws EngineError `INVALID_MODULE` | `NO_SUCH_FILE`. */
  async meterModule(source: ModuleSource): Promise<MeteredModule> {
    const task: MeterTask = { source, cacheDirectory: this.#cacheDirectory }
    const outcome: unknown = await this.#pool.run(task, { name: 'meterModule' })
    return unwrapped(outcome as Outcome<MeteredModule>) // what the task of that name returns
  }

  async buildRoot(files: readonly LayerFile[]): Promise<LayerParts> {
    const outcome: unknown = await this.#pool.run(files, { name: 'buildRoot' })
    return unwrapped(outcome as Outcome<LayerParts>) // what the task of that name returns
  }

  get threads(): number {
    return this.#pool.threads.length
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

import type { Failure } from '../../contract/errno.ts'
import type { Result } from '../../contract/result.ts'
import type { FileStat, Place } from '../mount/vnode.ts'
import type { ProcessThread } from './process-thread.ts'

/** A file that is to run. */
export interface Program {
  /** Absolute, without links: where it was when it was found. */
  readonly path: string
  readonly file: Place
  readonly stat: FileStat
  /** NOMEM: larger than any module may be. */
  bytes(): Result<Uint8Array>
}

/** `native`: it imports `bulkhead_v1`, and so knows its descriptors and its working directory. */
export type LaunchAnswer =
  | { readonly ok: true; readonly native: boolean }
  | { readonly ok: false; readonly errno: Failure }

/**
 * A program that is on its way to a worker. Whoever launches it tells, once, what became of it; the
 * kernel then makes the process ready, or undoes it, whether or not its parent still asks.
 */
export class Launch {
  #answer: LaunchAnswer | undefined
  readonly #settle: (answer: LaunchAnswer) => LaunchAnswer

  /** @param settle - what the kernel does about the answer; may turn a success into a failure. */
  constructor(settle: (answer: LaunchAnswer) => LaunchAnswer) {
    this.#settle = settle
  }

  get answer(): LaunchAnswer | undefined {
    return this.#answer
  }

  /**
   * To be called before the first call of the program is served.
   *
   * @returns what holds: the program begins only when it is a success.
   */
  tell(answer: LaunchAnswer): LaunchAnswer {
    this.#answer ??= this.#settle(answer)
    return this.#answer
  }
}

/** What gives processes their workers. */
export interface Launcher<P> {
  /** The thread of a process that is about to be: what is told to it is kept until it has one. */
  thread(): ProcessThread
  /** Asks for a worker that runs `program` as `process`, which has been added. */
  launch(process: P, program: Program, launch: Launch): void
  /** The same process goes on as `program` (exec). Its thread leaves what it ran before. */
  replace(process: P, program: Program, launch: Launch): void
}

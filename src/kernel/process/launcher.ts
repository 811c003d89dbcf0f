import type { Failure } from '../../contract/errno.ts'
import type { Result } from '../../contract/result.ts'
import type { Place } from '../mount/place.ts'
import type { FileStat } from '../mount/vnode.ts'
import type { Process, ProcessThread } from './process.ts'

/** A file that may be run. */
export interface Program {
  /** Absolute, in the container. */
  readonly path: string
  readonly file: Place
  readonly stat: FileStat
  bytes(): Result<Uint8Array>
}

export type LaunchAnswer =
  /** `native`: it knows its descriptors and its working directory. */
  { readonly ok: true; readonly native: boolean } | { readonly ok: false; readonly errno: Failure }

/** What was asked of the outside, which answers at any time. */
export interface Launch {
  readonly answer: LaunchAnswer | undefined
}

/** Where the threads of processes come from. */
export interface Launcher {
  /** The thread of a process that is about to be: what is told to it is kept until it has one. */
  thread(): ProcessThread
  /** Asks for a worker that runs `program` as `process`, which has been added. */
  launch(process: Process, program: Program): Launch
  /** The same process goes on as `program`. */
  replace(process: Process, program: Program): Launch
}

import type { Failure } from '../contract/errno.ts'

/** A program of the container, as its cell is told of it. */
export interface OrderedProgram {
  /** The image's own, by its place in the index: the same for all containers of the image. */
  readonly image: number | undefined
  /** A file of the container as it is now; undefined: nothing can be said of its bytes but themselves. */
  readonly file: string | undefined
  /** Sent when the cell does not know it. */
  readonly bytes: Uint8Array | undefined
}

/**
 * What a container's kernel wants of its cell: a worker for one more process, or another program for a
 * process that runs. It goes through the port on which the worker is asked; the answer is a question there.
 */
export interface Order {
  readonly order: number
  /** Of the worker's process: a worker has one after another. */
  readonly generation: number
  /** Undefined: a new process; 0: PID 1; else the process of that number goes on as another program. */
  readonly replaces: number | undefined
  readonly program: OrderedProgram
  /** As `SecondaryTask` has them. */
  readonly pipes: SharedArrayBuffer | undefined
  /** Of a new process. */
  readonly args: readonly string[]
  readonly environment: readonly string[]
}

/** An order without what the worker adds. */
export type PlainOrder = Omit<Order, 'generation'>

/** What a new process shares with the kernel of its container. */
export interface ChildSeat {
  /** The cell's number for it. */
  readonly member: number
  readonly slot: number
  readonly mailbox: SharedArrayBuffer
}

/** `bytes`: the cell must have the program's bytes. */
export type OrderAnswer =
  | { readonly ok: true; readonly native: boolean; readonly child: ChildSeat | undefined }
  | { readonly ok: false; readonly errno: Failure | 'bytes' }

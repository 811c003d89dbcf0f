import type { MessagePort } from 'node:worker_threads'
import type { ErrorCode } from '../contract/errors.ts'
import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import type { Program } from './program.ts'
import type { SecondarySpec } from './run-secondary.ts'

/** What a worker is given when it starts, and keeps: its seat in the cell. */
export interface Seat {
  /** The cell's shared words, with this slot's control block. */
  readonly host: SharedArrayBuffer
  /** The cell's queue for the CPUs. */
  readonly queue: SharedArrayBuffer
  readonly slot: number
  readonly stdin: SharedArrayBuffer
  readonly stdout: SharedArrayBuffer
  readonly stderr: SharedArrayBuffer
  /** Tasks and changed limits come in, outcomes go out; the doorbells say when. */
  readonly port: MessagePort
  /** Questions on the files of whoever runs come in, replies go out; a flag says when. */
  readonly questions: MessagePort
}

export type TaskModule = Program

/** What a task needs of a kind that the worker may already have, by the name of its content. */
export interface Shipment<T> {
  readonly key: string
  /** Undefined: the worker has it. */
  readonly value: T | undefined
  /** A key the worker must forget. */
  readonly drop: string | undefined
}

/** One run of a container's first process. */
export interface InitTask {
  readonly role: 'init'
  readonly module: Shipment<TaskModule>
  readonly root: Shipment<LayerParts>
  readonly guest: GuestSpec
  readonly program: string | undefined
  /** False: the guest's input is at its end from the start. */
  readonly hasInput: boolean
  /** The file that keeps the container's upper layer between two runs. */
  readonly writableLayer: string | undefined
  /** What the container may use; undefined: there is no limit. */
  readonly fuel: SharedArrayBuffer | undefined
}

/** One run of one more process in a container, which its kernel has attached. */
export interface SecondaryTask {
  readonly role: 'secondary'
  readonly module: Shipment<TaskModule>
  readonly spec: SecondarySpec
  readonly mailbox: SharedArrayBuffer
  /** The container's pipes. Undefined: it is lent none. */
  readonly pipes: SharedArrayBuffer | undefined
  /** Where the container's kernel is. */
  readonly kernelSlot: number
  /** As `InitTask` has it. */
  readonly fuel: SharedArrayBuffer | undefined
}

/** The message that gives a worker its next process. */
export type ProcessTask = InitTask | SecondaryTask

/** What else is sent to a worker: limits of the process it runs, as far as they change. */
export interface LimitsMessage {
  readonly limits: Partial<Limits>
}

/** And the program that its process goes on as. */
export interface ProgramMessage {
  readonly next: Shipment<TaskModule>
}

export type SeatMessage = ProcessTask | LimitsMessage | ProgramMessage

/** What comes back. An error that is the caller's is data: a thrown one would lose its code. */
export type ProcessOutcome =
  | {
      readonly ok: true
      readonly report: ExitReport
      readonly files: ReadonlyMap<string, Uint8Array>
      readonly filesLoss: string | undefined
      readonly layerLoss: string | undefined
      /** µs of a secondary's CPU that its kernel does not know of. */
      readonly unpaidUs: number
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }

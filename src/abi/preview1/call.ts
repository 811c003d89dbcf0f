import { Errno } from '../../contract/errno.ts'
import type { Blocked, Result } from '../../contract/result.ts'
import type { Process } from '../../kernel/process/process.ts'
import type { GuestMemory } from '../guest-memory.ts'

/** What a call works on. */
export interface CallContext {
  readonly process: Process
  readonly memory: GuestMemory
}

/** What a call that needs nothing of the kernel works on. */
export interface LocalContext {
  readonly process: Pick<Process, 'args' | 'environment' | 'clock' | 'random' | 'charge' | 'exit'>
  readonly memory: GuestMemory
  readonly handler: HandlerPort
}

/** Where the guest's function that handles signals is known. */
export interface HandlerPort {
  /** The export of that name from now on; empty: none. False: there is none of that name, and so none. */
  set(name: string): boolean
}

/** A call that waits: the loop in `thread/` parks on it and then goes on with `resume`. */
export interface Suspended extends Blocked {
  resume(): Step
  /** What it answers when a signal ends it before its time; absent: EINTR. */
  interrupted?(): Errno
}

/** An errno, or a wait. */
export type Step = Errno | Suspended

/**
 * Takes arguments as wasm hands them over: i32 as signed numbers, i64 as signed bigints. Each call
 * has its own; the table's parameter lists give their types, and V8 holds the module to its import's.
 */
export type Handler = (call: CallContext, ...args: never[]) => Step
export type LocalHandler = (call: LocalContext, ...args: never[]) => Step

/** A byte moved costs what it does in a `memory.copy`: a unit. */
export const chargeBytes = (
  { process }: { readonly process: Pick<Process, 'charge'> },
  bytes: number,
): void => process.charge(bytes)

/** A character of a text is decoded, counted or encoded by itself. */
const UNITS_PER_CHARACTER = 8

export const chargeText = (
  { process }: { readonly process: Pick<Process, 'charge'> },
  characters: number,
): void => process.charge(characters * UNITS_PER_CHARACTER)

export const suspended = (wait: Blocked, resume: () => Step): Suspended => ({ ...wait, resume })

/** The errno of a result whose value says nothing. */
export const errnoOf = (result: Result<unknown>): Errno =>
  result.ok ? Errno.SUCCESS : result.errno

const MAX_OFFSET = BigInt(Number.MAX_SAFE_INTEGER)

/** An unsigned 64-bit number as a file offset. Undefined from 2^63 up, and where it is not exact. */
export function offsetOf(value: bigint): number | undefined {
  const offset = BigInt.asUintN(64, value)
  return offset <= MAX_OFFSET ? Number(offset) : undefined
}

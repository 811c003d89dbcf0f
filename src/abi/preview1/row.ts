import type { Reach } from '../reach.ts'
import type { Handler, LocalHandler } from './call.ts'

/** How far a call is there; what is not wholly there says why. */
export type Support =
  | { readonly support: 'full' }
  | { readonly support: 'partial' | 'none'; readonly why: string }

/**
 * Where the call is made when its caller is not on the kernel's thread. `caller`: it needs nothing of
 * the kernel, and is made there. `kernel`: on a window of the caller's memory, which has what the
 * call reaches.
 */
type Made =
  | { readonly where: 'caller'; readonly handler: LocalHandler }
  | { readonly where: 'kernel'; readonly handler: Handler; readonly reach: Reach }

/**
 * What the call is to an end of a pipe that its caller uses without the kernel, because it alone holds it:
 * it reads or writes it, or the end stays what and whose it is. Whatever else may be done to it is the
 * kernel's, which has it back before.
 */
export type Lent = 'read' | 'write' | 'stays'

export type Row = Support &
  Made & {
    /** Units a guest pays for entering the host; bytes and entries come on top. */
    readonly cost: number
    /** Absent: the call may give a descriptor to somebody else, or change it. */
    readonly lent?: Lent
  }

export type KernelRow = Row & { readonly where: 'kernel' }

/**
 * Costs of entering the host: 0.3, 0.8 and 2 µs when they were set. Calls have become quicker since, and
 * the same run still uses the same fuel. @source `npm run bench -- syscalls`
 */
export const CHEAP = 6_000
export const FILE = 16_000
export const PATH = 40_000

/** Made by the kernel. */
export const byKernel = (handler: Handler, reach: Reach) =>
  ({ where: 'kernel', handler, reach }) as const
/** Made wherever its caller is. */
export const byCaller = (handler: LocalHandler) => ({ where: 'caller', handler }) as const

/** A call that leaves descriptors what they are. */
export const leaving = <R extends Row>(lent: Lent, row: R) => ({ ...row, lent })

export const full = <M extends Made>(made: M, cost: number) =>
  ({ ...made, cost, support: 'full' }) as const
export const partial = <M extends Made>(made: M, cost: number, why: string) =>
  ({ ...made, cost, support: 'partial', why }) as const
export const none = <M extends Made>(made: M, why: string) =>
  ({ ...made, cost: CHEAP, support: 'none', why }) as const

import type { Handler } from './call.ts'

/** How far a call is there; what is not wholly there says why. */
export type Support =
  | { readonly support: 'full' }
  | { readonly support: 'partial' | 'none'; readonly why: string }

export type Row = Support & {
  readonly handler: Handler
  /** Units a guest pays for entering the host; bytes and entries come on top. */
  readonly cost: number
}

/** Costs of entering the host: 0.3, 0.8 and 2 µs. @source `npm run bench -- syscalls` */
export const CHEAP = 6_000
export const FILE = 16_000
export const PATH = 40_000

export const full = (handler: Handler, cost: number): Row => ({ handler, cost, support: 'full' })
export const partial = (handler: Handler, cost: number, why: string): Row => ({
  handler,
  cost,
  support: 'partial',
  why,
})
export const none = (handler: Handler, why: string): Row => ({
  handler,
  cost: CHEAP,
  support: 'none',
  why,
})

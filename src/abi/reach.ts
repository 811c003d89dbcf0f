/**
 * Which bytes of its caller's memory a call reaches. Numbers name arguments by their position. It is
 * what travels when the caller is on another thread than the kernel: see `window.ts`.
 */
export type Span =
  /** Only read by the call. Longer than `most` is refused by the call before it looks. */
  | {
      readonly way: 'in'
      readonly pointer: number
      readonly count: number
      readonly unit: number
      readonly most: number
    }
  /** A structure that is only read. */
  | { readonly way: 'structure'; readonly pointer: number; readonly bytes: number }
  /** Written by the call, in whole or in part; `told`: also by one that fails. */
  | {
      readonly way: 'out'
      readonly pointer: number
      readonly bytes: number
      readonly told: boolean
    }
  /** As `out`, but for what is beyond the end of the memory: how long it is, only the call knows. */
  | { readonly way: 'up-to'; readonly pointer: number; readonly most: number }
  /** As `out`, as long as an argument says, but for what is beyond `most`, which is never reached. */
  | {
      readonly way: 'room'
      readonly pointer: number
      readonly length: number
      readonly unit: number
      readonly most: number
    }
  /** Written from its beginning, as many bytes as the call then stores at the pointer `used`. */
  | {
      readonly way: 'filled'
      readonly pointer: number
      readonly length: number
      readonly most: number
      readonly used: number
    }
  /** A list of buffers that are read. */
  | { readonly way: 'gather'; readonly pointer: number; readonly count: number }
  /** A list of buffers that are filled one after another; `used` as above. */
  | {
      readonly way: 'scatter'
      readonly pointer: number
      readonly count: number
      readonly used: number
    }
  /** A list of pointers to texts that end in a NUL. */
  | { readonly way: 'strings'; readonly pointer: number; readonly count: number }
  /** As `in`, and in each record, at these offsets, the pointer to a text and its length. */
  | {
      readonly way: 'records'
      readonly pointer: number
      readonly count: number
      readonly unit: number
      readonly most: number
      readonly text: number
      readonly length: number
    }

/** In the order in which the call writes them: where two overlap, the later one's bytes stay. */
export type Reach = readonly Span[]

/** A path, as the walk takes it at most. @source limits.h, PATH_MAX */
export const MAX_TEXT = 4_096

export const text = (pointer: number, length: number): Span => ({
  way: 'in',
  pointer,
  count: length,
  unit: 1,
  most: MAX_TEXT,
})
export const input = (pointer: number, count: number, unit: number, most: number): Span => ({
  way: 'in',
  pointer,
  count,
  unit,
  most,
})
export const structure = (pointer: number, bytes: number): Span => ({
  way: 'structure',
  pointer,
  bytes,
})
export const out = (pointer: number, bytes: number): Span => ({
  way: 'out',
  pointer,
  bytes,
  told: false,
})
/** As `out`: a call that fails may say something there too. */
export const told = (pointer: number, bytes: number): Span => ({
  way: 'out',
  pointer,
  bytes,
  told: true,
})
export const upTo = (pointer: number, most: number): Span => ({ way: 'up-to', pointer, most })
export const strings = (pointer: number, count: number): Span => ({
  way: 'strings',
  pointer,
  count,
})
export const records = (
  pointer: number,
  count: number,
  at: {
    readonly unit: number
    readonly most: number
    readonly text: number
    readonly length: number
  },
): Span => ({ way: 'records', pointer, count, ...at })
export const room = (pointer: number, length: number, most: number, unit = 1): Span => ({
  way: 'room',
  pointer,
  length,
  unit,
  most,
})
export const filled = (pointer: number, length: number, most: number, used: number): Span => ({
  way: 'filled',
  pointer,
  length,
  most,
  used,
})
export const gather = (pointer: number, count: number): Span => ({ way: 'gather', pointer, count })
export const scatter = (pointer: number, count: number, used: number): Span => ({
  way: 'scatter',
  pointer,
  count,
  used,
})

/** Numbers alone. */
export const NOTHING: Reach = []

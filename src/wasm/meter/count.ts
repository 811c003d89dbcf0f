/** Comparisons of a counting loop's bottom, in words. */
export const COMPARE = { ne: 0x47, ltS: 0x48, ltU: 0x49, gtS: 0x4a, gtU: 0x4b } as const

/** What a local is counted up or down to: another local, or a constant. */
export type Bound =
  | { readonly kind: 'local'; readonly local: number }
  | { readonly kind: 'constant'; readonly value: number }

/** A loop that adds a constant to a local and goes round while `local COMPARE bound`. */
export interface CountedLoop {
  readonly local: number
  readonly step: number
  readonly bound: Bound
  readonly compare: number
  /**
   * Bytes at its bottom that push the bound. None: the local itself is the condition, compared
   * with 0 by nothing but the branch.
   */
  readonly from: number
  readonly to: number
  /** How many trips it makes, where that is known. */
  readonly trips: number | undefined
}

/** Whether the trips of a counted loop can be told from its local and bound when it starts. */
export function canBeStripped({ compare, step }: CountedLoop): boolean {
  if (compare === COMPARE.ne) return true
  const up = compare === COMPARE.ltS || compare === COMPARE.ltU
  return step === (up ? 1 : -1)
}

/** What a function takes and gives, by the bytes of its value types. */
export interface Signature {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

export const I32 = 0x7f
export const I64 = 0x7e
export const FUNCREF = 0x70

/** The twin of a guest's type: fuel is its last parameter and its last result. */
export const twinOf = ({ params, results }: Signature): Signature => ({
  params: [...params, I64],
  results: [...results, I64],
})

export const turn = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** `looks`: how many have found it so. */
interface Held {
  readonly ms: number
  readonly looks: number
}

/** True once `still` has held at every look until it was long enough; false at the first where it does not. */
export async function holdsFor(
  still: () => boolean,
  isLong: (held: Held) => boolean,
): Promise<boolean> {
  const from = performance.now()
  for (let looks = 0; still(); looks += 1) {
    if (isLong({ ms: performance.now() - from, looks })) return true
    await turn(5)
  }
  return false
}

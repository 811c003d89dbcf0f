export const turn = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Turns of a thread that computes, in which what is there for it is seen. */
const TURNS = 50

/** When something counts as lost: after more than so many ms, and looks that found it so. */
interface Long {
  readonly ms: number
  readonly looks: number
  /** Turns that a thread which computes has had since; undefined: none does. */
  readonly turns: (() => number) | undefined
}

/** True once `still` has held at every look until it was long enough; false at the first where it does not. */
export async function holdsFor(still: () => boolean, { ms, looks, turns }: Long): Promise<boolean> {
  const from = performance.now()
  for (let count = 0; still(); count += 1) {
    const isLong = performance.now() - from > ms && count > looks
    if (isLong && (turns === undefined || turns() > TURNS)) return true
    await turn(5)
  }
  return false
}

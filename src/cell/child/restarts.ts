/** A cell that ran this long was well: its end says nothing of the next one. */
const HEALTHY_MS = 10_000
const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 10_000
/** Deaths in a row after which a request is refused instead of kept waiting for the next start. */
const TOO_OFTEN = 8

/** What follows from the death of a cell that ran for `ranMs`, after so many early deaths. */
export function nextDelay(
  deaths: number,
  ranMs: number,
): { readonly deaths: number; readonly delay: number } {
  if (ranMs >= HEALTHY_MS) return { deaths: 0, delay: 0 }
  return { deaths: deaths + 1, delay: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** deaths) }
}

export const tooOften = (deaths: number): boolean => deaths >= TOO_OFTEN

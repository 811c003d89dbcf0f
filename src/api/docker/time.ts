const NS_PER_S = 1_000_000_000n
const NS_DIGITS = 9

/** RFC 3339 with nine digits, from ns since 1970. */
export function nanoTime(ns: bigint): string {
  const seconds = new Date(Number(ns / NS_PER_S) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(ns % NS_PER_S).padStart(NS_DIGITS, '0')}Z`
}

/** What never happened. */
export const NEVER = '0001-01-01T00:00:00Z'

export const timeOf = (date: Date | undefined): string =>
  date === undefined ? NEVER : `${date.toISOString().slice(0, -1)}000000Z`

export const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

import { EngineError } from '../../contract/errors.ts'
import { parseDurationMs } from '../../std/duration.ts'
import { labelFits, labelsFit, parseFilters } from './filters.ts'

const MS_PER_S = 1_000
const DATE = /^\d{4}-\d{2}-\d{2}/

/** Seconds since 1970, a date, or how long before now: `24h`. EngineError INVALID_ARGUMENT. */
export function momentOf(text: string, now: Date): Date {
  if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * MS_PER_S)
  if (DATE.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text)
  const ago = parseDurationMs(text)
  if (ago !== undefined) return new Date(now.getTime() - ago)
  throw new EngineError('INVALID_ARGUMENT', `invalid value for until: ${JSON.stringify(text)}`)
}

/**
 * `filters` of a prune: `label`, `label!`, `until` of one time.
 *
 * @param known - further keys, which the caller reads.
 * @returns whether an object that was made then and has these labels may go.
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function pruneFits(
  text: string | undefined,
  now: Date,
  known: readonly string[] = ['until'],
): (created: Date, labels: Readonly<Record<string, string>>) => boolean {
  const filters = parseFilters(text, ['label', 'label!', ...known])
  const [until, ...more] = filters.get('until') ?? []
  if (more.length > 0) {
    throw new EngineError('INVALID_ARGUMENT', 'more than one until filter specified')
  }
  const before = until === undefined ? undefined : momentOf(until, now)
  return (created, labels) => {
    const spared = (filters.get('label!') ?? []).some((label) => labelFits(label, labels))
    return !spared && labelsFit(filters, labels) && (before === undefined || created < before)
  }
}

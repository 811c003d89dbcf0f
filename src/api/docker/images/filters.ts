import { EngineError } from '../../../contract/errors.ts'
import type { Images } from '../../../engine/engine.ts'
import type { Image } from '../../../engine/image/list.ts'
import { globFits } from '../../../std/glob.ts'
import { anyOf, type Filters, labelsFit, parseFilters } from '../filters.ts'
import { momentOf } from '../prune-filters.ts'
import { flag } from '../query.ts'
import { familiarName } from './familiar-name.ts'

const KNOWN = ['reference', 'dangling', 'label', 'before', 'since', 'until']

/** A name fits with its tag or without. */
const nameFits = (name: string, wanted: string): boolean =>
  [name, name.replace(/:[^:/]*$/, '')].some((one) => globFits(wanted, one))

/** @throws EngineError `INVALID_ARGUMENT`: neither yes nor no. */
export function wantsDangling(filters: Filters): boolean | undefined {
  const [value] = filters.get('dangling') ?? []
  if (value === undefined) return undefined
  if (/^(1|0|true|false|t|f)$/i.test(value)) return flag(value) && !/^f$/i.test(value)
  throw new EngineError('INVALID_ARGUMENT', `invalid filter 'dangling=${value}'`)
}

/** Of the images before and since which others are wanted. EngineError NO_SUCH_IMAGE. */
function createdBy(images: Pick<Images, 'inspect'>, filters: Filters, key: 'before' | 'since') {
  const dates = filters
    .get(key)
    ?.map((reference) => Date.parse(images.inspect(familiarName(reference)).created))
  return dates && (key === 'before' ? Math.min(...dates) : Math.max(...dates))
}

/**
 * What the `filters` of an image list let pass: of an image that is asked for by name those names
 * that fit.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `NO_SUCH_IMAGE`.
 * @source engine API reference, 11
 */
export function imageFits(
  images: Pick<Images, 'inspect'>,
  text: string | undefined,
  now: Date,
): (image: Image) => Image | undefined {
  const filters = parseFilters(text, KNOWN)
  const dangling = wantsDangling(filters)
  const before = createdBy(images, filters, 'before') ?? Number.POSITIVE_INFINITY
  const since = createdBy(images, filters, 'since') ?? Number.NEGATIVE_INFINITY
  const [until] = filters.get('until') ?? []
  const last = until === undefined ? before : Math.min(before, momentOf(until, now).getTime())
  return (image) => {
    const created = Date.parse(image.created)
    const names = image.names.filter((name) =>
      anyOf(filters, 'reference', (wanted) => nameFits(name, familiarName(wanted))),
    )
    const fits =
      (names.length > 0 || !filters.has('reference')) &&
      (dangling === undefined || dangling === (image.names.length === 0)) &&
      labelsFit(filters, image.config.Labels ?? {}) &&
      created < last &&
      created > since
    return fits ? { ...image, names } : undefined
  }
}

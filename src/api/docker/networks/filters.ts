import { EngineError } from '../../../contract/errors.ts'
import type { Network } from '../../../engine/network/all-networks.ts'
import { isPredefined } from '../../../engine/network/network-record.ts'
import { anyOf, checkEach, type Filters, labelsFit, nameFits, YES_OR_NO } from '../filters.ts'
import { flag } from '../query.ts'

export const NETWORK_FILTERS = [...['name', 'id', 'driver', 'label', 'scope', 'type', 'dangling']]
const TYPES = ['builtin', 'custom']

/** @throws EngineError `INVALID_ARGUMENT`: no such type, or neither yes nor no. */
export function checkTypes(filters: Filters): void {
  const unknown = filters.get('type')?.find((type) => !TYPES.includes(type))
  if (unknown !== undefined) {
    throw new EngineError('INVALID_ARGUMENT', `invalid filter: 'type'='${unknown}'`)
  }
  checkEach(filters, 'dangling', (value) => YES_OR_NO.test(value))
}

/** Nobody is on it, and somebody made it. */
const isDangling = (network: Network): boolean =>
  !isPredefined(network.record.name) && network.endpoints().length === 0

/** @source engine API reference, 11 */
export function networkFits(network: Network, filters: Filters): boolean {
  const { id, name, driver, labels } = network.record
  const type = isPredefined(name) ? 'builtin' : 'custom'
  return (
    anyOf(filters, 'name', (wanted) => nameFits(name, wanted)) &&
    anyOf(filters, 'id', (wanted) => nameFits(id, wanted)) &&
    anyOf(filters, 'driver', (wanted) => driver === wanted) &&
    anyOf(filters, 'scope', (wanted) => wanted === 'local') &&
    anyOf(filters, 'type', (wanted) => wanted === type) &&
    anyOf(filters, 'dangling', (wanted) => flag(wanted) === isDangling(network)) &&
    labelsFit(filters, labels)
  )
}

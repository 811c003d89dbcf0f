import { EngineError } from '../../contract/errors.ts'
import { shortId } from '../../contract/ids.ts'
import type { Network } from './all-networks.ts'
import { isPredefined } from './network-record.ts'
import { announceNetwork, type NetworkParts } from './networks.ts'

const forbidden = (text: string): EngineError => new EngineError('NETWORK_FORBIDDEN', text)

function refuseInUse({ containers }: NetworkParts, network: Network): void {
  const endpoints = network.endpoints()
  if (endpoints.length === 0) return
  const named = endpoints.map(({ id, containerId }) => {
    const { name } = containers.resolve(containerId).record
    return `name:"${name}" id:"${shortId(id)}"`
  })
  throw forbidden(
    'error while removing network: ' +
      `network ${network.record.name} has active endpoints (${named.join(', ')})`,
  )
}

/**
 * Removes a network that no running container is on. One that rests and wants it fails to start.
 *
 * @throws EngineError `NO_SUCH_NETWORK` | `NETWORK_FORBIDDEN`.
 * @source docker-network-rm(1); engine API reference, 13 and 15
 */
export const removeNetwork =
  (parts: NetworkParts) =>
  async (reference: string): Promise<void> => {
    const network = parts.all.resolve(reference)
    const { id, name } = network.record
    if (isPredefined(name)) {
      throw forbidden(`${name} is a pre-defined network and cannot be removed`)
    }
    refuseInUse(parts, network)
    // Nobody joins it while it is being forgotten.
    parts.all.delete(id)
    try {
      await parts.store.delete(id)
    } catch (error) {
      parts.all.add(network.record)
      throw error
    }
    announceNetwork(parts, network, 'destroy')
  }

/**
 * Removes every network that fits, that is not predefined, and that no running container is on.
 *
 * @returns the names of those removed.
 */
export const pruneNetworks = (parts: NetworkParts) => {
  const remove = removeNetwork(parts)
  // One that somebody joined or removed meanwhile is left alone.
  const isRemoved = async (id: string): Promise<boolean> => {
    try {
      await remove(id)
      return true
    } catch (error) {
      if (error instanceof EngineError) return false
      throw error
    }
  }
  return async (fits: (network: Network) => boolean): Promise<readonly string[]> => {
    const unused = parts.all
      .list()
      .filter(({ record }) => !isPredefined(record.name))
      .filter((network) => network.endpoints().length === 0)
      .filter(fits)
    const names: string[] = []
    for (const { record } of unused) {
      if (await isRemoved(record.id)) names.push(record.name)
    }
    const actor = { id: '', attributes: { reclaimed: '0' } }
    parts.events.publish({ type: 'network', action: 'prune', actor })
    return names
  }
}

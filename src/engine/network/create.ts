import { EngineError } from '../../contract/errors.ts'
import { Mutex } from '../../std/mutex.ts'
import { isReserved } from './all-networks.ts'
import { type SubnetRequest, subnetFor } from './ipam.ts'
import type { NetworkRecord } from './network-record.ts'
import { announceNetwork, type NetworkParts } from './networks.ts'

/** What a caller may say of a new network. */
export interface NetworkRequest {
  readonly name: string
  readonly driver?: string | undefined
  readonly internal?: boolean | undefined
  readonly attachable?: boolean | undefined
  readonly enableIpv6?: boolean | undefined
  readonly options?: Readonly<Record<string, string>> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly ipamOptions?: Readonly<Record<string, string>> | undefined
  /** One at most. */
  readonly subnets?: readonly SubnetRequest[] | undefined
}

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)
const forbidden = (text: string): EngineError => new EngineError('NETWORK_FORBIDDEN', text)

function checkName(name: string): void {
  if (name.trim() === '') throw invalid('invalid name: name is empty')
  // With its blank at the end, as docker sends it.
  if (isReserved(name)) throw forbidden(`operation is not permitted on predefined ${name} network `)
}

function checkDriver(driver: string): void {
  if (driver === 'host' || driver === 'null') {
    throw forbidden(`only one instance of "${driver}" network is allowed`)
  }
  if (driver !== 'bridge') {
    throw new EngineError('NO_SUCH_PLUGIN', `plugin "${driver}" not found`)
  }
}

function recordOf(parts: NetworkParts, request: NetworkRequest): NetworkRecord {
  const [subnet = {}, ...more] = request.subnets ?? []
  if (request.enableIpv6 === true || more.length > 0) {
    throw invalid('one IPv4 subnet for each network is all there is in this version')
  }
  return {
    id: parts.newId(),
    name: request.name,
    created: parts.now(),
    driver: 'bridge',
    internal: request.internal ?? false,
    attachable: request.attachable ?? false,
    enableIpv6: false,
    options: request.options ?? {},
    labels: request.labels ?? {},
    ipamOptions: request.ipamOptions ?? {},
    ownSubnet: Boolean(subnet.subnet),
    subnets: [subnetFor(subnet, parts.all.subnets())],
  }
}

/**
 * Makes a network.
 *
 * @returns its id.
 * @throws EngineError `INVALID_ARGUMENT` | `NAME_IN_USE` | `NETWORK_FORBIDDEN` | `NO_SUCH_PLUGIN` |
 *   `NO_FREE_ADDRESS`.
 * @source docker-network-create(1); engine API reference, 13
 */
export const createNetwork = (parts: NetworkParts) => {
  const turn = new Mutex()
  return (request: NetworkRequest): Promise<string> =>
    turn.run(async () => {
      const { name, driver } = request
      checkName(name)
      if (parts.all.named(name) !== undefined) {
        throw new EngineError('NAME_IN_USE', `network with name ${name} already exists`)
      }
      checkDriver(driver || 'bridge')
      const record = recordOf(parts, request)
      await parts.store.put(record)
      parts.all.add(record)
      announceNetwork(parts, parts.all.resolve(record.id), 'create')
      return record.id
    })
}

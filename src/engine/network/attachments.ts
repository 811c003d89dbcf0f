import { EngineError } from '../../contract/errors.ts'
import type { ContainerRecord } from '../container/container-record.ts'
import type { Surroundings } from '../container/surroundings.ts'
import type { AllNetworks, Network } from './all-networks.ts'
import {
  type Attachment,
  type Endpoint,
  isPredefined,
  type NetworkRecord,
} from './network-record.ts'
import { announceNetwork, type NetworkParts } from './networks.ts'

/** A container's attachment, with the network that has its name and the endpoint while it runs. */
export interface AttachedNetwork {
  readonly attachment: Attachment
  readonly network: NetworkRecord | undefined
  readonly endpoint: Endpoint | undefined
}

/** The network of that name or id; undefined where there is none. */
export function findNetwork(all: AllNetworks, reference: string): Network | undefined {
  try {
    return all.resolve(reference)
  } catch (error) {
    if (error instanceof EngineError) return undefined
    throw error
  }
}

/** Every network of a container, in the order it was attached to them. */
export const networksOfContainer =
  ({ all }: Pick<NetworkParts, 'all'>) =>
  ({ id, spec }: Pick<ContainerRecord, 'id' | 'spec'>): readonly AttachedNetwork[] =>
    spec.networks.map((attachment) => {
      const network = findNetwork(all, attachment.network)
      return { attachment, network: network?.record, endpoint: network?.endpointOf(id) }
    })

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

/** Aliases and addresses are for networks that somebody made. @source engine API reference, 13 */
export function checkAttachment(
  network: Network,
  { aliases, address }: Omit<Attachment, 'network'>,
) {
  const { name, ownSubnet } = network.record
  if (isPredefined(name) && aliases.length > 0) {
    throw invalid('network-scoped aliases are only supported for user-defined networks')
  }
  if (address === undefined) return
  if (isPredefined(name)) {
    throw invalid('user specified IP address is supported on user defined networks only')
  }
  if (!ownSubnet) {
    throw invalid(
      'user specified IP address is supported only when connecting to networks with user configured subnets',
    )
  }
}

const failed = (error: unknown): unknown =>
  error instanceof EngineError
    ? new EngineError(error.code, `failed to set up container networking: ${error.message}`)
    : error

/** Endpoints of a container on all its networks, for as long as it runs. */
export function networkSurroundings(parts: NetworkParts): Surroundings {
  const { all } = parts
  const leave = (record: ContainerRecord, told: boolean): void => {
    for (const network of all.list()) {
      if (network.leave(record.id) && told) {
        announceNetwork(parts, network, 'disconnect', record.id)
      }
    }
  }
  return {
    take: (record) => {
      try {
        for (const attachment of record.spec.networks) {
          const network = all.resolve(attachment.network)
          checkAttachment(network, attachment)
          network.join(record.id, parts.newId(), attachment.address)
        }
      } catch (error) {
        leave(record, false)
        throw failed(error)
      }
      for (const { network } of record.spec.networks) {
        announceNetwork(parts, all.resolve(network), 'connect', record.id)
      }
    },
    give: (record) => leave(record, true),
  }
}

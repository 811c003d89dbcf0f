import type { Network } from '../../../engine/network/all-networks.ts'
import type { Endpoint, NetworkRecord } from '../../../engine/network/network-record.ts'
import { timeOf } from '../time.ts'

const ipamShape = ({ ipamOptions, subnets }: NetworkRecord) => ({
  Driver: 'default',
  Options: Object.keys(ipamOptions).length === 0 ? null : ipamOptions,
  Config: subnets.map(({ subnet, gateway, range, auxiliary }) => ({
    Subnet: subnet,
    Gateway: gateway,
    ...(range !== undefined && { IPRange: range }),
    ...(Object.keys(auxiliary).length > 0 && { AuxiliaryAddresses: auxiliary }),
  })),
})

/** An entry of the list. @source Docker Engine API, Network */
export const networkShape = ({ record }: Network) => ({
  Name: record.name,
  Id: record.id,
  Created: timeOf(record.created),
  Scope: 'local',
  Driver: record.driver,
  EnableIPv4: true,
  EnableIPv6: record.enableIpv6,
  IPAM: ipamShape(record),
  Internal: record.internal,
  Attachable: record.attachable,
  Ingress: false,
  ConfigFrom: { Network: '' },
  ConfigOnly: false,
  Options: record.options,
  Labels: record.labels,
})

const endpointShape = (endpoint: Endpoint, name: string) => ({
  Name: name,
  EndpointID: endpoint.id,
  MacAddress: endpoint.mac,
  IPv4Address: endpoint.address ? `${endpoint.address.ipv4}/${endpoint.address.bits}` : '',
  IPv6Address: '',
})

/** @param nameOf - of a container that runs. */
export const networkInspectShape = (network: Network, nameOf: (id: string) => string) => ({
  ...networkShape(network),
  Containers: Object.fromEntries(
    network
      .endpoints()
      .map((one) => [one.containerId, endpointShape(one, nameOf(one.containerId))]),
  ),
})

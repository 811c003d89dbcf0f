import { shortId } from '../../../contract/ids.ts'
import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { Networks } from '../../../engine/engine.ts'
import type { AttachedNetwork } from '../../../engine/network/attachments.ts'
import { isPredefined } from '../../../engine/network/network-record.ts'

/** `EndpointSettings`; addresses are blank while the container does not run. */
function endpointShape(
  { attachment, network, endpoint }: AttachedNetwork,
  record: ContainerRecord,
) {
  const { aliases, address: wanted } = attachment
  const named = network !== undefined && !isPredefined(network.name)
  return {
    IPAMConfig: wanted === undefined ? null : { IPv4Address: wanted },
    Links: null,
    Aliases: aliases.length === 0 ? null : aliases,
    MacAddress: endpoint?.mac ?? '',
    DriverOpts: null,
    NetworkID: network?.id ?? '',
    EndpointID: endpoint?.id ?? '',
    Gateway: endpoint?.address?.gateway ?? '',
    IPAddress: endpoint?.address?.ipv4 ?? '',
    IPPrefixLen: endpoint?.address?.bits ?? 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: named ? [...new Set([record.name, ...aliases, shortId(record.id)])] : null,
  }
}

const nameOf = ({ attachment, network }: AttachedNetwork): string =>
  network?.name ?? attachment.network

/** `NetworkSettings.Networks`: by name. */
export const networksShape = (networks: Pick<Networks, 'ofContainer'>, record: ContainerRecord) =>
  Object.fromEntries(
    networks.ofContainer(record).map((one) => [nameOf(one), endpointShape(one, record)]),
  )

/** `NetworkSettings`; the fields beside `Networks` are those of the default bridge. */
export function networkSettingsShape(
  networks: Pick<Networks, 'ofContainer'>,
  record: ContainerRecord,
) {
  const shapes = networksShape(networks, record)
  const bridge = shapes['bridge']
  return {
    SandboxID: '',
    SandboxKey: '',
    Ports: {},
    Gateway: bridge?.Gateway ?? '',
    IPAddress: bridge?.IPAddress ?? '',
    IPPrefixLen: bridge?.IPPrefixLen ?? 0,
    EndpointID: bridge?.EndpointID ?? '',
    MacAddress: bridge?.MacAddress ?? '',
    Networks: shapes,
  }
}

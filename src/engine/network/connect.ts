import { EngineError } from '../../contract/errors.ts'
import type { Container } from '../container/container.ts'
import { change } from '../container/containers.ts'
import type { AllNetworks, Network } from './all-networks.ts'
import { checkAttachment, findNetwork } from './attachments.ts'
import type { Attachment } from './network-record.ts'
import { announceNetwork, type NetworkParts } from './networks.ts'

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

const runs = ({ record }: Container): boolean =>
  record.state.status === 'running' || record.state.status === 'paused'

/** `host` and `none` go with no other network. @source moby, runconfig/errors.go */
function checkModes(parts: NetworkParts, container: Container, network: Network): void {
  const present = container.record.spec.networks.map((one) => findNetwork(parts.all, one.network))
  const drivers = new Set([network, ...present].map((one) => one?.record.driver))
  if (drivers.has('host')) {
    throw invalid('container cannot be disconnected from host network or connected to host network')
  }
  if (drivers.has('null')) {
    throw invalid(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    )
  }
}

/** Whoever attached it may have named the network by its id, or the beginning of it. */
const isOf =
  (all: AllNetworks, network: Network) =>
  (attachment: Attachment): boolean =>
    findNetwork(all, attachment.network) === network

async function setAttachments(
  parts: NetworkParts,
  container: Container,
  networks: readonly Attachment[],
): Promise<void> {
  const { spec } = container.record
  await change({ store: parts.containerStore }, container, {
    spec: { ...spec, networks },
  })
}

/**
 * Attaches a container to a network: one that runs at once, one that rests from its next start.
 *
 * @throws EngineError `NO_SUCH_NETWORK` | `INVALID_ARGUMENT` | `NETWORK_FORBIDDEN` |
 *   `NO_FREE_ADDRESS`.
 * @source docker-network-connect(1); engine API reference, 13 and 15
 */
export const connect =
  (parts: NetworkParts) =>
  (
    reference: string,
    container: Container,
    settings: Omit<Attachment, 'network'> = { aliases: [], address: undefined },
  ): Promise<void> =>
    container.turn.run(async () => {
      const network = parts.all.resolve(reference)
      const { name } = network.record
      const { spec } = container.record
      checkModes(parts, container, network)
      checkAttachment(network, settings)
      const others = spec.networks.filter((one) => !isOf(parts.all, network)(one))
      const attachments = [...others, { network: name, ...settings }]
      if (!runs(container)) return await setAttachments(parts, container, attachments)
      if (network.endpointOf(container.id) !== undefined) {
        throw new EngineError(
          'NETWORK_FORBIDDEN',
          `endpoint with name ${container.record.name} already exists in network ${name}`,
        )
      }
      network.join(container.id, parts.newId(), settings.address)
      try {
        await setAttachments(parts, container, attachments)
      } catch (error) {
        network.leave(container.id)
        throw error
      }
      announceNetwork(parts, network, 'connect', container.id)
    })

/**
 * Takes a container off a network.
 *
 * @throws EngineError `NO_SUCH_NETWORK` | `INVALID_ARGUMENT` | `NOT_CONNECTED`.
 * @source docker-network-disconnect(1); engine API reference, 13 and 15
 */
export const disconnect =
  (parts: NetworkParts) =>
  (reference: string, container: Container): Promise<void> =>
    container.turn.run(async () => {
      const network = parts.all.resolve(reference)
      const { name, driver } = network.record
      const { spec } = container.record
      if (driver === 'host') {
        throw invalid(
          'container cannot be disconnected from host network or connected to host network',
        )
      }
      const others = spec.networks.filter((one) => !isOf(parts.all, network)(one))
      if (others.length === spec.networks.length) {
        const the = runs(container) ? '' : 'the '
        throw new EngineError(
          'NOT_CONNECTED',
          `container ${container.id} is not connected to ${the}network ${name}`,
        )
      }
      await setAttachments(parts, container, others)
      if (network.leave(container.id)) {
        announceNetwork(parts, network, 'disconnect', container.id)
      }
    })

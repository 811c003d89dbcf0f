import type { AllContainers, ContainerParts } from '../container/containers.ts'
import type { Events } from '../event/events.ts'
import type { NetworkStore } from '../store/network-store.ts'
import type { AllNetworks, Network } from './all-networks.ts'

/** What the verbs for networks are made of. Each takes the few it needs. */
export interface NetworkParts {
  readonly store: NetworkStore
  readonly events: Events
  readonly all: AllNetworks
  readonly containers: Pick<AllContainers, 'list' | 'resolve'>
  /** Where containers' own records are kept: attachments are part of them. */
  readonly containerStore: ContainerParts['store']
  now(): Date
  /** 64 hex digits. */
  newId(): string
}

/** Tells that something happened to a network, or to a container on it. */
export function announceNetwork(
  { events }: Pick<NetworkParts, 'events'>,
  { record }: Network,
  action: string,
  container?: string,
): void {
  const attributes = {
    ...(container !== undefined && { container }),
    name: record.name,
    type: record.driver,
  }
  events.publish({ type: 'network', action, actor: { id: record.id, attributes } })
}

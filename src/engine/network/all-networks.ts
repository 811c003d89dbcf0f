import { EngineError } from '../../contract/errors.ts'
import { AddressPool } from './ipam.ts'
import { addressText, type Ipv4, type Subnet } from './ipv4.ts'
import { type Endpoint, isPredefined, type NetworkRecord } from './network-record.ts'

/** A network and what lives only as long as the engine: who has which address on it. */
export class Network {
  readonly record: NetworkRecord
  readonly #pool: AddressPool | undefined
  readonly #endpoints = new Map<string, Endpoint & { readonly ipv4: Ipv4 | undefined }>()

  constructor(record: NetworkRecord) {
    this.record = record
    const [subnet] = record.subnets
    this.#pool = subnet && new AddressPool(subnet)
  }

  get subnet(): Subnet | undefined {
    return this.#pool?.subnet
  }

  /** Of the containers that run, in the order they came. */
  endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()]
  }

  endpointOf(containerId: string): Endpoint | undefined {
    return this.#endpoints.get(containerId)
  }

  /**
   * Gives a container an endpoint.
   *
   * @param address - the one it asks for.
   * @throws EngineError `INVALID_ARGUMENT` | `NETWORK_FORBIDDEN` | `NO_FREE_ADDRESS`.
   */
  join(containerId: string, id: string, address: string | undefined): Endpoint {
    const pool = this.#pool
    const ipv4 = address ? pool?.takeThis(address) : pool?.take()
    const endpoint = {
      id,
      networkId: this.record.id,
      containerId,
      ipv4,
      mac: ipv4 === undefined ? '' : macOf(ipv4),
      address:
        ipv4 === undefined || pool === undefined
          ? undefined
          : {
              ipv4: addressText(ipv4),
              bits: pool.subnet.bits,
              gateway: this.record.subnets[0]?.gateway ?? '',
            },
    }
    this.#endpoints.set(containerId, endpoint)
    return endpoint
  }

  /** False: it had none. */
  leave(containerId: string): boolean {
    const endpoint = this.#endpoints.get(containerId)
    if (endpoint === undefined) return false
    this.#endpoints.delete(containerId)
    if (endpoint.ipv4 !== undefined) this.#pool?.give(endpoint.ipv4)
    return true
  }
}

/** Locally administered, and as unique on its network as the address. @source libnetwork, netutils */
const macOf = (address: Ipv4): string =>
  [
    '02',
    '42',
    ...[24, 16, 8, 0].map((shift) => ((address >>> shift) & 255).toString(16).padStart(2, '0')),
  ].join(':')

/** Every network of an engine. */
export class AllNetworks {
  readonly #byId = new Map<string, Network>()

  add(record: NetworkRecord): void {
    this.#byId.set(record.id, new Network(record))
  }

  delete(id: string): void {
    this.#byId.delete(id)
  }

  /** Those that every daemon has first, then by age. */
  list(): readonly Network[] {
    return [...this.#byId.values()]
  }

  named(name: string): Network | undefined {
    return this.list().find(({ record }) => record.name === name)
  }

  /** Subnets that a new network must keep clear of. */
  subnets(): readonly Subnet[] {
    return this.list().flatMap(({ subnet }) => subnet ?? [])
  }

  /**
   * By full id, by name, or by the beginning of an id.
   *
   * @throws EngineError `NO_SUCH_NETWORK` | `AMBIGUOUS_ID`.
   * @source engine API reference, 13
   */
  resolve(reference: string): Network {
    const exact = this.#byId.get(reference) ?? this.named(reference)
    if (exact !== undefined) return exact
    const found = /^[0-9a-f]+$/.test(reference)
      ? this.list().filter(({ record }) => record.id.startsWith(reference))
      : []
    if (found.length > 1) {
      throw new EngineError(
        'AMBIGUOUS_ID',
        `network ${reference} is ambiguous (${found.length} matches found based on ID prefix)`,
      )
    }
    const [only] = found
    if (only !== undefined) return only
    throw new EngineError('NO_SUCH_NETWORK', `network ${reference} not found`)
  }
}

/** Names that nobody may give or take away. */
export const isReserved = (name: string): boolean => isPredefined(name) || name === 'default'

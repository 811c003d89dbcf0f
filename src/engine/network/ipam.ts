import { EngineError } from '../../contract/errors.ts'
import {
  addressText,
  firstOf,
  holds,
  type Ipv4,
  lastOf,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
  sizeOf,
  subnetText,
} from './ipv4.ts'

/** A subnet as a caller writes it. */
export interface SubnetRequest {
  readonly subnet?: string | undefined
  readonly gateway?: string | undefined
  /** The part of the subnet that containers get addresses from. */
  readonly range?: string | undefined
  /** Addresses that no container gets, by name. */
  readonly auxiliary?: Readonly<Record<string, string>> | undefined
}

/** A subnet with its gateway, as a network keeps it. */
export interface SubnetConfig {
  readonly subnet: string
  readonly gateway: string
  readonly range: string | undefined
  readonly auxiliary: Readonly<Record<string, string>>
}

const invalid = (text: string): EngineError =>
  new EngineError('INVALID_ARGUMENT', `invalid network config:\n${text}`)
const forbidden = (text: string): EngineError => new EngineError('NETWORK_FORBIDDEN', text)

/** @source docker's own default address pools, scope local */
const DEFAULT_POOLS: readonly Subnet[] = [
  ...Array.from({ length: 15 }, (_, index) => ({ base: at(172, 17 + index), bits: 16 })),
  ...Array.from({ length: 16 }, (_, index) => ({ base: at(192, 168, 16 * index), bits: 20 })),
]
function at(first: number, second: number, third = 0): Ipv4 {
  return first * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8
}

function blockOf(what: string, text: string): Subnet {
  const block = parseSubnet(text)
  if (block === undefined) throw invalid(`invalid ${what} ${text}: not an IPv4 prefix`)
  const masked = { ...block, base: firstOf(block) }
  if (masked.base === block.base) return block
  throw invalid(`invalid ${what} ${text}: it should be ${subnetText(masked)}`)
}

function addressIn(subnet: Subnet, what: string, text: string): Ipv4 {
  const address = parseAddress(text)
  if (address === undefined) throw invalid(`invalid ${what} ${text}: not an IPv4 address`)
  if (holds(subnet, address)) return address
  throw invalid(`invalid ${what} ${text}: parent subnet ${subnetText(subnet)} does not contain it`)
}

/** The first of the default pools that nobody has. */
function freePool(taken: readonly Subnet[]): Subnet {
  const free = DEFAULT_POOLS.find((pool) => !taken.some((other) => overlap(pool, other)))
  if (free !== undefined) return free
  throw new EngineError('NO_FREE_ADDRESS', 'all predefined address pools have been fully subnetted')
}

/**
 * The subnet of a new network beside those that are taken: the one asked for, or the first free one
 * of the default pools; its gateway is its first address unless asked for.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `NETWORK_FORBIDDEN` | `NO_FREE_ADDRESS`.
 * @source engine API reference, 13; libnetwork, ipam
 */
export function subnetFor(request: SubnetRequest, taken: readonly Subnet[]): SubnetConfig {
  const subnet = request.subnet ? blockOf('subnet', request.subnet) : freePool(taken)
  if (taken.some((other) => overlap(subnet, other))) {
    throw forbidden('invalid pool request: Pool overlaps with other one on this address space')
  }
  const { range, auxiliary = {} } = request
  if (range !== undefined && range !== '') {
    const block = blockOf('ip-range', range)
    if (!holds(subnet, block.base) || block.bits < subnet.bits) {
      throw invalid(
        `invalid ip-range ${range}: parent subnet ${subnetText(subnet)} does not contain it`,
      )
    }
  }
  for (const [name, text] of Object.entries(auxiliary)) {
    addressIn(subnet, `auxiliary address ${name}`, text)
  }
  const gateway = request.gateway
    ? addressIn(subnet, 'gateway', request.gateway)
    : Math.min(firstOf(subnet) + 1, lastOf(subnet))
  return {
    subnet: subnetText(subnet),
    gateway: addressText(gateway),
    range: range || undefined,
    auxiliary,
  }
}

/** The addresses of one subnet: who has which. */
export class AddressPool {
  readonly subnet: Subnet
  readonly #from: Ipv4
  readonly #to: Ipv4
  readonly #taken = new Set<Ipv4>()

  constructor({ subnet, gateway, range, auxiliary }: SubnetConfig) {
    // They were checked when the network was made.
    this.subnet = parseSubnet(subnet) ?? { base: 0, bits: 32 }
    const block = parseSubnet(range ?? subnet) ?? this.subnet
    this.#from = firstOf(block)
    this.#to = lastOf(block)
    const reserved = [gateway, ...Object.values(auxiliary)].map(parseAddress)
    for (const address of reserved) if (address !== undefined) this.#taken.add(address)
    // The network's own and its broadcast address; RFC 3021: a subnet of two addresses has none.
    if (sizeOf(this.subnet) > 2) this.#taken.add(firstOf(this.subnet)).add(lastOf(this.subnet))
  }

  /** The lowest free address. EngineError NO_FREE_ADDRESS. */
  take(): Ipv4 {
    for (let address = this.#from; address <= this.#to; address += 1) {
      if (this.#taken.has(address)) continue
      this.#taken.add(address)
      return address
    }
    throw new EngineError('NO_FREE_ADDRESS', 'no available addresses on this pool')
  }

  /** A certain address. EngineError INVALID_ARGUMENT | NETWORK_FORBIDDEN. */
  takeThis(text: string): Ipv4 {
    const address = parseAddress(text)
    if (address === undefined || !holds(this.subnet, address)) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Invalid address ${text}: It does not belong to any of this network's subnets`,
      )
    }
    if (this.#taken.has(address)) throw forbidden('Address already in use')
    this.#taken.add(address)
    return address
  }

  give(address: Ipv4): void {
    this.#taken.delete(address)
  }
}

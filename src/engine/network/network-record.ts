import type { SubnetConfig } from './ipam.ts'

/** Everything that is kept of a network. */
export interface NetworkRecord {
  /** 64 hex digits. */
  readonly id: string
  readonly name: string
  readonly created: Date
  readonly driver: 'bridge' | 'host' | 'null'
  readonly internal: boolean
  readonly attachable: boolean
  readonly enableIpv6: boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly ipamOptions: Readonly<Record<string, string>>
  /** Whoever made it chose the subnet: containers may ask for addresses. */
  readonly ownSubnet: boolean
  /** Empty for `host` and `null`. */
  readonly subnets: readonly SubnetConfig[]
}

/** The networks that every daemon has. */
const PREDEFINED = ['bridge', 'host', 'none'] as const

export const isPredefined = (name: string): boolean =>
  PREDEFINED.some((predefined) => predefined === name)

/** How a container is attached to a network; it holds over the container's runs. */
export interface Attachment {
  /** The network's name, or what the caller named it by where there is none yet. */
  readonly network: string
  readonly aliases: readonly string[]
  /** The address it asks for; undefined: any. */
  readonly address: string | undefined
}

/** An attachment of a container that runs. */
export interface Endpoint {
  /** 64 hex digits. */
  readonly id: string
  readonly networkId: string
  readonly containerId: string
  readonly mac: string
  /** Undefined on `host` and `none`. */
  readonly address:
    | { readonly ipv4: string; readonly bits: number; readonly gateway: string }
    | undefined
}

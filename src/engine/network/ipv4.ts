/** An IPv4 address as a number from 0 to 2^32-1. */
export type Ipv4 = number

/** A block of addresses whose first `bits` bits are those of `base`. */
export interface Subnet {
  readonly base: Ipv4
  readonly bits: number
}

const BYTE = /^(0|[1-9]\d{0,2})$/

/** Undefined for what is not four decimal bytes; a leading zero is refused, as Go does. */
export function parseAddress(text: string): Ipv4 | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => BYTE.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

export const addressText = (address: Ipv4): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')

export const sizeOf = ({ bits }: Subnet): number => 2 ** (32 - bits)
export const firstOf = ({ base, bits }: Subnet): Ipv4 => base - (base % sizeOf({ base, bits }))
export const lastOf = (subnet: Subnet): Ipv4 => firstOf(subnet) + sizeOf(subnet) - 1

export const holds = (subnet: Subnet, address: Ipv4): boolean =>
  address >= firstOf(subnet) && address <= lastOf(subnet)

export const overlap = (one: Subnet, other: Subnet): boolean =>
  firstOf(one) <= lastOf(other) && firstOf(other) <= lastOf(one)

/** `10.1.0.0/16`; the address may lie anywhere in the block. Undefined for any other text. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const base = parseAddress(address)
  if (base === undefined || rest.length > 0 || !BYTE.test(bits) || Number(bits) > 32) {
    return undefined
  }
  return { base, bits: Number(bits) }
}

export const subnetText = (subnet: Subnet): string => `${addressText(subnet.base)}/${subnet.bits}`

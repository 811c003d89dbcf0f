import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressPool, subnetFor } from '../../../../src/engine/network/ipam.ts'
import {
  addressText,
  firstOf,
  holds,
  lastOf,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
  sizeOf,
  subnetText,
} from '../../../../src/engine/network/ipv4.ts'

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const subnet: fc.Arbitrary<Subnet> = fc
  .record({ base: address, bits: fc.integer({ min: 0, max: 32 }) })
  .map((one) => ({ ...one, base: firstOf(one) }))
const block = (text: string): Subnet => {
  const parsed = parseSubnet(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

describe('IPv4', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(addressText(one))).toBe(one)
      }),
    )
    fc.assert(
      fc.property(subnet, (one) => {
        expect(parseSubnet(subnetText(one))).toEqual(one)
      }),
    )
  })
  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1.2.3.4/8',
    '::1',
  ])('reads no address from “%s”', (text) => expect(parseAddress(text)).toBeUndefined())
  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
  ])('reads no subnet from “%s”', (text) => expect(parseSubnet(text)).toBeUndefined())
  it('lets two blocks overlap when and only when one holds the first address of the other', () => {
    fc.assert(
      fc.property(subnet, subnet, (one, other) => {
        const shared = holds(one, firstOf(other)) || holds(other, firstOf(one))
        expect(overlap(one, other)).toBe(shared)
        expect(overlap(other, one)).toBe(shared)
      }),
    )
  })
})

/** The subnet of a new network; undefined where it is refused. */
function subnetGiven(one: Subnet | undefined, taken: readonly Subnet[]): Subnet | undefined {
  try {
    return block(subnetFor(one === undefined ? {} : { subnet: subnetText(one) }, taken).subnet)
  } catch (error) {
    expect(error).toMatchObject({ code: one ? 'NETWORK_FORBIDDEN' : 'NO_FREE_ADDRESS' })
    return undefined
  }
}

describe('the subnets of networks', () => {
  it('come from the pools in their order, until all are taken', () => {
    const taken: Subnet[] = []
    const texts: string[] = []
    for (let index = 0; index < 31; index += 1) {
      const { subnet: text, gateway } = subnetFor({}, taken)
      expect(gateway).toBe(addressText(firstOf(block(text)) + 1))
      taken.push(block(text))
      texts.push(text)
    }
    expect([texts[0], texts[1], texts[14], texts[15], texts[30]]).toEqual([
      '172.17.0.0/16',
      '172.18.0.0/16',
      '172.31.0.0/16',
      '192.168.0.0/20',
      '192.168.240.0/20',
    ])
    expect(() => subnetFor({}, taken)).toThrow(
      expect.objectContaining({
        code: 'NO_FREE_ADDRESS',
        message: 'all predefined address pools have been fully subnetted',
      }),
    )
  })
  it('never overlap, whatever was asked for before', () => {
    const request = fc.option(subnet, { nil: undefined })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (wanted) => {
        const taken: Subnet[] = []
        for (const one of wanted) {
          const given = subnetGiven(one, taken)
          const clashes = taken.some((other) => overlap(other, given ?? one ?? other))
          // Refused is what overlaps, and nothing else.
          expect(clashes).toBe(given === undefined)
          if (given !== undefined) taken.push(given)
        }
      }),
    )
  })
  it.each([
    ['10.0.0.1/16', {}, 'invalid subnet 10.0.0.1/16: it should be 10.0.0.0/16'],
    ['10.0.0.0', {}, 'invalid subnet 10.0.0.0: not an IPv4 prefix'],
    [
      '10.0.0.0/24',
      { gateway: '10.0.1.1' },
      'invalid gateway 10.0.1.1: parent subnet 10.0.0.0/24 does not contain it',
    ],
    ['10.0.0.0/24', { gateway: 'x' }, 'invalid gateway x: not an IPv4 address'],
    [
      '10.0.0.0/24',
      { range: '10.0.0.0/16' },
      'invalid ip-range 10.0.0.0/16: parent subnet 10.0.0.0/24 does not contain it',
    ],
    [
      '10.0.0.0/24',
      { auxiliary: { a: '10.1.0.0' } },
      'invalid auxiliary address a 10.1.0.0: parent subnet 10.0.0.0/24 does not contain it',
    ],
  ])('of %s with %j are refused', (text, more, reason) => {
    expect(() => subnetFor({ subnet: text, ...more }, [])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: `invalid network config:\n${reason}`,
      }),
    )
  })
})

describe('the addresses of a subnet', () => {
  const small = fc
    .integer({ min: 24, max: 32 })
    .chain((bits) => address.map((base) => ({ bits, base: firstOf({ base, bits }) })))
  it('are given once each, none of them reserved, until all are taken', () => {
    fc.assert(
      fc.property(small, (one) => {
        const config = subnetFor({ subnet: subnetText(one) }, [])
        const pool = new AddressPool(config)
        const given = new Set<number>()
        for (;;) {
          let next: number
          try {
            next = pool.take()
          } catch (error) {
            expect(error).toMatchObject({ code: 'NO_FREE_ADDRESS' })
            break
          }
          expect(given.has(next)).toBe(false)
          expect(holds(one, next)).toBe(true)
          expect(addressText(next)).not.toBe(config.gateway)
          given.add(next)
        }
        // Network, gateway, broadcast; in a block of two addresses or one there is a gateway alone.
        expect(given.size).toBe(sizeOf(one) > 2 ? sizeOf(one) - 3 : sizeOf(one) - 1)
        if (sizeOf(one) > 2)
          expect([given.has(firstOf(one)), given.has(lastOf(one))]).toEqual([false, false])
      }),
      { numRuns: 50 },
    )
  })
  it('are given again once they came back, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (steps) => {
        const pool = new AddressPool(subnetFor({ subnet: '10.0.0.0/27' }, []))
        const held: number[] = []
        for (const step of steps) {
          for (const back of held.splice(step, 1)) pool.give(back)
          if (held.length === 29) continue
          const next = pool.take()
          expect(held).not.toContain(next)
          held.push(next)
        }
      }),
    )
  })
  it('come from the range, and not from what is kept for others', () => {
    const config = subnetFor(
      {
        subnet: '10.0.0.0/24',
        range: '10.0.0.128/30',
        gateway: '10.0.0.254',
        auxiliary: { router: '10.0.0.129' },
      },
      [],
    )
    const pool = new AddressPool(config)
    expect([pool.take(), pool.take(), pool.take()].map(addressText)).toEqual([
      '10.0.0.128',
      '10.0.0.130',
      '10.0.0.131',
    ])
    expect(() => pool.take()).toThrow('no available addresses on this pool')
  })
  it.each([
    ['10.0.0.1', 'NETWORK_FORBIDDEN', 'Address already in use'],
    [
      '10.0.1.1',
      'INVALID_ARGUMENT',
      "Invalid address 10.0.1.1: It does not belong to any of this network's subnets",
    ],
    [
      'x',
      'INVALID_ARGUMENT',
      "Invalid address x: It does not belong to any of this network's subnets",
    ],
  ])('are given as they are asked for, but for %s', (text, code, message) => {
    const pool = new AddressPool(subnetFor({ subnet: '10.0.0.0/24' }, []))
    expect(addressText(pool.takeThis('10.0.0.77'))).toBe('10.0.0.77')
    expect(() => pool.takeThis('10.0.0.77')).toThrow('Address already in use')
    expect(() => pool.takeThis(text)).toThrow(expect.objectContaining({ code, message }))
  })
})

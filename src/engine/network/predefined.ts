import { createHash } from 'node:crypto'
import { subnetFor } from './ipam.ts'
import type { NetworkRecord } from './network-record.ts'

const DRIVERS = { bridge: 'bridge', host: 'host', none: 'null' } as const

/** The same on every daemon and after each start. */
const idOf = (name: string): string =>
  createHash('sha256').update(`bulkhead predefined network ${name}`).digest('hex')

/** The three networks that every daemon has. `bridge` takes the first of the default pools. */
export const predefinedNetworks = (created: Date): readonly NetworkRecord[] =>
  Object.entries(DRIVERS).map(([name, driver]) => ({
    id: idOf(name),
    name,
    created,
    driver,
    internal: false,
    attachable: false,
    enableIpv6: false,
    options: {},
    labels: {},
    ipamOptions: {},
    ownSubnet: false,
    subnets: driver === 'bridge' ? [subnetFor({}, [])] : [],
  }))

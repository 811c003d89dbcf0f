import { z } from 'zod'
import type { SubnetConfig } from '../network/ipam.ts'
import type { NetworkRecord } from '../network/network-record.ts'
import { orUndefined, shapeOf } from './shape-of.ts'
import type { RecordKind } from './sqlite-store.ts'

const text = z.string()
const texts = z.record(text, text)
const yes = z.boolean()

export const NETWORK: RecordKind<NetworkRecord> = {
  name: 'network',
  shape: shapeOf<NetworkRecord>()({
    id: z.string().regex(/^[0-9a-f]{64}$/),
    name: text,
    created: z.date(),
    driver: z.enum(['bridge', 'host', 'null']),
    internal: yes,
    attachable: yes,
    enableIpv6: yes,
    options: texts,
    labels: texts,
    ipamOptions: texts,
    ownSubnet: yes,
    subnets: z.array(
      shapeOf<SubnetConfig>()({
        subnet: text,
        gateway: text,
        range: orUndefined(text),
        auxiliary: texts,
      }),
    ),
  }),
}

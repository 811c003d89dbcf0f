import { z } from 'zod'
import type { Containers, Networks } from '../../../engine/engine.ts'
import { parseBody } from '../body.ts'
import type { ApiContext, Handler } from '../context.ts'
import { parseFilters } from '../filters.ts'
import { empty, json } from '../json.ts'
import { pruneFits } from '../prune-filters.ts'
import { endpointSchema, settingsOf } from './endpoint-body.ts'
import { checkTypes, NETWORK_FILTERS, networkFits } from './filters.ts'
import { networkInspectShape, networkShape } from './shapes.ts'

const referenceOf = (c: ApiContext): string => c.req.param('name') ?? ''

/** 200, 400. */
export const listNetworks =
  (networks: Pick<Networks, 'list'>): Handler =>
  (c) => {
    const filters = parseFilters(c.req.query('filters'), NETWORK_FILTERS)
    checkTypes(filters)
    const shown = networks.list().filter((network) => networkFits(network, filters))
    return json(shown.map(networkShape))
  }

/** 200, 400 ambiguous, 404. */
export const inspectNetwork =
  (networks: Pick<Networks, 'resolve'>, containers: Pick<Containers, 'resolve'>): Handler =>
  (c) => {
    const nameOf = (id: string): string => containers.resolve(id).record.name
    return json(networkInspectShape(networks.resolve(referenceOf(c)), nameOf))
  }

const text = z.string().nullish()
const yes = z.boolean().nullish()
const texts = z.record(z.string(), z.string()).nullish()
const createSchema = z.object({
  Name: text,
  Driver: text,
  Internal: yes,
  Attachable: yes,
  EnableIPv6: yes,
  Options: texts,
  Labels: texts,
  IPAM: z
    .object({
      Options: texts,
      Config: z
        .array(z.object({ Subnet: text, IPRange: text, Gateway: text, AuxiliaryAddresses: texts }))
        .nullish(),
    })
    .nullish(),
})

/** 201, 400, 403 predefined or overlapping, 404 no such driver, 409 name in use. */
export const createNetwork =
  (networks: Pick<Networks, 'create'>): Handler =>
  async (c) => {
    const body = await parseBody(c, createSchema)
    const id = await networks.create({
      name: body.Name ?? '',
      driver: body.Driver ?? undefined,
      internal: body.Internal ?? undefined,
      attachable: body.Attachable ?? undefined,
      enableIpv6: body.EnableIPv6 ?? undefined,
      options: body.Options ?? undefined,
      labels: body.Labels ?? undefined,
      ipamOptions: body.IPAM?.Options ?? undefined,
      subnets: body.IPAM?.Config?.map((one) => ({
        subnet: one.Subnet ?? undefined,
        range: one.IPRange ?? undefined,
        gateway: one.Gateway ?? undefined,
        auxiliary: one.AuxiliaryAddresses ?? undefined,
      })),
    })
    return json({ Id: id, Warning: '' }, 201)
  }

/** 204, 403 predefined or in use, 404. */
export const removeNetwork =
  (networks: Pick<Networks, 'remove'>): Handler =>
  async (c) => {
    await networks.remove(referenceOf(c))
    return empty(204)
  }

/** `filters`: `label`, `label!`, `until`. 200, 400. */
export const pruneNetworks =
  (networks: Pick<Networks, 'prune'>, now: () => Date): Handler =>
  async (c) => {
    const fits = pruneFits(c.req.query('filters'), now())
    const names = await networks.prune(({ record }) => fits(record.created, record.labels))
    return json({ NetworksDeleted: names.length === 0 ? null : names })
  }

const connectSchema = z.object({ Container: text, EndpointConfig: endpointSchema.nullish() })

/** 200, 400, 403 on it already, 404. */
export const connectNetwork =
  (
    networks: Pick<Networks, 'connect' | 'resolve'>,
    containers: Pick<Containers, 'resolve'>,
  ): Handler =>
  async (c) => {
    const body = await parseBody(c, connectSchema)
    networks.resolve(referenceOf(c))
    const container = containers.resolve(body.Container ?? '')
    await networks.connect(referenceOf(c), container, settingsOf(body.EndpointConfig))
    return empty(200)
  }

const disconnectSchema = z.object({ Container: text, Force: yes })

/** 200, 400, 404, 500 not on it. `Force` needs nothing: an endpoint never outlives its container. */
export const disconnectNetwork =
  (
    networks: Pick<Networks, 'disconnect' | 'resolve'>,
    containers: Pick<Containers, 'resolve'>,
  ): Handler =>
  async (c) => {
    const body = await parseBody(c, disconnectSchema)
    networks.resolve(referenceOf(c))
    await networks.disconnect(referenceOf(c), containers.resolve(body.Container ?? ''))
    return empty(200)
  }

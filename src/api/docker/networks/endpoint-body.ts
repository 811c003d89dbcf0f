import { z } from 'zod'
import type { Attachment } from '../../../engine/network/network-record.ts'

/** `EndpointSettings`: what is read of it. */
export const endpointSchema = z.object({
  Aliases: z.array(z.string()).nullish(),
  IPAMConfig: z.object({ IPv4Address: z.string().nullish() }).nullish(),
})
type EndpointBody = z.output<typeof endpointSchema>

export const settingsOf = (body: EndpointBody | null | undefined): Omit<Attachment, 'network'> => ({
  aliases: body?.Aliases ?? [],
  address: body?.IPAMConfig?.IPv4Address || undefined,
})

/**
 * `NetworkingConfig.EndpointsConfig` of a create: by network.
 *
 * @source engine API reference, 6.1: `default` is the bridge
 */
export const attachmentsOf = (
  endpoints: Readonly<Record<string, EndpointBody | null>> | null | undefined,
): readonly Attachment[] =>
  Object.entries(endpoints ?? {}).map(([network, body]) => ({
    network: network === 'default' ? 'bridge' : network,
    ...settingsOf(body),
  }))

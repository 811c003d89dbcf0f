import { z } from 'zod'
import type { HealthConfig } from '../../../engine/container/root-source.ts'
import { type ApiVersion, since } from '../api-version.ts'

const whole = z.number().int().nullish()

export const healthSchema = z
  .object({
    Test: z.array(z.string()).nullish(),
    Interval: whole,
    Timeout: whole,
    StartPeriod: whole,
    StartInterval: whole,
    Retries: whole,
  })
  .nullish()

/** What the body says of it; `StartInterval` came with 1.44. */
export function healthConfigOf(
  body: z.output<typeof healthSchema>,
  version: ApiVersion,
): HealthConfig | undefined {
  if (body === null || body === undefined) return undefined
  const { StartInterval, ...rest } = body
  const all = since(version, 44) ? { ...rest, StartInterval } : rest
  const said = Object.entries(all).filter(([, value]) => value !== null && value !== undefined)
  // The same keys, without those that say nothing.
  return Object.fromEntries(said) as HealthConfig
}

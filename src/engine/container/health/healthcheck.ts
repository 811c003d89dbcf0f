import { EngineError } from '../../../contract/errors.ts'
import { DEFAULT_SHELL, type HealthConfig } from '../root-source.ts'

/** How it is found out whether a container is well, every value there. Times are ms. */
export interface HealthPlan {
  readonly argv: readonly string[]
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly startPeriodMs: number
  readonly startIntervalMs: number
  readonly retries: number
}

/** @source engine API reference, 6.8 */
const DEFAULTS = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
  retries: 3,
}
const NS_PER_MS = 1_000_000
const TIMES = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

function check(config: HealthConfig): void {
  for (const name of TIMES) {
    const ns = config[name] ?? 0
    if (ns !== 0 && ns < NS_PER_MS) throw invalid(`${name} in Healthcheck cannot be less than 1ms`)
  }
  if ((config.Retries ?? 0) < 0) throw invalid('Retries in Healthcheck cannot be negative')
}

/**
 * The caller's check over the image's, field by field.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source engine API reference, 6.1
 */
export function mergedHealthcheck(
  own: HealthConfig | undefined,
  image: HealthConfig | undefined,
): HealthConfig | undefined {
  if (own === undefined) return image
  check(own)
  const said = Object.entries(own).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== 0,
  )
  return { ...image, ...Object.fromEntries(said) }
}

const times = (ns: number | undefined, fallback: number): number => (ns ? ns / NS_PER_MS : fallback)

function argvOf(
  [kind, ...args]: readonly string[],
  shell: readonly string[],
): readonly string[] | undefined {
  if (kind === 'CMD') return args
  if (kind === 'CMD-SHELL') return [...shell, ...args]
  return undefined
}

/**
 * Undefined where nobody looks: no check, `NONE`, or a kind that is not known.
 *
 * @param shell - of the container, for `CMD-SHELL`.
 */
export function healthPlanOf(
  config: HealthConfig | undefined,
  shell: readonly string[] = DEFAULT_SHELL,
): HealthPlan | undefined {
  const argv = argvOf(config?.Test ?? [], shell)
  if (config === undefined || argv === undefined) return undefined
  return {
    argv,
    intervalMs: times(config.Interval, DEFAULTS.intervalMs),
    timeoutMs: times(config.Timeout, DEFAULTS.timeoutMs),
    startPeriodMs: times(config.StartPeriod, DEFAULTS.startPeriodMs),
    startIntervalMs: times(config.StartInterval, DEFAULTS.startIntervalMs),
    retries: config.Retries || DEFAULTS.retries,
  }
}

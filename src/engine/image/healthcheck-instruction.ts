import { EngineError } from '../../contract/errors.ts'
import { parseDurationMs } from '../../std/duration.ts'
import { mergedHealthcheck } from '../container/health/healthcheck.ts'
import type { HealthConfig } from '../container/root-source.ts'

const invalid = (why: string): EngineError => new EngineError('INVALID_ARGUMENT', why)

/** `["a", "b"]`; undefined for anything else, which Docker takes for a line. */
export function wordList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed) && parsed.every((one) => typeof one === 'string')) return parsed
  } catch {
    // A line that begins with a bracket.
  }
  return undefined
}

const NS_PER_MS = 1_000_000

function nsOf(flag: string, value: string): number {
  // A bare number has no unit.
  const ms = /[a-z]$/.test(value) ? parseDurationMs(value) : undefined
  if (ms !== undefined) return ms * NS_PER_MS
  throw invalid(`invalid duration ${JSON.stringify(value)} of --${flag}`)
}

function countOf(flag: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw invalid(`--${flag} cannot be ${JSON.stringify(value)}`)
}

/** What each flag says. */
const FLAGS = new Map<string, (flag: string, value: string) => HealthConfig>([
  ['interval', (flag, value) => ({ Interval: nsOf(flag, value) })],
  ['timeout', (flag, value) => ({ Timeout: nsOf(flag, value) })],
  ['start-period', (flag, value) => ({ StartPeriod: nsOf(flag, value) })],
  ['start-interval', (flag, value) => ({ StartInterval: nsOf(flag, value) })],
  ['retries', (flag, value) => ({ Retries: countOf(flag, value) })],
])

function testOf(kind: string, text: string): readonly string[] {
  switch (kind.toUpperCase()) {
    case 'NONE':
      if (text === '') return ['NONE']
      throw invalid('HEALTHCHECK NONE takes no arguments')
    case 'CMD': {
      if (text === '') throw invalid('Missing command after HEALTHCHECK CMD')
      const words = wordList(text)
      return words === undefined ? ['CMD-SHELL', text] : ['CMD', ...words]
    }
    default:
      throw invalid(`Unknown type ${JSON.stringify(kind)} in HEALTHCHECK (try CMD)`)
  }
}

/**
 * What `HEALTHCHECK [--flag=value ...] CMD command`, or `HEALTHCHECK NONE`, says.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source the Dockerfile reference, "HEALTHCHECK"
 */
export function healthcheckOf(text: string): HealthConfig {
  let config: HealthConfig = {}
  let rest = text
  for (;;) {
    const [whole = '', flag = '', value = ''] = /^--([a-z-]+)=(\S*)\s*/.exec(rest) ?? []
    if (whole === '') break
    const said = FLAGS.get(flag)
    if (said === undefined) throw invalid(`Unknown flag: ${flag}`)
    config = { ...config, ...said(flag, value) }
    rest = rest.slice(whole.length)
  }
  const [, kind = '', command = ''] = /^(\S+)\s*(.*)$/s.exec(rest) ?? []
  if (kind === '') throw invalid('HEALTHCHECK requires at least one argument')
  return { ...mergedHealthcheck(config, undefined), Test: testOf(kind, command) }
}

import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import {
  type ContainerSpec,
  DEFAULT_LOG,
  LOG_DRIVERS,
  type LogBounds,
  type LogDriver,
  type LogOptions,
} from '../../../engine/container/container-spec.ts'
import { parseDecimalSizeBytes } from '../../../std/size.ts'

export const logConfigSchema = z
  .object({ Type: z.string().nullish(), Config: z.record(z.string(), z.string()).nullish() })
  .nullish()

type Config = Readonly<Record<string, string>>

/** Of every driver but `none`, which takes whatever is said. @source moby daemon/logger/factory.go */
const OF_ALL = ['mode', 'max-buffer-size']
const OF_FILES = ['max-size', 'max-file', 'compress']
const KNOWN: Readonly<Record<Exclude<LogDriver, 'none'>, readonly string[]>> = {
  'json-file': [...OF_ALL, ...OF_FILES, 'labels', 'labels-regex', 'env', 'env-regex', 'tag'],
  local: [...OF_ALL, ...OF_FILES],
}
const MODES = ['blocking', 'non-blocking', '']

/** Files that are kept where a size is given and no number of them. @source docker docs, logging drivers */
const FILES: Readonly<Record<LogDriver, number>> = { 'json-file': 1, local: 5, none: 1 }

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

function checkKnown(driver: Exclude<LogDriver, 'none'>, config: Config): void {
  const mode = config['mode'] ?? ''
  if (!MODES.includes(mode)) throw invalid(`logger: logging mode not supported: ${mode}`)
  if (config['max-buffer-size'] !== undefined && mode !== 'non-blocking') {
    throw invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'")
  }
  const unknown = Object.keys(config).find((name) => !KNOWN[driver].includes(name))
  if (unknown === undefined) return
  throw invalid(`unknown log opt '${unknown}' for ${driver} log driver`)
}

function maxBytesOf(text: string): number {
  const bytes = parseDecimalSizeBytes(text)
  if (bytes === undefined) throw invalid(`invalid size: '${text}'`)
  if (bytes <= 0) throw invalid('max-size must be a positive number')
  return bytes
}

function maxFilesOf(text: string): number {
  const files = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(files)) throw invalid(`invalid max-file ${JSON.stringify(text)}`)
  if (files < 1) throw invalid('max-file cannot be less than 1')
  return files
}

function boundsOf(driver: LogDriver, config: Config): LogBounds {
  const { 'max-size': size, 'max-file': files } = config
  const { maxBytes, maxFiles } = DEFAULT_LOG
  return {
    maxBytes: size === undefined ? maxBytes : maxBytesOf(size),
    maxFiles:
      files === undefined ? (size === undefined ? maxFiles : FILES[driver]) : maxFilesOf(files),
  }
}

/**
 * How the output of a container is kept. Where nothing is said of sizes, this daemon's own bounds hold,
 * not Docker's none.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source docker docs: "JSON File logging driver", "Local file logging driver"
 */
export function logOptionsOf(given: z.output<typeof logConfigSchema>): LogOptions {
  const name = given?.Type || DEFAULT_LOG.driver
  const driver = LOG_DRIVERS.find((known) => known === name)
  if (driver === undefined) {
    throw invalid(`logger: no log driver named '${name}' is registered`)
  }
  const asked = given?.Config ?? {}
  if (driver === 'none') return { ...DEFAULT_LOG, driver, asked }
  checkKnown(driver, asked)
  return { driver, asked, ...boundsOf(driver, asked) }
}

/** What is accepted and changes nothing: output never waits in a buffer, and files stay as they are. */
const IGNORED = ['compress', 'mode', 'max-buffer-size', 'labels-regex', 'env-regex', 'tag']

/** What the client is told of them. */
export const ignoredLogOptions = (given: z.output<typeof logConfigSchema>): readonly string[] =>
  Object.keys(given?.Config ?? {})
    .filter((name) => given?.Type !== 'none' && IGNORED.includes(name))
    .map((name) => `Log option ${name} was ignored: this version has no such option.`)

/** The variables and labels of its container that the lines of a log are to be told with. */
export function logAttributes({
  log,
  env,
  labels,
}: ContainerSpec): Readonly<Record<string, string>> {
  const chosen = (list: string | undefined, from: ReadonlyMap<string, string>) =>
    (list ?? '').split(',').flatMap((name) => {
      const value = from.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
  const variables = env.map((entry): [string, string] => {
    const at = entry.indexOf('=')
    return [entry.slice(0, at), entry.slice(at + 1)]
  })
  return Object.fromEntries([
    ...chosen(log.asked['labels'], new Map(Object.entries(labels))),
    ...chosen(log.asked['env'], new Map(variables)),
  ])
}

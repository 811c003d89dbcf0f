import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { EngineError } from '../contract/errors.ts'
import { defaultDataDirectory } from './data-directory.ts'
import { type Listen, parseListen } from './listen.ts'
import {
  CONFIG_FILE,
  DEFAULT_LISTEN,
  DEFAULT_SLOTS,
  MOST_SLOTS,
  SETTINGS,
  type Setting,
  type SettingName,
} from './settings.ts'

export interface DaemonSettings {
  readonly listen: readonly Listen[]
  readonly dataDir: string
  readonly tokenFile: string | undefined
  readonly slots: number
}

/** What was said of a setting. */
interface Said {
  readonly value: unknown
  /** For the text of an error. */
  readonly where: string
  /** Where relative paths begin. */
  readonly base: string
}

const NAMES = Object.keys(SETTINGS) as SettingName[] // the keys of that very table

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

const address = z.string('a text is wanted').transform((text, context) => {
  try {
    return parseListen(text)
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error))
    return z.NEVER
  }
})
const one = (value: unknown): unknown => (typeof value === 'string' ? [value] : value)
const digits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
const path = z.string('a path is wanted').regex(/^[^\0]+$/, 'a path is wanted')
const slots = `1 to ${MOST_SLOTS} is accepted`

/** What is accepted, wherever it was said. */
const SCHEMAS = {
  listen: z.preprocess(
    one,
    z.array(address, 'a list of addresses is wanted').min(1, 'none is given'),
  ),
  dataDir: path,
  tokenFile: path,
  slots: z.preprocess(digits, z.int(slots).min(1, slots).max(MOST_SLOTS, slots)),
} satisfies Record<SettingName, z.ZodType>

/** EngineError INVALID_ARGUMENT, naming the setting and where it was said. */
function checked<N extends SettingName>(
  name: N,
  said: Said | undefined,
): z.infer<(typeof SCHEMAS)[N]> | undefined {
  if (said === undefined) return undefined
  const schema: z.ZodType = SCHEMAS[name]
  const result = schema.safeParse(said.value)
  if (!result.success) throw invalid(`${said.where}: ${result.error.issues[0]?.message ?? ''}`)
  return result.data as z.infer<(typeof SCHEMAS)[N]> // of that very schema
}

function contentOf(file: string): Readonly<Record<string, unknown>> {
  const fault = (why: string): EngineError => invalid(`config file ${file}: ${why}`)
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw fault(`invalid JSON: ${error.message}`)
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw fault(`cannot be read: ${code}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw fault('an object is wanted')
  }
  const foreign = Object.keys(content).find((key) => !Object.hasOwn(SETTINGS, key))
  if (foreign !== undefined) {
    throw fault(`unknown setting ${JSON.stringify(foreign)}; these are known: ${NAMES.join(', ')}`)
  }
  return content as Readonly<Record<string, unknown>> // an object, as was looked at
}

/** A variable that is empty says nothing. */
function ofVariable({ variable, many }: Setting, environment: NodeJS.ProcessEnv): Said | undefined {
  const text = environment[variable]
  if (text === undefined || text === '') return undefined
  const value = many === undefined ? text : text.split(',').map((piece) => piece.trim())
  return { value, where: variable, base: '.' }
}

const ofFlag = ({ flag }: Setting, value: unknown): Said | undefined =>
  value === undefined ? undefined : { value, where: flag.split(' ')[0] ?? flag, base: '.' }

/**
 * The settings of a daemon: each from its flag, else from its variable, else from the config file.
 *
 * @param flags - what commander has read, by the keys of the settings, and `config`.
 * @throws EngineError `INVALID_ARGUMENT`, naming the setting and where it was said.
 */
export function readSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<NodeJS.ProcessEnv>,
): DaemonSettings {
  const named = ofFlag(CONFIG_FILE, flags['config']) ?? ofVariable(CONFIG_FILE, environment)
  const file = named === undefined ? undefined : String(named.value)
  const content = file === undefined ? {} : contentOf(file)
  const ofFile = (name: SettingName): Said | undefined =>
    file === undefined || content[name] === undefined
      ? undefined
      : { value: content[name], where: `${JSON.stringify(name)} in ${file}`, base: dirname(file) }
  const said = (name: SettingName): Said | undefined =>
    ofFlag(SETTINGS[name], flags[name]) ?? ofVariable(SETTINGS[name], environment) ?? ofFile(name)
  const pathOf = (name: 'dataDir' | 'tokenFile'): string | undefined => {
    const found = said(name)
    const path = checked(name, found)
    return path === undefined ? undefined : resolve(found?.base ?? '.', path)
  }
  return {
    listen: checked('listen', said('listen')) ?? [parseListen(DEFAULT_LISTEN)],
    dataDir: pathOf('dataDir') ?? resolve(defaultDataDirectory(environment)),
    tokenFile: pathOf('tokenFile'),
    slots: checked('slots', said('slots')) ?? DEFAULT_SLOTS,
  }
}

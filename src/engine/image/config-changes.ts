import { EngineError } from '../../contract/errors.ts'
import { signalOf } from '../../contract/signals.ts'
import { DEFAULT_SHELL, type ImageConfig } from '../container/root-source.ts'
import { healthcheckOf, wordList } from './healthcheck-instruction.ts'

const invalid = (why: string): EngineError => new EngineError('INVALID_ARGUMENT', why)

/** `["a", "b"]` as it is; anything else is a line for the image's shell. */
const commandOf = (text: string, { Shell }: Pick<ImageConfig, 'Shell'>): readonly string[] =>
  wordList(text) ?? [...(Shell ?? DEFAULT_SHELL), text]

const WORD = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+))/gs

/** Words of an instruction, quotes taken off. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let end = 0
  for (const match of text.matchAll(WORD)) {
    const [whole, double, single, bare] = match
    const word = (double ?? bare)?.replace(/\\(.)/gs, '$1') ?? single ?? ''
    const joined = match.index === end && words.length > 0
    if (joined) words.push(`${words.pop()}${word}`)
    else words.push(word)
    end = match.index + whole.length
  }
  return words
}

/** `A=b C=d`, or the old form `A b c`. */
function pairsOf(name: string, text: string): readonly (readonly [string, string])[] {
  const words = wordsOf(text)
  const [first = ''] = words
  if (!first.includes('=')) {
    const value = text.trim().slice(first.length).trim()
    if (first === '' || value === '') throw invalid(`${name} must have two arguments`)
    return [[first, value]]
  }
  return words.map((word) => {
    const at = word.indexOf('=')
    if (at < 1) throw invalid(`Syntax error - can't find = in ${JSON.stringify(word)}`)
    return [word.slice(0, at), word.slice(at + 1)]
  })
}

function withEnv(env: readonly string[], text: string): readonly string[] {
  const all = new Map(env.map((entry) => [entry.split('=', 1)[0] ?? '', entry]))
  for (const [name, value] of pairsOf('ENV', text)) all.set(name, `${name}=${value}`)
  return [...all.values()]
}

const setOf = (names: readonly string[]): Readonly<Record<string, object>> =>
  Object.fromEntries(names.map((name) => [name, {}]))

/** `["/a", "/b"]`, or words. */
function volumesOf(text: string): readonly string[] {
  const paths = text.startsWith('[') ? commandOf(text, {}) : wordsOf(text)
  if (paths.length === 0) throw invalid('VOLUME requires at least one argument')
  const odd = paths.find((path) => !path.startsWith('/'))
  if (odd !== undefined) throw invalid(`VOLUME must be an absolute path: ${JSON.stringify(odd)}`)
  return paths
}

const PORT = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/
const LAST_PORT = 65_535

function portOf(text: string): string {
  const [, number = '', protocol = 'tcp'] = PORT.exec(text) ?? []
  if (number !== '' && Number(number) >= 1 && Number(number) <= LAST_PORT) {
    return `${Number(number)}/${protocol}`
  }
  throw invalid(`invalid containerPort: ${text}`)
}

/** @source Dockerfile reference, ONBUILD */
function triggerOf(text: string): string {
  const [word = ''] = text.split(/\s/, 1)
  const name = word.toUpperCase()
  if (name === 'ONBUILD') {
    throw invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
  }
  if (name === 'FROM' || name === 'MAINTAINER') {
    throw invalid(`${name} isn't allowed as an ONBUILD trigger`)
  }
  if (name === '') throw invalid('ONBUILD requires at least one argument')
  return text
}

function stopSignalOf(text: string): string {
  signalOf(text)
  return text
}

/** What each instruction does to a configuration. */
const INSTRUCTIONS: Readonly<
  Record<string, (config: ImageConfig, text: string) => Partial<ImageConfig>>
> = {
  CMD: (config, text) => ({ Cmd: commandOf(text, config) }),
  ENTRYPOINT: (config, text) => ({ Entrypoint: commandOf(text, config) }),
  EXPOSE: ({ ExposedPorts }, text) => ({
    ExposedPorts: { ...ExposedPorts, ...setOf(wordsOf(text).map(portOf)) },
  }),
  ONBUILD: ({ OnBuild }, text) => ({ OnBuild: [...(OnBuild ?? []), triggerOf(text)] }),
  STOPSIGNAL: (_, text) => ({ StopSignal: stopSignalOf(text) }),
  VOLUME: ({ Volumes }, text) => ({ Volumes: { ...Volumes, ...setOf(volumesOf(text)) } }),
  ENV: (config, text) => ({ Env: withEnv(config.Env, text) }),
  HEALTHCHECK: (_, text) => ({ Healthcheck: healthcheckOf(text) }),
  LABEL: (config, text) => ({
    Labels: { ...config.Labels, ...Object.fromEntries(pairsOf('LABEL', text)) },
  }),
  USER: (_, text) => ({ User: text }),
  WORKDIR: (config, text) => ({
    WorkingDir: text.startsWith('/') ? text : `${config.WorkingDir.replace(/\/$/, '')}/${text}`,
  }),
}

/**
 * A configuration after some lines of a Dockerfile.
 *
 * @throws EngineError `INVALID_ARGUMENT`: an instruction that is not known, or cannot be read.
 * @source docker-commit(1), "--change"
 */
export function changedConfig(config: ImageConfig, changes: readonly string[]): ImageConfig {
  let changed = config
  let saysCommand = false
  for (const line of changes.flatMap((change) => change.split('\n'))) {
    const [, name = '', text = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(line) ?? []
    if (name === '') continue
    const keyword = name.toUpperCase()
    const instruction = INSTRUCTIONS[keyword]
    if (instruction === undefined) throw invalid(`${keyword} is not a valid change command`)
    changed = { ...changed, ...instruction(changed, text) }
    if (keyword === 'CMD') saysCommand = true
    // The old entrypoint takes its command away with it, and not one of these lines.
    if (keyword === 'ENTRYPOINT' && !saysCommand) changed = { ...changed, Cmd: [] }
  }
  return changed
}

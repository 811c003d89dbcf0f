import { totalmem } from 'node:os'
import { EngineError } from '../../../contract/errors.ts'
import type { ProcessFacts } from '../../../engine/container/top.ts'

/** What ps can tell of a process, by its own names for it. */
type Cell = (process: ProcessFacts, now: Date) => string

const two = (value: number): string => String(value).padStart(2, '0')
const KIB = 1_024

/** The time of day for what began today, else month and day. */
function began({ startedAt }: ProcessFacts, now: Date): string {
  const time = startedAt.toISOString()
  if (now.getTime() - startedAt.getTime() < 24 * 3_600_000) return time.slice(11, 16)
  const month = startedAt.toLocaleString('en', { month: 'short', timeZone: 'UTC' })
  return `${month}${time.slice(8, 10)}`
}

const cpuSeconds = ({ cpuMs }: ProcessFacts): number => Math.floor(cpuMs / 1_000)

/** hh:mm:ss, as `ps -ef` has it. */
function longTime(process: ProcessFacts): string {
  const seconds = cpuSeconds(process)
  const minutes = Math.floor(seconds / 60)
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** m:ss, as `ps aux` has it. */
const shortTime = (process: ProcessFacts): string =>
  `${Math.floor(cpuSeconds(process) / 60)}:${two(cpuSeconds(process) % 60)}`

function cpuPercent({ cpuMs, startedAt }: ProcessFacts, now: Date): number {
  const lived = now.getTime() - startedAt.getTime()
  return lived <= 0 ? 0 : (100 * cpuMs) / lived
}

const size: Cell = ({ memory }) => String(Math.ceil(memory / KIB))
/** Nothing of it is left but its end. */
const isGone = ({ state }: ProcessFacts): boolean => state === 'zombie'
const name: Cell = (process) => (isGone(process) ? `${process.command} <defunct>` : process.command)
/** One without arguments is shown by its name, in brackets. */
function command(process: ProcessFacts): string {
  if (isGone(process)) return `[${process.command}] <defunct>`
  return process.commandLine === '' ? `[${process.command}]` : process.commandLine
}
const pid: Cell = (process) => String(process.pid)
/** A host has no names for the users of a container, but for root's. */
const user: Cell = ({ uid }) => (uid === 0 ? 'root' : String(uid))
const LETTER: Readonly<Record<ProcessFacts['state'], string>> = {
  running: 'R',
  sleeping: 'S',
  stopped: 'T',
  zombie: 'Z',
}
const state: Cell = (process) => LETTER[process.state]
const terminal: Cell = ({ hasTerminal }) => (hasTerminal ? 'pts/0' : '?')

interface Column {
  readonly title: string
  readonly cell: Cell
}
const column = (title: string, cell: Cell): Column => ({ title, cell })

const COMM = column('COMMAND', name)
const CPU = column('%CPU', (process, now) => cpuPercent(process, now).toFixed(1))
const MEMORY = column('%MEM', (process) => ((100 * process.memory) / totalmem()).toFixed(1))
const VSZ = column('VSZ', size)
const USER = column('USER', user)

/** The words of `-o`. @source ps(1), "STANDARD FORMAT SPECIFIERS" */
const COLUMNS: ReadonlyMap<string, Column> = new Map([
  ['pid', column('PID', pid)],
  ['ppid', column('PPID', ({ parentPid }) => String(parentPid))],
  ['user', USER],
  ['euser', column('EUSER', user)],
  ['uid', column('UID', user)],
  ['c', column('C', (process, now) => String(Math.trunc(cpuPercent(process, now))))],
  ['%cpu', CPU],
  ['pcpu', CPU],
  ['%mem', MEMORY],
  ['pmem', MEMORY],
  ['vsz', VSZ],
  ['rss', column('RSS', size)],
  ['tty', column('TT', terminal)],
  ['tname', column('TTY', terminal)],
  ['stat', column('STAT', state)],
  ['s', column('S', state)],
  ['stime', column('STIME', began)],
  ['start', column('START', began)],
  ['time', column('TIME', longTime)],
  ['cmd', column('CMD', command)],
  ['args', column('COMMAND', command)],
  ['command', column('COMMAND', command)],
  ['comm', COMM],
])

const named = (words: string): readonly Column[] =>
  words.split(/[\s,]+/).flatMap((word) => COLUMNS.get(word) ?? [])

const FULL = named('uid pid ppid c stime tname time cmd')
const BSD: readonly Column[] = [
  ...named('user pid %cpu %mem vsz rss tname stat start'),
  column('TIME', shortTime),
  column('COMMAND', command),
]
const PLAIN: readonly Column[] = [...named('pid tname time'), column('CMD', COMM.cell)]
const BSD_PLAIN: readonly Column[] = [
  ...named('pid tname stat'),
  column('TIME', shortTime),
  column('COMMAND', command),
]

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

function ownFormat(words: string): readonly Column[] {
  return words.split(',').map((word) => {
    const [name = '', title] = word.split('=', 2)
    const found = COLUMNS.get(name.toLowerCase())
    if (found === undefined) {
      throw invalid(`ps: error: unknown user-defined format specifier "${name}"`)
    }
    return title === undefined ? found : { ...found, title }
  })
}

/** Letters of a group of options: which rows are shown is not theirs here, only the columns. */
function styleOf(letters: string, dashed: boolean): readonly Column[] {
  if (!/^[aefuxwlA]*$/.test(letters)) throw invalid(`ps: error: unsupported option: ${letters}`)
  if (dashed) return letters.includes('f') ? FULL : PLAIN
  return letters.includes('u') ? BSD : BSD_PLAIN
}

interface PsOption {
  readonly style?: readonly Column[]
  readonly own?: readonly Column[]
  /** The next word belonged to it. */
  readonly tookNext?: boolean
}

/** One word of the arguments; `o` takes what is behind it, or the next word. */
function optionOf(word: string, next: string): PsOption {
  const dashed = word.startsWith('-')
  const letters = dashed ? word.slice(1) : word
  const at = letters.indexOf('o')
  if (at === -1) return { style: styleOf(letters, dashed) }
  const style = at === 0 ? {} : { style: styleOf(letters.slice(0, at), dashed) }
  const joined = letters.slice(at + 1)
  return { ...style, own: ownFormat(joined || next), tookNext: joined === '' }
}

/**
 * The columns that `ps` with these arguments would print: `-ef`, `aux`, `-o pid,cmd` and their like.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 * @source ps(1); engine API reference, 5
 */
export function columnsOf(psArguments: string): readonly Column[] {
  const words = psArguments.split(/\s+/).filter((word) => word !== '')
  const chosen: Column[] = []
  let style = PLAIN
  for (let index = 0; index < words.length; index += 1) {
    const option = optionOf(words[index] ?? '', words[index + 1] ?? '')
    style = option.style ?? style
    chosen.push(...(option.own ?? []))
    if (option.tookNext === true) index += 1
  }
  const columns = chosen.length > 0 ? chosen : style
  if (columns.some(({ title }) => title === 'PID')) return columns
  throw invalid("Couldn't find PID field in ps output")
}

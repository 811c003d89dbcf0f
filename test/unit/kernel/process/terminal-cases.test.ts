import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  CHARACTER,
  INPUT,
  LOCAL,
  OUTPUT,
  SANE,
  type Termios,
} from '../../../../src/contract/termios.ts'
import { newTerminal } from '../../../support/terminal.ts'

type Flags = Partial<Record<'input' | 'output' | 'local', readonly string[]>>
/** As `test/support/pty/make-cases.py` has it of a Linux pseudo-terminal. */
interface Case {
  readonly name: string
  readonly type: readonly string[]
  readonly set?: Flags
  readonly clear?: Flags
  readonly keys?: Readonly<Record<string, number>>
  readonly written?: string
  readonly size?: number
  readonly reads: readonly string[]
  readonly signals: readonly number[]
  readonly echoed: string
}
const CASES = JSON.parse(readFileSync('test/support/pty/cases.json', 'utf8')) as readonly Case[]

const TABLES: Readonly<Record<keyof Flags, Readonly<Record<string, number>>>> = {
  input: INPUT,
  output: OUTPUT,
  local: LOCAL,
}
const bitsOf = (field: keyof Flags, { [field]: names = [] }: Flags = {}): number =>
  names.reduce((bits, name) => bits | (TABLES[field][name] ?? Number.NaN), 0)

function settingsOf({ set, clear, keys = {} }: Case): Termios {
  const characters = SANE.characters.slice()
  const places: Readonly<Record<string, number>> = CHARACTER
  for (const [name, value] of Object.entries(keys)) characters[places[name] ?? 99] = value
  const flags = (field: keyof Flags): number =>
    (SANE[field] | bitsOf(field, set)) & ~bitsOf(field, clear)
  const [input, output, local] = [flags('input'), flags('output'), flags('local')]
  return { ...SANE, input, output, local, characters }
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const shown = (hex: string): string => bytes(hex).toString('latin1')

function played(one: Case, chunk: number) {
  const terminal = newTerminal()
  terminal.device.set(settingsOf(one), 'now')
  if (one.written !== undefined) terminal.write(bytes(one.written))
  const typed = Buffer.concat(one.type.map(bytes))
  for (let at = 0; at < typed.length; at += chunk) {
    terminal.type(typed.subarray(at, at + chunk))
    terminal.device.pump()
  }
  const reads: string[] = []
  for (;;) {
    const read = terminal.read(one.size ?? 8_192)
    if (read === undefined) break
    reads.push(Buffer.from(read).toString('latin1'))
  }
  return { reads, echoed: terminal.screen(), signals: terminal.signals.map(([, signal]) => signal) }
}

describe('a terminal does as a pseudo-terminal of Linux', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const expected = {
      reads: one.reads.map(shown),
      echoed: shown(one.echoed),
      signals: one.signals,
    }
    // However the keys come.
    for (const chunk of [10_000, 1, 3]) expect(played(one, chunk)).toEqual(expected)
  })
})

import { Errno } from '../../contract/errno.ts'
import type { TerminalDevice } from '../../contract/terminal.ts'
import { LOCAL, OUTPUT } from '../../contract/termios.ts'
import { changing } from '../bulkhead/terminal.ts'
import type { CallContext, Step } from '../preview1/call.ts'

/**
 * cols@0 rows@4 width@8 height@12, of 32 bits; then a byte each: stdin_tty@16 stdout_tty@17
 * stderr_tty@18 echo@19 line_buffered@20 line_feeds@21. @source the guests' reference, 6.2, `tty`
 */
export const TTY_BYTES = 24
const STANDARD = [0, 1, 2] as const

function terminalOf({ process }: CallContext, fd: number): TerminalDevice | undefined {
  const file = process.fds.get(fd)
  return file.ok ? file.value.handle?.terminal : undefined
}

/** Of the first standard stream that is one. */
const standardTerminal = (call: CallContext): TerminalDevice | undefined =>
  STANDARD.map((fd) => terminalOf(call, fd)).find((one) => one !== undefined)

/** NOTTY: no standard stream is a terminal. */
export function ttyGet(call: CallContext, out: number): Errno {
  const terminal = standardTerminal(call)
  if (terminal === undefined) return Errno.NOTTY
  const view = call.memory.zeroed(out, TTY_BYTES)
  if (!view.ok) return view.errno
  const { size, settings } = terminal
  view.value.setUint32(0, size.columns, true)
  view.value.setUint32(4, size.rows, true)
  const flags = [
    ...STANDARD.map((fd) => terminalOf(call, fd) !== undefined),
    (settings.local & LOCAL.ECHO) !== 0,
    (settings.local & LOCAL.ICANON) !== 0,
    (settings.output & OUTPUT.ONLCR) !== 0,
  ]
  for (const [index, flag] of flags.entries()) view.value.setUint8(16 + index, Number(flag))
  return Errno.SUCCESS
}

const withBit = (bits: number, bit: number, on: boolean): number => (on ? bits | bit : bits & ~bit)

/** Size, echo and lines; what streams are terminals is not to be set. NOTTY as above. */
export function ttySet(call: CallContext, from: number): Step {
  const terminal = standardTerminal(call)
  if (terminal === undefined) return Errno.NOTTY
  const bytes = call.memory.view(from, TTY_BYTES)
  if (!bytes.ok) return bytes.errno
  const view = new DataView(bytes.value.slice().buffer)
  const on = (at: number): boolean => view.getUint8(at) !== 0
  return changing(terminal, () => {
    const { settings } = terminal
    const lines = withBit(settings.local, LOCAL.ICANON, on(20))
    const local = withBit(lines, LOCAL.ECHO, on(19))
    const output = withBit(settings.output, OUTPUT.ONLCR, on(21))
    terminal.set({ ...settings, local, output }, 'now')
    terminal.resize({ columns: view.getUint16(0, true), rows: view.getUint16(4, true) })
    return Errno.SUCCESS
  })
}

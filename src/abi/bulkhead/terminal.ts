import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { SettingsTime, TerminalDevice } from '../../contract/terminal.ts'
import { CHARACTERS } from '../../contract/termios.ts'
import { joinable } from '../../kernel/process/process-groups.ts'
import { type CallContext, type Step, suspended } from '../preview1/call.ts'

export const ATTRIBUTES_BYTES = 56
export const WINDOW_BYTES = 8
const CHARACTERS_AT = 16
const SPEEDS_AT = 48
/** B38400: what a line that is none says. */
const SPEED = 15

/** By their numbers in tcsetattr(3). */
const TIMES: readonly SettingsTime[] = ['now', 'drain', 'flush']

/** BADF; NOTTY: it is no terminal. */
function terminalAt({ process }: CallContext, fd: number): Result<TerminalDevice> {
  const file = process.fds.get(fd >>> 0)
  if (!file.ok) return file
  const { handle } = file.value
  return handle?.terminal === undefined ? fail(Errno.NOTTY) : ok(handle.terminal)
}

/** As `terminalAt`; NOTTY too for one that does not control the caller's session. */
function controllingAt(call: CallContext, fd: number): Result<TerminalDevice> {
  const terminal = terminalAt(call, fd)
  if (!terminal.ok) return terminal
  return terminal.value.session === call.process.sessionId ? terminal : fail(Errno.NOTTY)
}

/** Once the caller may change it: one in the background is stopped before. */
export function changing(terminal: TerminalDevice, change: () => Errno): Step {
  const allowed = terminal.change()
  if (allowed.ok === 'blocked') return suspended(allowed, () => changing(terminal, change))
  return allowed.ok ? change() : allowed.errno
}

/** iflag@0 oflag@4 cflag@8 lflag@12 cc@16, of 32 bytes, ispeed@48 ospeed@52. @source tcgetattr(3) */
export function ttyAttributesGet(call: CallContext, fd: number, out: number): Errno {
  const terminal = terminalAt(call, fd)
  if (!terminal.ok) return terminal.errno
  const view = call.memory.zeroed(out, ATTRIBUTES_BYTES)
  if (!view.ok) return view.errno
  const { input, output, control, local, characters } = terminal.value.settings
  for (const [index, word] of [input, output, control, local].entries()) {
    view.value.setUint32(index * 4, word, true)
  }
  for (const [index, byte] of characters.entries()) {
    view.value.setUint8(CHARACTERS_AT + index, byte)
  }
  view.value.setUint32(SPEEDS_AT, SPEED, true)
  view.value.setUint32(SPEEDS_AT + 4, SPEED, true)
  return Errno.SUCCESS
}

/** Speeds are taken and mean nothing. INVAL: no such time. @source tcsetattr(3) */
export function ttyAttributesSet(call: CallContext, fd: number, time: number, from: number): Step {
  const terminal = terminalAt(call, fd)
  if (!terminal.ok) return terminal.errno
  const when = TIMES[time]
  if (when === undefined) return Errno.INVAL
  const bytes = call.memory.view(from, ATTRIBUTES_BYTES)
  if (!bytes.ok) return bytes.errno
  const copy = bytes.value.slice()
  const view = new DataView(copy.buffer)
  const settings = {
    input: view.getUint32(0, true),
    output: view.getUint32(4, true),
    control: view.getUint32(8, true),
    local: view.getUint32(12, true),
    characters: copy.slice(CHARACTERS_AT, CHARACTERS_AT + CHARACTERS),
  }
  return changing(terminal.value, () => {
    terminal.value.set(settings, when)
    return Errno.SUCCESS
  })
}

/** rows@0 columns@2, of 16 bits, and the same in pixels, which nobody knows. @source ioctl_tty(2) */
export function ttyWindowGet(call: CallContext, fd: number, out: number): Errno {
  const terminal = terminalAt(call, fd)
  if (!terminal.ok) return terminal.errno
  const view = call.memory.zeroed(out, WINDOW_BYTES)
  if (!view.ok) return view.errno
  const { rows, columns } = terminal.value.size
  view.value.setUint16(0, rows, true)
  view.value.setUint16(2, columns, true)
  return Errno.SUCCESS
}

/** @source ioctl_tty(2), TIOCSWINSZ */
export function ttyWindowSet(call: CallContext, fd: number, from: number): Errno {
  const terminal = terminalAt(call, fd)
  if (!terminal.ok) return terminal.errno
  const bytes = call.memory.view(from, WINDOW_BYTES)
  if (!bytes.ok) return bytes.errno
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset, WINDOW_BYTES)
  terminal.value.resize({ rows: view.getUint16(0, true), columns: view.getUint16(2, true) })
  return Errno.SUCCESS
}

/** @source tcgetpgrp(3) */
export function ttyGroupGet(call: CallContext, fd: number, out: number): Errno {
  const terminal = controllingAt(call, fd)
  return terminal.ok ? call.memory.writeU32(out, terminal.value.foreground) : terminal.errno
}

/** INVAL: no group; PERM: none of the session. @source tcsetpgrp(3) */
export function ttyGroupSet(call: CallContext, fd: number, group: number): Step {
  const terminal = controllingAt(call, fd)
  if (!terminal.ok) return terminal.errno
  if (group <= 0) return Errno.INVAL
  const { namespace, sessionId } = call.process
  return changing(terminal.value, () => {
    // By now: the call may have waited.
    const there = joinable(namespace, group, sessionId)
    if (!there.ok) return there.errno
    terminal.value.foreground = group
    return Errno.SUCCESS
  })
}

/** @source tcgetsid(3) */
export function ttySessionGet(call: CallContext, fd: number, out: number): Errno {
  const terminal = controllingAt(call, fd)
  return terminal.ok ? call.memory.writeU32(out, terminal.value.session) : terminal.errno
}

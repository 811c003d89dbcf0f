import { SANE, type Termios } from '../../src/contract/termios.ts'
import { Terminal, type TerminalCaller } from '../../src/kernel/process/terminal.ts'

export const LEADER: TerminalCaller = {
  groupId: 5,
  sessionId: 5,
  isStopped: () => false,
  ignores: () => false,
}

export interface TerminalOptions {
  /** Bytes the other side takes before it must be asked to take more. */
  readonly room?: number
  readonly orphans?: readonly number[]
}

/** A terminal whose other side is a keyboard and a screen in memory. Session and foreground are 5. */
export function newTerminal({
  room = Number.POSITIVE_INFINITY,
  orphans = [],
}: TerminalOptions = {}) {
  const keyboard: number[] = []
  const screen: number[] = []
  const signals: (readonly [group: number, signal: number])[] = []
  const state = { room, gone: false, ended: false, now: 0, caller: LEADER }
  const device = new Terminal({
    number: 0,
    input: {
      read: (into) => {
        if (keyboard.length === 0) return state.ended ? 0 : undefined
        const bytes = keyboard.splice(0, into.length)
        into.set(bytes)
        return bytes.length
      },
      available: () => (keyboard.length === 0 && state.ended ? -1 : keyboard.length),
    },
    output: {
      write: (from) => {
        if (state.gone) return undefined
        const taken = from.subarray(0, state.room)
        screen.push(...taken)
        state.room -= taken.length
        return taken.length
      },
      room: () => (state.gone ? -1 : state.room),
    },
    size: { rows: 24, columns: 80 },
    jobs: {
      caller: () => state.caller,
      isOrphan: (group) => orphans.includes(group),
      signal: (group, signal) => void signals.push([group, signal]),
    },
    now: () => state.now,
  })
  device.session = 5
  device.foreground = 5
  const handle = device.handle()
  return {
    device,
    handle,
    state,
    signals,
    type: (bytes: Uint8Array | string) => void keyboard.push(...Buffer.from(bytes)),
    left: () => keyboard.length,
    /** Undefined: it would wait. */
    read: (size = 8_192): Uint8Array | undefined => {
      const into = new Uint8Array(size)
      const done = handle.read(into, 0)
      return done.ok === true ? into.subarray(0, done.value) : undefined
    },
    write: (bytes: Uint8Array | string) => handle.write(Buffer.from(bytes), 0),
    /** What the screen got since the last time, as Latin-1. */
    screen: () => Buffer.from(screen.splice(0)).toString('latin1'),
  }
}

/** Nothing is made of any byte, in either direction. */
export function rawSettings(minimum = 1, tenths = 0): Termios {
  const characters = SANE.characters.slice()
  characters[6] = minimum
  characters[5] = tenths
  return { ...SANE, input: 0, output: 0, local: 0, characters }
}

import { Errno } from '../../contract/errno.ts'
import { type Blocked, blocked, DONE, fail, ok, type Result } from '../../contract/result.ts'
import type { ByteSink, ByteSource } from '../../contract/streams.ts'
import type { SettingsTime, TerminalDevice, TerminalSize } from '../../contract/terminal.ts'
import { LOCAL, type Termios } from '../../contract/termios.ts'
import type { FileHandle, Readiness } from '../mount/vnode.ts'
import { LineDiscipline } from './line-discipline.ts'
import { MOST_PER_BYTE } from './output-processing.ts'
import { TerminalReads } from './terminal-reads.ts'

const [SIGHUP, SIGCONT, SIGTTIN, SIGTTOU, SIGWINCH] = [1, 18, 21, 22, 28]
/** Input that has left the ring and is not yet taken. */
const STAGED_BYTES = 512
/** Echo that is kept while ^S holds the screen: the longest line, all of it control characters. */
const MOST_HELD_ECHO = 8_192

/** Who reads or writes, as far as a terminal asks. */
export interface TerminalCaller {
  readonly groupId: number
  readonly sessionId: number
  /** A signal has stopped it, and it does not go on yet. */
  isStopped(): boolean
  /** It ignores that signal, or holds it back. */
  ignores(signal: number): boolean
}

/** The processes of a terminal, as their kernel knows them. */
export interface TerminalJobs {
  /** Whose call is being made. */
  caller(): TerminalCaller
  /** Nobody in the session can let that group go on. */
  isOrphan(group: number): boolean
  signal(group: number, signal: number): void
}

export interface TerminalParts {
  /** As `TerminalDevice` has it. */
  readonly number: number
  readonly input: ByteSource
  readonly output: ByteSink
  readonly size: TerminalSize
  readonly jobs: TerminalJobs
  /** ms of a clock that does not jump, for VTIME. */
  now(): number
}

/**
 * The terminal of a session: bytes from outside go through a line discipline to whoever reads, and what
 * is written and echoed goes outside. Nothing here waits, and nothing is held without bound: where the
 * output is full the echo waits, and with it the input.
 */
export class Terminal implements TerminalDevice {
  /** Of the processes it controls; 0: of none. */
  session = 0
  foreground = 0
  readonly #parts: TerminalParts
  readonly #discipline = new LineDiscipline()
  readonly #reads: TerminalReads
  #size: TerminalSize
  #staged = new Uint8Array()
  readonly #room = new Uint8Array(STAGED_BYTES)
  /** No more input comes. */
  #atEnd = false
  #hungUp = false

  constructor(parts: TerminalParts) {
    this.#parts = parts
    this.#size = parts.size
    this.#reads = new TerminalReads(this.#discipline, () => parts.now())
  }

  get number(): number {
    return this.#parts.number
  }

  get size(): TerminalSize {
    return this.#size
  }

  get settings(): Termios {
    return this.#discipline.settings
  }

  set(settings: Termios, when: SettingsTime): void {
    // What was written has gone as far as it goes by itself: to drain needs no wait.
    if (when === 'flush') this.flushInput()
    this.#discipline.change(settings)
  }

  flushInput(): void {
    this.#discipline.buffer.clear()
    this.#staged = new Uint8Array()
    const { input } = this.#parts
    // No more than is there now: who types without end must not hold up whoever asked.
    for (let left = input.available(); left > 0; ) {
      left -= input.read(this.#room.subarray(0, left)) ?? left
    }
  }

  resize(size: TerminalSize): void {
    if (size.rows === this.#size.rows && size.columns === this.#size.columns) return
    this.#size = size
    this.#signal(SIGWINCH)
  }

  #signal(signal: number, group = this.foreground): void {
    if (group > 0) this.#parts.jobs.signal(group, signal)
  }

  /** The other side is gone: its session is told, reads are at their end, and writes fail. */
  hangUp(): void {
    if (this.#hungUp) return
    this.#hungUp = true
    for (const group of new Set([this.session, this.foreground])) {
      this.#signal(SIGHUP, group)
      this.#signal(SIGCONT, group)
    }
  }

  /** Takes what can be taken of the input, and gives away what waits for the screen. */
  pump(): boolean {
    let moved = this.#sendEcho()
    while (this.#canTake && this.#refill()) {
      const [byte = 0] = this.#staged
      this.#staged = this.#staged.subarray(1)
      const signal = this.#discipline.take(byte)
      if (signal !== undefined) this.#signal(signal)
      this.#reads.arrived()
      this.#sendEcho()
      moved = true
    }
    return moved
  }

  get #canTake(): boolean {
    const { echo, hasRoom, stopped } = this.#discipline
    return !this.#hungUp && hasRoom && (stopped || echo.length === 0)
  }

  /** False: there is no byte now. */
  #refill(): boolean {
    if (this.#staged.length > 0) return true
    const count = this.#parts.input.read(this.#room)
    if (count === 0 && !this.#atEnd) {
      this.#atEnd = true
      // What was typed of a line is read before the end is.
      const { buffer, canonical } = this.#discipline
      if (canonical && buffer.line.length > 0) buffer.commit(undefined)
    }
    this.#staged = this.#room.subarray(0, count ?? 0)
    return this.#staged.length > 0
  }

  /** True when some of it went. */
  #sendEcho(): boolean {
    const discipline = this.#discipline
    if (discipline.stopped) {
      // Whoever types on into a screen that stands still sees the rest of it never.
      discipline.echo.splice(MOST_HELD_ECHO)
      return false
    }
    if (discipline.echo.length === 0) return false
    const count = this.#parts.output.write(Uint8Array.from(discipline.echo))
    discipline.echo.splice(0, count ?? discipline.echo.length)
    return count !== 0
  }

  /** What a descriptor of it is. */
  handle(): FileHandle {
    return {
      seekable: false,
      terminal: this,
      read: (into) => this.#read(into),
      write: (from) => this.#write(from),
      readable: () => this.#readable(),
      writable: () => this.#writable(),
      close: () => {},
    }
  }

  get #ended(): boolean {
    return this.#hungUp || (this.#atEnd && this.#staged.length === 0)
  }

  #read(into: Uint8Array): Result<number> | Blocked {
    const held = this.#background(SIGTTIN)
    if (held !== undefined) return held
    this.pump()
    const count = this.#hungUp ? 0 : this.#reads.read(into, this.#ended)
    // What could not be taken finds room now.
    if (count !== undefined) {
      this.pump()
      return ok(count)
    }
    const { deadline } = this.#reads
    const caller = this.#parts.jobs.caller()
    const changed = (): boolean =>
      // It may have been stopped meanwhile, and go on where it must not read.
      this.#isBehind(caller) || this.#hungUp || this.#reads.ready(into.length, this.#ended)
    return blocked(changed, deadline)
  }

  #readable(): Readiness | undefined {
    if (this.#hungUp) return { bytes: 0, hangup: true }
    const bytes = this.#reads.polled()
    if (bytes !== undefined) return { bytes, hangup: false }
    return this.#ended ? { bytes: 0, hangup: true } : undefined
  }

  #write(from: Uint8Array): Result<number> | Blocked {
    const held = (this.settings.local & LOCAL.TOSTOP) === 0 ? undefined : this.#background(SIGTTOU)
    if (held !== undefined) return held
    this.#sendEcho()
    const room = this.#outputRoom()
    if (room < 0 || this.#hungUp) return fail(Errno.IO)
    const discipline = this.#discipline
    const { taken, bytes } = discipline.output.process(discipline.settings, from, room)
    if (taken === 0 && from.length > 0) return blocked(() => this.#hasRoom())
    const sent = this.#parts.output.write(bytes)
    // A sink takes what it has room for: no more than it said is ever given to it.
    for (const byte of bytes.subarray(sent ?? bytes.length)) discipline.echo.push(byte)
    return ok(taken)
  }

  /** 0: nothing goes out now; -1: the reader is gone. */
  #outputRoom(): number {
    const { echo, stopped } = this.#discipline
    const room = this.#parts.output.room()
    return room > 0 && (stopped || echo.length > 0) ? 0 : room
  }

  /** For at least one byte, whatever it becomes. */
  #hasRoom(): boolean {
    const room = this.#outputRoom()
    return this.#hungUp || room < 0 || room >= MOST_PER_BYTE
  }

  #writable(): Readiness | undefined {
    if (this.#hungUp) return { bytes: 0, hangup: true }
    const room = this.#outputRoom()
    return this.#hasRoom() ? { bytes: Math.max(0, room), hangup: room < 0 } : undefined
  }

  change(): Result<undefined> | Blocked {
    return this.#background(SIGTTOU) ?? DONE
  }

  /** What a process gets that does not have the terminal now; undefined: it may go on. */
  #background(signal: number): ReturnType<typeof fail> | Blocked | undefined {
    const { jobs } = this.#parts
    const caller = jobs.caller()
    const { groupId } = caller
    if (!this.#isBehind(caller)) return undefined
    if (caller.ignores(signal)) return signal === SIGTTIN ? fail(Errno.IO) : undefined
    if (jobs.isOrphan(groupId)) return fail(Errno.IO)
    this.#signal(signal, groupId)
    // Whoever goes on behind is stopped again: the call is made anew.
    const held = caller.isStopped()
    return blocked(() => (held && !caller.isStopped()) || !this.#isBehind(caller))
  }

  /** It is of the terminal's session, and others have the terminal. */
  #isBehind({ groupId, sessionId }: TerminalCaller): boolean {
    return sessionId === this.session && groupId !== this.foreground
  }
}

import type { Blocked, Result } from './result.ts'
import type { Termios } from './termios.ts'

/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number
  readonly columns: number
}

/** Nobody has said one yet. */
export const UNKNOWN_SIZE: TerminalSize = { rows: 0, columns: 0 }

/** What a change of settings does to what is under way. @source tcsetattr(3) */
export type SettingsTime = 'now' | 'drain' | 'flush'

/** A terminal as a program sees it through a descriptor. */
export interface TerminalDevice {
  /** Its name is /dev/pts/ and this. */
  readonly number: number
  readonly settings: Termios
  readonly size: TerminalSize
  /** Of the processes it controls; 0: of none. */
  readonly session: number
  /** The process group that gets its signals and may read; 0: none. */
  foreground: number
  /** The size is another one: SIGWINCH to the foreground group. */
  resize(size: TerminalSize): void
  set(settings: Termios, when: SettingsTime): void
  /** What was typed and not read is thrown away. */
  flushInput(): void
  /**
   * Whether its caller may change it. A background group gets SIGTTOU first, as from tcsetattr(3) and
   * tcsetpgrp(3). IO: the group is an orphan.
   */
  change(): Result<undefined> | Blocked
}

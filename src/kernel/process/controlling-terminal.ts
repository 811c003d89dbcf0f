import type { FileHandle } from '../mount/vnode.ts'

/** What a namespace needs of the terminal that controls a session. */
export interface ControllingTerminal {
  /** As `TerminalDevice` has it. */
  readonly number: number
  /** 0: no session's. */
  session: number
  /** The group whose processes may read from it; 0: none. */
  foreground: number
  /** As one more descriptor sees it: `/dev/tty`. */
  handle(): FileHandle
  /** Nobody is there any more: reads end, writes fail. */
  hangUp(): void
}

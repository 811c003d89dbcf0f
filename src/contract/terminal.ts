/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number
  readonly columns: number
}

/** Nobody has said one yet. */
export const UNKNOWN_SIZE: TerminalSize = { rows: 0, columns: 0 }

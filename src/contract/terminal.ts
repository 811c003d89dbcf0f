/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number
  readonly columns: number
}

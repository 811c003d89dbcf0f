import { z } from 'zod'
import { EngineError } from '../../contract/errors.ts'
import { type TerminalSize, UNKNOWN_SIZE } from '../../contract/terminal.ts'
import { integer } from './query.ts'

/** struct winsize has 16 bits for each. */
const MOST = 0xffff
const extent = z.int().min(0).max(MOST)

/** Height and width of a client's terminal. @source Docker Engine API, ConsoleSize */
export const consoleSize = z.tuple([extent, extent]).nullish()

export const sizeOf = (size: z.output<typeof consoleSize>): TerminalSize =>
  size == null ? UNKNOWN_SIZE : { rows: size[0], columns: size[1] }

/** Clients send 0 where they do not know. EngineError INVALID_ARGUMENT. */
function extentOf(name: string, text: string | undefined): number {
  const value = integer(name, text)
  if (value !== undefined && value >= 0 && value <= MOST) return value
  throw new EngineError(
    'INVALID_ARGUMENT',
    `invalid ${name} ${JSON.stringify(text ?? '')}: invalid syntax`,
  )
}

/** `h` and `w` of a query, in characters. EngineError INVALID_ARGUMENT. */
export const sizeOfQuery = (query: (name: string) => string | undefined): TerminalSize => ({
  rows: extentOf('resize height', query('h')),
  columns: extentOf('resize width', query('w')),
})

import pino from 'pino'

/** What the daemon says of itself: one JSON object a line, on stderr. */
export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** A bug, or something the operator must know. */
  error(error: unknown): void
}

const STDERR = 2

export function createLogger(): Logger {
  const log = pino({ base: null }, pino.destination({ fd: STDERR, sync: true }))
  return {
    info: (message, fields = {}) => log.info(fields, message),
    error: (error) => log.error(error),
  }
}

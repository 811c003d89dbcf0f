import { randomBytes } from 'node:crypto'

const UNIQUE_BYTES = 8

/**
 * A name for a file on its way in a directory that several processes write to. It says whose it is, so
 * that what a process left when it died can be told from what is in use.
 */
export const temporaryName = (prefix: string): string =>
  `${prefix}${process.pid}-${randomBytes(UNIQUE_BYTES).toString('hex')}`

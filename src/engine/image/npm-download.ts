import { randomBytes } from 'node:crypto'
import fetch from 'npm-registry-fetch'
import pacote from 'pacote'
import { EngineError } from '../../contract/errors.ts'
import type { Downloads } from '../content/downloads.ts'
import type { PartialDownload } from '../content/partial-download.ts'
import type { NpmPackage } from './catalogue.ts'
import { registryOptions } from './npm-registry.ts'

/** Answers in a row that may end without one more byte. */
const FRUITLESS = 3
const PARTIAL_CONTENT = 206
const RANGE_NOT_SATISFIABLE = 416
/** Registries write their own name into addresses; who asks a mirror wants the mirror's. */
const PUBLIC_REGISTRY = 'registry.npmjs.org'

export interface DownloadParts {
  readonly downloads: Downloads
  /** Bytes that are here so far. */
  onBytes(received: number): void
  readonly signal: AbortSignal
}

const failed = (what: string, cause?: unknown): EngineError =>
  new EngineError('PULL_FAILED', what, { cause })

const fieldOf = (error: unknown, field: 'code' | 'statusCode'): unknown =>
  error instanceof Error ? Object.getOwnPropertyDescriptor(error, field)?.value : undefined

/** npm's code for what went wrong; its texts may name paths of this machine. */
function reasonOf(error: unknown): string {
  const code = fieldOf(error, 'code')
  if (code === 'EINTEGRITY') return 'its bytes do not have the promised integrity'
  if (code === 'E404') return 'the registry does not have it'
  if (typeof code !== 'string') return 'the registry could not be reached'
  return `the registry answered ${code}`
}

/** Where the tarball is, as the registry says. */
async function addressOf(source: NpmPackage, signal: AbortSignal): Promise<string> {
  const options = { ...registryOptions(), integrity: source.integrity, signal }
  const address = new URL(await pacote.resolve(`${source.npm}@${source.version}`, options))
  if (address.host !== PUBLIC_REGISTRY) return address.href
  return new URL(address.pathname, options['registry']).href
}

/** First byte of an answer to a request for a range; -1 for an answer that does not say. */
const firstByte = (contentRange: string | null): number =>
  Number(/^bytes (\d+)-/.exec(contentRange ?? '')?.[1] ?? -1)

/** One request for the bytes that are missing. Ends when the answer does, or throws its error. */
async function receive(
  address: string,
  partial: PartialDownload,
  most: number,
  parts: DownloadParts,
): Promise<void> {
  const from = partial.length
  // An answer that is left half-read must not keep its connection.
  const leave = new AbortController()
  const response = await fetch(address, {
    ...registryOptions(),
    headers: { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) },
    signal: AbortSignal.any([parts.signal, leave.signal]),
  })
  try {
    const continued = response.status === PARTIAL_CONTENT
    if (continued && firstByte(response.headers.get('content-range')) !== from) {
      partial.restart()
      return
    }
    // A server that knows no ranges begins at the beginning.
    if (!continued && from > 0) partial.restart()
    for await (const piece of response.body ?? []) {
      // The body of a tarball yields buffers.
      partial.append(piece as Buffer)
      if (partial.length > most) throw failed('the registry sends more than the promised bytes')
      parts.onBytes(partial.length)
    }
  } finally {
    leave.abort()
  }
}

/** Throws an error after which another request would bring nothing either. */
function survive(error: unknown, partial: PartialDownload, signal: AbortSignal): void {
  signal.throwIfAborted()
  const status = fieldOf(error, 'statusCode')
  if (status === RANGE_NOT_SATISFIABLE && partial.length > 0) partial.restart()
  else if (status !== undefined || error instanceof EngineError) throw error
}

/** Asks for what is missing until nothing is, as long as the answers bring something. */
async function complete(
  source: NpmPackage,
  address: string,
  partial: PartialDownload,
  parts: DownloadParts,
): Promise<void> {
  for (let fruitless = 0; partial.length < source.bytes; ) {
    const before = partial.length
    let reason: unknown = failed('the registry sends fewer than the promised bytes')
    try {
      await receive(address, partial, source.bytes, parts)
    } catch (error) {
      survive(error, partial, parts.signal)
      reason = error
    }
    fruitless = partial.length > before ? 0 : fruitless + 1
    if (fruitless === FRUITLESS) throw reason
  }
}

async function fill(
  source: NpmPackage,
  partial: PartialDownload,
  parts: DownloadParts,
): Promise<void> {
  if (partial.length > source.bytes) partial.restart()
  const inherited = partial.length
  parts.onBytes(inherited)
  const address = inherited < source.bytes ? await addressOf(source, parts.signal) : undefined
  if (address !== undefined) await complete(source, address, partial, parts)
  if (inherited > 0 && !partial.has(source.integrity)) {
    // What an earlier download left may be what is wrong: once more, without it.
    partial.restart()
    await complete(source, address ?? (await addressOf(source, parts.signal)), partial, parts)
  }
}

/**
 * The tarball of a package as a file, downloaded unless it is here. A download that was interrupted
 * goes on where it stopped; the integrity is that of the whole file, and nobody sees it before.
 *
 * @returns the file's path.
 * @throws EngineError `PULL_FAILED`: unreachable, or not the promised bytes; the signal's reason.
 * @source RFC 9110, section 14: range requests
 */
export async function downloadPackage(source: NpmPackage, parts: DownloadParts): Promise<string> {
  const { downloads, signal } = parts
  const here = await downloads.find(source.integrity)
  if (here !== undefined) return here
  const partial = await downloads.open(source.integrity, randomBytes(4).toString('hex'))
  const name = `${source.npm}@${source.version}`
  try {
    await fill(source, partial, parts)
  } catch (error) {
    if (partial.length > source.bytes) partial.discard()
    else partial.release()
    signal.throwIfAborted()
    const reason = error instanceof EngineError ? error.message : reasonOf(error)
    throw failed(`cannot pull ${name}: ${reason}`, error)
  }
  if (partial.has(source.integrity)) return partial.finish()
  partial.discard()
  throw failed(`cannot pull ${name}: its bytes do not have the promised integrity`)
}

import { createGunzip } from 'node:zlib'
import pacote from 'pacote'
import tar from 'tar-stream'
import { EngineError } from '../../contract/errors.ts'
import { registryOptions } from './npm-registry.ts'

export interface NpmPackage {
  readonly npm: string
  readonly version: string
  readonly integrity: string
  /** Bytes of the tarball, for progress. */
  readonly bytes: number
}

/** Unpacked bytes a package may have: a bomb ends here. */
const MOST_BYTES = 2 ** 30
const MOST_ENTRIES = 100_000

const failed = (what: string, cause?: unknown): EngineError =>
  new EngineError('PULL_FAILED', what, { cause })

/**
 * Downloads a package, checks it against its promised integrity while it streams, and hands over the
 * wanted files. Nothing else of the archive is looked at, and no script of the package runs.
 *
 * @param take - gets each wanted file; must read it to its end.
 * @throws EngineError `PULL_FAILED`: unreachable, wrong integrity, or a wanted file is missing.
 */
export async function readPackage(
  source: NpmPackage,
  wanted: ReadonlySet<string>,
  take: (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>,
  onBytes: (received: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = `${source.npm}@${source.version}`
  const missing = new Set(wanted)
  const options = { ...registryOptions(), integrity: source.integrity, cache: undefined }
  try {
    await pacote.tarball.stream(
      name,
      async (stream) => {
        let received = 0
        stream.on('data', (bytes: Buffer) => {
          received += bytes.length
          onBytes(received)
          if (signal?.aborted === true) stream.destroy()
        })
        await extract(stream, missing, take)
      },
      options,
    )
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof EngineError) throw error
    throw failed(`cannot pull ${name}: ${reasonOf(error)}`, error)
  }
  if (missing.size > 0) throw failed(`${name} does not contain ${[...missing].join(', ')}`)
}

async function extract(
  stream: NodeJS.ReadableStream,
  missing: Set<string>,
  take: (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const archive = tar.extract()
  const gunzip = createGunzip()
  stream.on('error', (error: Error) => gunzip.destroy(error))
  gunzip.on('error', (error) => archive.destroy(error))
  stream.pipe(gunzip).pipe(archive)
  let bytes = 0
  let entries = 0
  for await (const entry of archive) {
    entries += 1
    bytes += entry.header.size ?? 0
    if (bytes > MOST_BYTES || entries > MOST_ENTRIES) throw failed('the package is too large')
    // Everything in an npm tarball stands below one directory.
    const names = entry.header.name.split('/').slice(1)
    const name = names.includes('..') ? '' : names.join('/')
    // An entry yields buffers; its type says unknown.
    const content = entry as AsyncIterable<Uint8Array>
    if (entry.header.type === 'file' && missing.delete(name)) await take(name, content)
    else for await (const _ of content);
  }
}

/** npm's code for what went wrong; its texts may name paths of this machine. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EINTEGRITY') return 'its bytes do not have the promised integrity'
  if (code === 'E404') return 'the registry does not have it'
  return code === '' ? 'the registry could not be reached' : `the registry answered ${code}`
}

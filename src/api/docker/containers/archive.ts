import type { IncomingMessage } from 'node:http'
import { EngineError } from '../../../contract/errors.ts'
import type { PathStat } from '../../../contract/tree.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { ApiContext, Handler } from '../context.ts'
import { empty } from '../json.ts'
import { flag } from '../query.ts'
import { sendBytes } from '../stream.ts'
import { nanoTime } from '../time.ts'
import { referenceOf } from './verbs.ts'

export const TAR = 'application/x-tar'
const STAT_HEADER = 'X-Docker-Container-Path-Stat'

/** Go's bits for a file mode, above the nine of permission. @source Go, os.FileMode */
const GO_TYPE = { directory: 2 ** 31, symlink: 2 ** 27, regular: 0, other: 2 ** 25 } as const
const GO_BITS = [
  { unix: 0o4000, go: 2 ** 23 },
  { unix: 0o2000, go: 2 ** 22 },
  { unix: 0o1000, go: 2 ** 20 },
] as const

/** A sum, for `|` would make it negative. */
const goMode = ({ mode, type }: PathStat): number =>
  (mode & 0o777) +
  GO_TYPE[type] +
  GO_BITS.reduce((sum, { unix, go }) => sum + ((mode & unix) === 0 ? 0 : go), 0)

/** @source engine API reference, 10 */
function statHeader(stat: PathStat): string {
  const { name, size, modified, linkTarget } = stat
  const shape = { name, size, mode: goMode(stat), mtime: nanoTime(modified), linkTarget }
  return Buffer.from(JSON.stringify(shape)).toString('base64')
}

function pathOf(c: ApiContext) {
  const path = c.req.query('path') ?? ''
  if (path === '') throw new EngineError('INVALID_ARGUMENT', 'bad parameter: path cannot be empty')
  return { path, reference: referenceOf(c) }
}

/** HEAD: what is there. GET: the same, and a tar of it. 200, 400, 404. */
export const getFiles =
  (containers: Pick<Containers, 'resolve' | 'statArchive' | 'getArchive'>): Handler =>
  async (c) => {
    const where = pathOf(c)
    const container = containers.resolve(where.reference)
    if (c.env.incoming.method === 'HEAD') {
      const head = { [STAT_HEADER]: statHeader(await containers.statArchive(container, where)) }
      return new Response(null, { headers: { ...head, 'Content-Type': TAR } })
    }
    const { value, bytes } = await containers.getArchive(container, where)
    return sendBytes(c, { 'Content-Type': TAR, [STAT_HEADER]: statHeader(value) }, bytes)
  }

/** What is left of a body that was refused is thrown away by the server, not cut off. */
const bodyOf = (incoming: IncomingMessage): AsyncIterable<Uint8Array> =>
  incoming.iterator({ destroyOnReturn: false })

/** 200, 400, 404. */
export const putFiles =
  (containers: Pick<Containers, 'resolve' | 'putArchive'>): Handler =>
  async (c) => {
    const where = pathOf(c)
    const rules = {
      noOverwriteDirNonDir: flag(c.req.query('noOverwriteDirNonDir')),
      copyUIDGID: flag(c.req.query('copyUIDGID')),
    }
    const container = containers.resolve(where.reference)
    // Of the HTTP/1 server: there is no other.
    const body = bodyOf(c.env.incoming as IncomingMessage)
    await containers.putArchive(container, where, rules, body)
    return empty(200)
  }

import { EngineError } from '../../../contract/errors.ts'
import type { ContainerSpec } from '../../../engine/container/container-spec.ts'
import type {
  LogEntry,
  OutputPiece,
  OutputStream,
} from '../../../engine/container/log/log-entry.ts'
import type { LogQuery } from '../../../engine/container/log/read-log.ts'
import type { Containers } from '../../../engine/engine.ts'
import { since } from '../api-version.ts'
import type { ApiContext, Handler } from '../context.ts'
import { MULTIPLEXED, RAW, written } from '../multiplex.ts'
import { flag, timestamp } from '../query.ts'
import { streamed } from '../stream.ts'
import { nanoTime } from '../time.ts'
import { logAttributes } from './log-config.ts'
import { referenceOf } from './verbs.ts'

function streamsOf(c: ApiContext): ReadonlySet<OutputStream> {
  const streams = new Set<OutputStream>()
  if (flag(c.req.query('stdout'))) streams.add('stdout')
  if (flag(c.req.query('stderr'))) streams.add('stderr')
  return streams
}

/** Anything that is no number means everything. @source engine API reference, 9 */
function tailOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

function queryOf(c: ApiContext): Omit<LogQuery, 'follow'> {
  const streams = streamsOf(c)
  if (streams.size === 0) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      "Bad parameters: you must choose at least one stream: must specify at least one of 'stdout' or 'stderr'",
    )
  }
  return {
    streams,
    since: timestamp('since', c.req.query('since')),
    until: timestamp('until', c.req.query('until')),
    tail: tailOf(c.req.query('tail')),
  }
}

const encoder = new TextEncoder()

/** Content type of a container's output. @source engine API reference, 1 and 3.1 */
const contentTypeOf = (c: ApiContext, tty: boolean): string =>
  !tty && since(c.var.version, 42) ? MULTIPLEXED : RAW

/** `name=value,…` in the order of names. @source moby api/server/httputils, stringAttrs */
const detailsOf = (spec: ContainerSpec): string =>
  Object.entries(logAttributes(spec))
    .map((pair) => new URLSearchParams([pair]).toString())
    .sort()
    .join(',')

/** 200, a frame a line; raw for a terminal. 400, 404, 409. */
export const containerLogs =
  (containers: Pick<Containers, 'resolve' | 'logs'>): Handler =>
  (c) => {
    const query = queryOf(c)
    const container = containers.resolve(referenceOf(c))
    const { tty } = container.record.spec
    const stamped = flag(c.req.query('timestamps'))
    const details = flag(c.req.query('details')) ? `${detailsOf(container.record.spec)} ` : ''
    const lineOf = ({ stream, time, bytes }: LogEntry): OutputPiece => {
      const before = `${stamped ? `${nanoTime(time)} ` : ''}${details}`
      return before === ''
        ? { stream, bytes }
        : { stream, bytes: Buffer.concat([encoder.encode(before), bytes]) }
    }
    const follow = flag(c.req.query('follow'))
    const read = containers.logs(container, follow)
    return streamed(c, contentTypeOf(c, tty), async ({ gone, write }) => {
      for await (const batch of read({ ...query, signal: gone })) {
        await write(written(tty, batch.map(lineOf)))
      }
    })
  }

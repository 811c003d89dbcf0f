import type { AttachOptions } from '../../../engine/container/attach.ts'
import type { OutputStream } from '../../../engine/container/log/log-entry.ts'
import { flag } from '../query.ts'

export const has = (query: URLSearchParams, name: string): boolean =>
  flag(query.get(name) ?? undefined)

/** What an attach asks for beside its output streams. */
export const optionsOf = (query: URLSearchParams, stdin: boolean): AttachOptions => ({
  stdin,
  logs: has(query, 'logs'),
  stream: has(query, 'stream'),
  detachKeys: query.get('detachKeys') ?? undefined,
})

export function streamsOf(query: URLSearchParams): ReadonlySet<OutputStream> {
  const streams = new Set<OutputStream>()
  if (has(query, 'stdout')) streams.add('stdout')
  if (has(query, 'stderr')) streams.add('stderr')
  return streams
}

import { EngineError } from '../../../contract/errors.ts'
import type { EngineEvent } from '../../../contract/event.ts'
import { deferred } from '../../../std/deferred.ts'
import type { ApiContext, EventSource, Handler } from '../context.ts'
import { anyOf, type Filters, labelsFit, parseFilters } from '../filters.ts'
import { timestamp } from '../query.ts'
import { streamed } from '../stream.ts'

/** Objects that this daemon has none of, or tells nothing of. */
const SILENT = ['daemon', 'config', 'node', 'plugin', 'secret', 'service']
const KNOWN = [
  ...['type', 'event', 'container', 'image', 'volume', 'network', 'label', 'scope'],
  ...SILENT,
]
/** Actions that carry a text behind a colon. */
const WITH_TEXT = ['exec_create', 'exec_start', 'health_status']
const NS_PER_S = 1_000_000_000n
/** Events that wait for their client to read them. Who lets more wait is cut off. */
export const MOST_WAITING = 4_096

/**
 * Written by hand: `timeNano` is beyond what a JavaScript number holds exactly. Before 1.52 three
 * fields of old stand beside the new ones, and old clients fail without them.
 */
function eventLine({ type, action, actor, timeNano }: EngineEvent): string {
  const isObject = type === 'container' || type === 'image'
  const event = {
    ...(isObject && { status: action, id: actor.id }),
    ...(type === 'container' && { from: actor.attributes['image'] ?? '' }),
    Type: type,
    Action: action,
    Actor: { ID: actor.id, Attributes: actor.attributes },
    scope: 'local',
    time: Number(timeNano / NS_PER_S),
  }
  return `${JSON.stringify(event).slice(0, -1)},"timeNano":${timeNano}}\n`
}

const isAction = (event: EngineEvent, filters: Filters): boolean => {
  const byPrefix = filters.get('event')?.some((wanted) => WITH_TEXT.includes(wanted)) === true
  return anyOf(filters, 'event', (wanted) =>
    byPrefix ? event.action.startsWith(wanted) : event.action === wanted,
  )
}

/** An object of one type, by the beginning of its id or name. */
function isObject(event: EngineEvent, filters: Filters, type: EngineEvent['type']): boolean {
  if (!filters.has(type)) return true
  const { id, attributes } = event.actor
  const name = attributes['name'] ?? ''
  return (
    event.type === type &&
    anyOf(filters, type, (wanted) => id.startsWith(wanted) || name.startsWith(wanted))
  )
}

const withoutTag = (name: string): string => name.replace(/:[^:/]*$/, '')

/** @source moby daemon/events/filter.go */
function isImage({ type, actor }: EngineEvent, filters: Filters): boolean {
  const name = actor.attributes[type === 'image' ? 'name' : 'image'] ?? ''
  const names = [actor.id, name, withoutTag(actor.id), withoutTag(name)]
  return anyOf(filters, 'image', (wanted) => names.includes(wanted))
}

/** @source engine API reference, 8 */
const eventFits = (event: EngineEvent, filters: Filters): boolean =>
  anyOf(filters, 'type', (wanted) => wanted === event.type) &&
  anyOf(filters, 'scope', (wanted) => wanted === 'local') &&
  SILENT.every((type) => anyOf(filters, type, () => false)) &&
  isAction(event, filters) &&
  isObject(event, filters, 'container') &&
  isObject(event, filters, 'volume') &&
  isObject(event, filters, 'network') &&
  isImage(event, filters) &&
  labelsFit(filters, event.actor.attributes)

interface Window {
  readonly since: bigint | undefined
  readonly until: bigint | undefined
  readonly filters: Filters
}

function windowOf(c: ApiContext): Window {
  const since = timestamp('since', c.req.query('since'))
  const until = timestamp('until', c.req.query('until'))
  if (since !== undefined && until !== undefined && until < since) {
    const [first, last] = [c.req.query('since'), c.req.query('until')]
    throw new EngineError(
      'INVALID_ARGUMENT',
      `\`since\` time (${first}) cannot be after \`until\` time (${last})`,
    )
  }
  return { since, until, filters: parseFilters(c.req.query('filters'), KNOWN) }
}

const MS_PER_NS = 1_000_000n
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Resolves when `until` has come or the client has gone. */
function theEnd(until: bigint | undefined, now: number, gone: AbortSignal): Promise<void> {
  const { promise, resolve } = deferred<void>()
  gone.addEventListener('abort', () => resolve(), { once: true })
  if (until !== undefined) {
    const left = Math.max(0, Number(until / MS_PER_NS) - now)
    const timer = setTimeout(resolve, Math.min(left, LONGEST_TIMER_MS))
    gone.addEventListener('abort', () => clearTimeout(timer), { once: true })
  }
  return promise
}

/** 200, one JSON object a line, for as long as the client listens and reads, or until `until`. */
export const systemEvents =
  (events: EventSource, now: () => Date): Handler =>
  (c) => {
    const { since, until, filters } = windowOf(c)
    const old = since === undefined && until === undefined ? [] : events.recent()
    return streamed(c, 'application/json', async ({ gone, write }) => {
      const queue: EngineEvent[] = [...old]
      let sending = Promise.resolve()
      let waiting = 0
      const overrun = deferred<void>()
      const send = (event: EngineEvent): void => {
        const early = since !== undefined && event.timeNano < since
        const late = until !== undefined && event.timeNano > until
        if (!early && !late && eventFits(event, filters)) {
          waiting += 1
          if (waiting > MOST_WAITING) overrun.resolve()
          sending = sending.then(async () => {
            await write(eventLine(event))
            waiting -= 1
          })
        }
      }
      const unsubscribe = events.subscribe(send)
      for (const event of queue) send(event)
      await Promise.race([theEnd(until, now().getTime(), gone), overrun.promise])
      unsubscribe()
      if (waiting > MOST_WAITING) throw new Error('a client of events does not read them')
      await sending
    })
  }

import type { ClockId } from '../../contract/clock.ts'
import { Errno, type Failure } from '../../contract/errno.ts'
import { blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { OpenFile } from '../../kernel/mount/open-file.ts'
import type { Readiness } from '../../kernel/mount/vnode.ts'
import { input, out, type Reach, room } from '../reach.ts'
import { type CallContext, type Step, suspended } from './call.ts'
import { CLOCKS } from './clock.ts'

const EVENT_BYTES = 32
/** Subscriptions of one call: each one costs a look at every wake. */
const MAX_SUBSCRIPTIONS = 4_096
const UNITS_PER_SUBSCRIPTION = 2_000
const TAG = { CLOCK: 0, READ: 1, WRITE: 2 } as const
const ABSTIME = 1
const HANGUP = 1

/** Where a subscription has its fields: snapshot 0 has one more in its clock variant. */
export interface SubscriptionLayout {
  readonly bytes: number
  readonly clockId: number
  readonly timeout: number
  readonly flags: number
}
export const PREVIEW1_SUBSCRIPTION: SubscriptionLayout = {
  bytes: 48,
  clockId: 16,
  timeout: 24,
  flags: 40,
}

/** `poll_oneoff(subscriptions, events, count, out)` with subscriptions of that layout. */
export const pollReach = ({ bytes }: SubscriptionLayout): Reach => [
  input(0, 2, bytes, MAX_SUBSCRIPTIONS),
  room(1, 2, MAX_SUBSCRIPTIONS * EVENT_BYTES, EVENT_BYTES),
  out(3, 4),
]

type Subscription =
  | {
      readonly type: 'clock'
      readonly userdata: bigint
      readonly clock: ClockId
      /** When it fires, in ns of its clock. */
      readonly at: bigint
    }
  | { readonly type: 'read' | 'write'; readonly userdata: bigint; readonly file: OpenFile }

interface Event {
  readonly userdata: bigint
  readonly tag: number
  readonly readiness: Readiness | undefined
}

function clockOf(
  call: CallContext,
  view: DataView,
  at: number,
  layout: SubscriptionLayout,
  userdata: bigint,
): Result<Subscription> {
  const clock = CLOCKS[view.getUint32(at + layout.clockId, true)]
  if (clock !== 'realtime' && clock !== 'monotonic') return fail(Errno.INVAL)
  const timeout = view.getBigUint64(at + layout.timeout, true)
  const absolute = (view.getUint16(at + layout.flags, true) & ABSTIME) !== 0
  const fires = absolute ? timeout : call.process.clock.now(clock) + timeout
  return ok({ type: 'clock', userdata, clock, at: fires })
}

function subscriptionAt(
  call: CallContext,
  view: DataView,
  at: number,
  layout: SubscriptionLayout,
): Result<Subscription> {
  const userdata = view.getBigUint64(at, true)
  const tag = view.getUint8(at + 8)
  if (tag === TAG.CLOCK) return clockOf(call, view, at, layout, userdata)
  if (tag !== TAG.READ && tag !== TAG.WRITE) return fail(Errno.INVAL)
  const file = call.process.fds.get(view.getUint32(at + 16, true))
  if (!file.ok) return file
  if (file.value.isDirectory) return fail(Errno.BADF)
  return ok({ type: tag === TAG.READ ? 'read' : 'write', userdata, file: file.value })
}

/** A regular file is always ready: what is left of it, and a hang-up at its end. */
function fileReadiness(file: OpenFile): Readiness {
  const stat = file.place?.vnode.stat()
  const left = Math.max(0, (stat?.ok === true ? stat.value.size : 0) - file.position)
  return { bytes: left, hangup: left === 0 }
}

function readinessOf(subscription: Subscription & { type: 'read' | 'write' }) {
  const { type, file } = subscription
  if (file.handle?.seekable === true) {
    return type === 'read' ? fileReadiness(file) : { bytes: 1, hangup: false }
  }
  return type === 'read' ? file.handle?.readable() : file.handle?.writable()
}

/** What is ready now: descriptors, and clocks that have fired. */
function ready(call: CallContext, subscriptions: readonly Subscription[]): readonly Event[] {
  const events: Event[] = []
  for (const one of subscriptions) {
    const { userdata } = one
    if (one.type === 'clock') {
      const fired = call.process.clock.now(one.clock) >= one.at
      if (fired) events.push({ userdata, tag: TAG.CLOCK, readiness: undefined })
      continue
    }
    const readiness = readinessOf(one)
    const tag = one.type === 'read' ? TAG.READ : TAG.WRITE
    if (readiness !== undefined) events.push({ userdata, tag, readiness })
  }
  return events
}

/** userdata@0 error@8 type@10 nbytes@16 flags@24. */
function writeEvent(view: DataView, at: number, event: Event): void {
  view.setBigUint64(at, event.userdata, true)
  view.setUint8(at + 10, event.tag)
  view.setBigUint64(at + 16, BigInt(event.readiness?.bytes ?? 0), true)
  view.setUint16(at + 24, event.readiness?.hangup === true ? HANGUP : 0, true)
}

interface Poll {
  readonly subscriptions: readonly Subscription[]
  readonly events: number
  readonly out: number
}

function attempt(call: CallContext, poll: Poll): Step {
  const events = ready(call, poll.subscriptions)
  if (events.length === 0) return wait(call, poll)
  const view = call.memory.zeroed(poll.events, events.length * EVENT_BYTES)
  if (!view.ok) return view.errno
  for (const [index, event] of events.entries()) writeEvent(view.value, index * EVENT_BYTES, event)
  return call.memory.writeU32(poll.out, events.length)
}

/** Until the nearest clock fires or a descriptor becomes ready. */
function wait(call: CallContext, poll: Poll): Step {
  let deadline = Number.POSITIVE_INFINITY
  const clocks = poll.subscriptions.filter((one) => one.type === 'clock')
  const left = (one: (typeof clocks)[number]): bigint => one.at - call.process.clock.now(one.clock)
  const nearest = clocks.reduce<(typeof clocks)[number] | undefined>(
    (best, one) => (best === undefined || left(one) < left(best) ? one : best),
    undefined,
  )
  if (nearest !== undefined) deadline = call.process.clock.waitUntil(nearest.clock, nearest.at)
  const descriptors = poll.subscriptions.filter((one) => one.type !== 'clock')
  const changed = (): boolean => descriptors.some((one) => readinessOf(one) !== undefined)
  return suspended(blocked(changed, deadline), () => attempt(call, poll))
}

function subscriptionsOf(
  call: CallContext,
  pointer: number,
  count: number,
  layout: SubscriptionLayout,
): Result<readonly Subscription[]> {
  if (count === 0) return fail(Errno.INVAL)
  if (count > MAX_SUBSCRIPTIONS) return fail(Errno.NOMEM)
  const bytes = call.memory.view(pointer, count * layout.bytes)
  if (!bytes.ok) return bytes
  const copy = bytes.value.slice()
  const view = new DataView(copy.buffer)
  const subscriptions: Subscription[] = []
  for (let index = 0; index < count; index += 1) {
    const one = subscriptionAt(call, view, index * layout.bytes, layout)
    if (!one.ok) return one
    subscriptions.push(one.value)
  }
  return ok(subscriptions)
}

/** As `poll_oneoff`, for either layout of subscriptions. */
export function poll(
  call: CallContext,
  pointer: number,
  events: number,
  count: number,
  out: number,
  layout: SubscriptionLayout,
): Step {
  const entries = count >>> 0
  const subscriptions = subscriptionsOf(call, pointer, entries, layout)
  if (!subscriptions.ok) return subscriptions.errno satisfies Failure
  if (!call.memory.covers(events, entries * EVENT_BYTES)) return Errno.FAULT
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  call.process.charge(entries * UNITS_PER_SUBSCRIPTION)
  return attempt(call, { subscriptions: subscriptions.value, events, out })
}

/**
 * Waits for the first of several descriptors and clocks. Everything is checked before anything is
 * waited for; a bad descriptor fails the whole call.
 *
 * @source witx `poll_oneoff`; the WASI reference, 1.9
 */
export const pollOneoff = (
  call: CallContext,
  pointer: number,
  events: number,
  count: number,
  out: number,
): Step => poll(call, pointer, events, count, out, PREVIEW1_SUBSCRIPTION)

import type { Clock } from '../../contract/clock.ts'
import { Errno, type Failure } from '../../contract/errno.ts'
import { blocked, fail, ok, type Result } from '../../contract/result.ts'
import type { OpenFile } from '../../kernel/mount/open-file.ts'
import type { Readiness } from '../../kernel/mount/vnode.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { input, out, type Reach, room } from '../reach.ts'
import { type CallContext, type Step, suspended } from './call.ts'
import { CLOCKS } from './clock.ts'

const EVENT_BYTES = 32
/** Subscriptions of one call: each one costs a look at every wake. */
const MAX_SUBSCRIPTIONS = 4_096
const UNITS_PER_SUBSCRIPTION = 2_000
const TAG = { clock: 0, read: 1, write: 2 } as const
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

type PolledClock = 'realtime' | 'monotonic'
/** `entry`: where it is in the guest's list. */
type Subscription =
  | {
      readonly type: 'clock'
      readonly entry: number
      readonly clock: PolledClock
      /** When it fires, in ns of its clock. */
      readonly at: bigint
    }
  | { readonly type: 'read' | 'write'; readonly entry: number; readonly file: OpenFile }

/** The clocks at one moment for all subscriptions of a call, each read when it is asked for. */
class Moment {
  readonly #clock: Clock
  readonly #read: Partial<Record<PolledClock, bigint>> = {}

  constructor({ process }: CallContext) {
    this.#clock = process.clock
  }

  now(clock: PolledClock): bigint {
    this.#read[clock] ??= this.#clock.now(clock)
    return this.#read[clock]
  }
}

function clockOf(
  view: DataView,
  entry: number,
  layout: SubscriptionLayout,
  moment: Moment,
): Result<Subscription> {
  const clock = CLOCKS[view.getUint32(entry + layout.clockId, true)]
  if (clock !== 'realtime' && clock !== 'monotonic') return fail(Errno.INVAL)
  const timeout = view.getBigUint64(entry + layout.timeout, true)
  const absolute = (view.getUint16(entry + layout.flags, true) & ABSTIME) !== 0
  return ok({ type: 'clock', entry, clock, at: absolute ? timeout : moment.now(clock) + timeout })
}

function subscriptionAt(
  call: CallContext,
  view: DataView,
  entry: number,
  layout: SubscriptionLayout,
  moment: Moment,
): Result<Subscription> {
  const tag = view.getUint8(entry + 8)
  if (tag === TAG.clock) return clockOf(view, entry, layout, moment)
  if (tag !== TAG.read && tag !== TAG.write) return fail(Errno.INVAL)
  const file = call.process.fds.get(view.getUint32(entry + 16, true))
  if (!file.ok) return file
  if (file.value.isDirectory) return fail(Errno.BADF)
  return ok({ type: tag === TAG.read ? 'read' : 'write', entry, file: file.value })
}

const WRITABLE: Readiness = { bytes: 1, hangup: false }

/** A regular file is always ready: what is left of it, and a hang-up at its end. */
function fileReadiness(file: OpenFile): Readiness {
  const stat = file.place?.vnode.stat()
  const left = Math.max(0, (stat?.ok === true ? stat.value.size : 0) - file.position)
  return { bytes: left, hangup: left === 0 }
}

function readinessOf(subscription: Subscription & { type: 'read' | 'write' }) {
  const { type, file } = subscription
  if (file.handle?.seekable === true) {
    return type === 'read' ? fileReadiness(file) : WRITABLE
  }
  return type === 'read' ? file.handle?.readable() : file.handle?.writable()
}

interface Subscriptions {
  /** A copy: the guest may use its own for something else while it waits. */
  readonly list: DataView
  readonly subscriptions: readonly Subscription[]
}

interface Poll extends Subscriptions {
  readonly events: number
  readonly out: number
}

/** What is told of a clock that has fired. */
const FIRED: Readiness = { bytes: 0, hangup: false }

/** Undefined: it is still to be waited for. */
function eventOf(one: Subscription, moment: Moment): Readiness | undefined {
  if (one.type !== 'clock') return readinessOf(one)
  return moment.now(one.clock) >= one.at ? FIRED : undefined
}

/** userdata@0 error@8 type@10 nbytes@16 flags@24; the userdata is the first field of the subscription. */
function writeEvent(
  memory: GuestMemory,
  at: number,
  list: DataView,
  { entry, type }: Subscription,
  { bytes, hangup }: Readiness,
): void {
  memory.writeU32(at, list.getUint32(entry, true))
  memory.writeU32(at + 4, list.getUint32(entry + 4, true))
  memory.writeU32(at + 8, TAG[type] << 16)
  memory.writeU32(at + 12, 0)
  memory.writeU32(at + 16, bytes >>> 0)
  memory.writeU32(at + 20, Math.floor(bytes / 2 ** 32))
  memory.writeU32(at + 24, hangup ? HANGUP : 0)
  memory.writeU32(at + 28, 0)
}

/** Reports what is ready now, descriptors and clocks that have fired, or waits for it. */
function attempt(call: CallContext, poll: Poll): Step {
  const moment = new Moment(call)
  let count = 0
  for (const one of poll.subscriptions) {
    const readiness = eventOf(one, moment)
    if (readiness === undefined) continue
    writeEvent(call.memory, poll.events + count * EVENT_BYTES, poll.list, one, readiness)
    count += 1
  }
  return count === 0 ? wait(call, poll, moment) : call.memory.writeU32(poll.out, count)
}

/** Until the nearest clock fires or a descriptor becomes ready. */
function wait(call: CallContext, poll: Poll, moment: Moment): Step {
  let deadline = Number.POSITIVE_INFINITY
  const clocks = poll.subscriptions.filter((one) => one.type === 'clock')
  const left = (one: (typeof clocks)[number]): bigint => one.at - moment.now(one.clock)
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
): Result<Subscriptions> {
  if (count === 0) return fail(Errno.INVAL)
  if (count > MAX_SUBSCRIPTIONS) return fail(Errno.NOMEM)
  const bytes = call.memory.view(pointer, count * layout.bytes)
  if (!bytes.ok) return bytes
  const list = new DataView(bytes.value.slice().buffer)
  const moment = new Moment(call)
  const subscriptions: Subscription[] = []
  for (let index = 0; index < count; index += 1) {
    const one = subscriptionAt(call, list, index * layout.bytes, layout, moment)
    if (!one.ok) return one
    subscriptions.push(one.value)
  }
  return ok({ list, subscriptions })
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
  const asked = subscriptionsOf(call, pointer, entries, layout)
  if (!asked.ok) return asked.errno satisfies Failure
  if (!call.memory.covers(events, entries * EVENT_BYTES)) return Errno.FAULT
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  call.process.charge(entries * UNITS_PER_SUBSCRIPTION)
  const { list, subscriptions } = asked.value
  return attempt(call, { list, subscriptions, events, out })
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

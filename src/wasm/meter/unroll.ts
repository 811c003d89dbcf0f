import { OPCODES, type Opcode } from '../decode/opcodes.ts'
import { type Event, Frame, LoopFrame } from './frames.ts'
import { mayBeCounted } from './loop-plan.ts'
import { OP, VOID } from './op.ts'

/** Bytes of the trips that are written, together, and how many they are. */
const MOST_BYTES = 300
const MOST_TRIPS = 5
/** Blocks that a function may gain, besides as many as it has. */
const SPARE_BLOCKS = 8

/** Fewer trips than this are all in the loop. */
const LEAST_WITH_FIRST = 3

/**
 * Labels around a trip that are not in the original: its block and `over`. The last has no block, and the
 * first is in no loop when it stands in front of it.
 */
const LABELS = { first: 1, earlier: 2, last: 1 } as const

function known(code: number): Opcode {
  const opcode = OPCODES.get(code)
  if (opcode === undefined) throw new TypeError(`no opcode ${code}`)
  return opcode
}

const BLOCK = known(OP.block)
const BRANCH = known(OP.br)
const END = known(OP.end)

/** Calls and what catches exceptions are not among them. */
const COPIED: ReadonlySet<string> = new Set([
  ...['block', 'br', 'br-if', 'else', 'end', 'if', 'plain', 'return', 'unreachable'],
])
const OPENS: ReadonlySet<string> = new Set(['block', 'if'])

const NONE: readonly never[] = []

const opens = ({ opcode }: Event): boolean => OPENS.has(opcode.class)

function branchCode(opcode: Opcode, depth: number): readonly number[] {
  const bytes: number[] = [opcode === BRANCH ? OP.br : OP.brIf]
  let rest = depth
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

/** An event of ours, written in front of what stands at `at` in the original. */
const ours = (opcode: Opcode, code: readonly number[], frame: Frame, at: number): Event => ({
  opcode,
  at,
  next: at,
  cost: 0,
  frame,
  targets: NONE,
  immediates: NONE,
  code,
  padTrue: 0,
  padFalse: 0,
  chargeAfter: 0,
  chargeTaken: 0,
  checkAfter: false,
})

/** A branch that has `more` labels to go past, unless it stays among `own`. */
function deeper(event: Event, own: ReadonlySet<Frame>, more: number): Event {
  const [target] = event.targets
  if (target === undefined || own.has(target)) return event
  const depth = (event.immediates[0] ?? 0) + more
  return { ...event, immediates: [depth], code: branchCode(event.opcode, depth) }
}

interface Round {
  readonly header: Event
  readonly body: readonly Event[]
  readonly end: Event
  readonly loop: LoopFrame
}

/** One trip but the last. `block` has the place of the loop's label, as `br` counts. */
function earlierTrip({ body, loop }: Round, block: Frame, labels: number): readonly Event[] {
  const copies = new Map<Frame, Frame>([[loop, block]])
  const own = new Set<Frame>([block])
  return body.map((event) => {
    if (opens(event)) {
      const copy = event.frame.copy(block.loop)
      copies.set(event.frame, copy)
      own.add(copy)
    }
    const frame = copies.get(event.frame) ?? event.frame
    const targets = event.targets.map((label) => copies.get(label) ?? label)
    const copy = deeper({ ...event, frame, targets }, own, labels)
    if (event.opcode.class === 'else') frame.otherwise = copy
    return copy
  })
}

/** `(block trip (br $over))`; a branch back leaves the block. `next`: where the original goes on. */
function blockOf(round: Round, block: Frame, over: Frame, next: number): readonly Event[] {
  const { header, end, loop } = round
  const labels = block.loop === loop ? LABELS.earlier : LABELS.first
  const leave = ours(BRANCH, branchCode(BRANCH, labels), block, end.at)
  return [
    ours(BLOCK, [OP.block, VOID], block, header.next),
    ...earlierTrip(round, block, labels),
    { ...leave, targets: [over], immediates: [labels], cost: end.cost },
    { ...ours(END, [OP.end], block, end.at), next },
  ]
}

/** `(block $over (block trip (br $over)) (loop (block trip (br $over)) ... trip))` */
function written(round: Round, trips: number): readonly Event[] {
  const { header, body, end, loop } = round
  const { arm, around } = loop
  const over = new Frame('block', true, arm, around)
  const start = { ...ours(BLOCK, [OP.block, VOID], over, header.at), cost: header.cost }
  const events: Event[] = []
  const first = new Frame('block', true, arm, around)
  first.firstTripOf = loop
  const hasFirst = trips >= LEAST_WITH_FIRST
  if (hasFirst) {
    // The first trip stands where the original's loop has begun already, and then it begins.
    events.push({ ...start, next: header.next }, ...blockOf(round, first, over, header.at))
  } else events.push(start)
  events.push({ ...header, cost: 0 })
  for (let trip = hasFirst ? 2 : 1; trip < trips; trip += 1) {
    // What comes next in the original is the loop's first instruction again.
    events.push(...blockOf(round, new Frame('block', true, arm, loop), over, header.next))
  }
  const own = new Set<Frame>([loop, ...body.filter(opens).map(({ frame }) => frame)])
  events.push(...body.map((event) => deeper(event, own, LABELS.last)), end)
  events.push(ours(END, [OP.end], over, end.next))
  return events
}

/** How many trips of a loop are written, together with the one in front of it. */
function tripsOf({ header, body, end, loop }: Round): number {
  if (!loop.canPayGoingRound || !loop.isVoid || loop.hasCall || mayBeCounted(loop)) return 1
  if (!body.every(({ opcode }) => COPIED.has(opcode.class))) return 1
  return Math.min(MOST_TRIPS, Math.floor(MOST_BYTES / (end.at - header.next)))
}

/**
 * Makes one trip of several, of short innermost loops that do not count: they are paid for together,
 * and look at the fuel once. V8 does the same to a plain loop, but not where a call is in it, as one
 * is behind each look. The first trip stands in front of such a loop: who makes only that has nothing
 * to pay back.
 *
 * @param blocks - how many the function has: it gets at most about as many more.
 * @source metering reference, section 6
 */
export function unrollLoops(events: readonly Event[], blocks: number): readonly Event[] {
  const out: Event[] = []
  let room = blocks + SPARE_BLOCKS
  let innermost = 0
  for (const end of events) {
    if (end.opcode.class === 'loop') innermost = out.length
    out.push(end)
    const header = out[innermost]
    if (end.opcode.class !== 'end' || header?.frame !== end.frame) continue
    const { frame: loop } = header
    if (!(loop instanceof LoopFrame) || 2 * (end.at - header.next) > MOST_BYTES) continue
    const one = { header, body: out.slice(innermost + 1, -1), end, loop }
    const trips = tripsOf(one)
    const added = 1 + (trips - 1) * (1 + one.body.filter(opens).length)
    if (trips < 2 || added > room) continue
    room -= added
    out.splice(innermost, out.length, ...written(one, trips))
  }
  return out
}

import { OPCODES, type Opcode, prefixed, REFUSED } from '../decode/opcodes.ts'
import { invalidModule, type Reader } from '../decode/reader.ts'
import type { FunctionType } from '../decode/sections.ts'
import type { ModuleLimits } from '../limits.ts'
import { ofConstantLength } from './constant-bulk.ts'
import { weighed } from './counted-branch.ts'
import { countedLoop, type LocalWrite, writeOf } from './counted-loop.ts'
import { padShorterWays } from './even-ways.ts'
import { type Event, Frame, type FunctionEvents, LoopFrame } from './frames.ts'
import { READ_IMMEDIATE } from './immediates.ts'
import { type LabelGroup, shareCredit } from './label-group.ts'
import { declaredLocals } from './locals.ts'
import { RecentCode } from './recent-code.ts'
import { unrollLoops } from './unroll.ts'

interface Scan {
  readonly reader: Reader
  readonly types: readonly FunctionType[]
  readonly limits: ModuleLimits
  /** Index of the first local behind the parameters; -1 when there is none. */
  readonly firstLocal: number
  readonly firstLocalUses: number[]
  readonly frames: Frame[]
  readonly events: Event[]
  readonly recent: RecentCode
  readonly writes: LocalWrite[]
  /** Of the labels of each br_table. */
  readonly groups: LabelGroup[]
  /** Arms so far: each frame and each else or catch opens one. */
  arms: number
  pending: number
  merges: number
  loops: number
  targets: number
  hasTryTable: boolean
  hasIndirectTail: boolean
}

const ONE_BYTE: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  OPCODES.get(code),
)
const FC = 0xfc
const FD = 0xfd
const NO_IMMEDIATES: readonly number[] = []
const NO_TARGETS: readonly Frame[] = []

function opcodeAt(reader: Reader): Opcode {
  const at = reader.at
  const first = reader.byte()
  const code = first === FC || first === FD ? prefixed(first, reader.u32()) : first
  const opcode = code < 256 ? ONE_BYTE[code] : OPCODES.get(code)
  if (opcode !== undefined) return opcode
  const family = REFUSED.get(first)
  if (family !== undefined) throw invalidModule(`unsupported instruction: ${family}`)
  throw invalidModule(`exec format error: unknown opcode 0x${first.toString(16)} at byte ${at}`)
}

const EMPTY_TYPE = -64

/** A block's type: how many values it takes and gives. */
function blockType(scan: Scan): { readonly takes: number; readonly gives: number } {
  const type = scan.reader.s33()
  if (type === EMPTY_TYPE) return { takes: 0, gives: 0 }
  if (type < 0) return { takes: 0, gives: 1 }
  const signature = scan.types[type]
  if (signature === undefined) throw invalidModule('exec format error: unknown block type')
  return { takes: signature.params.length, gives: signature.results.length }
}

function push<F extends Frame>(scan: Scan, frame: F): F {
  if (scan.frames.length >= scan.limits.nesting) {
    throw invalidModule(`nesting exceeds ${scan.limits.nesting}`)
  }
  scan.frames.push(frame)
  scan.merges += 1
  scan.arms += 1
  return frame
}

const open = (scan: Scan, kind: Frame['kind'], gives: number): Frame =>
  push(scan, new Frame(kind, gives === 0, scan.arms, scan.frames.at(-1)))

function openLoop(scan: Scan): LoopFrame {
  const { takes, gives } = blockType(scan)
  scan.loops += 1
  const writes = scan.writes.length
  const isVoid = takes + gives === 0
  return push(scan, new LoopFrame(takes === 0, scan.arms, scan.frames.at(-1), writes, isVoid))
}

/** What a loop is, the loop around it holds. */
function closeLoop(loop: LoopFrame): void {
  const { outer } = loop
  if (outer === undefined) return
  outer.hasLoop = true
  outer.hasCall ||= loop.hasCall
  outer.escape = Math.min(outer.escape, loop.escape)
}

function frameAt(scan: Scan, depth: number): Frame {
  const frame = scan.frames[scan.frames.length - 1 - depth]
  if (frame === undefined) throw invalidModule('exec format error: unknown label')
  return frame
}

/** A branch from the innermost frame, of `edges` kinds of its own. */
function branchTo(scan: Scan, depth: number, edges: number): Frame {
  const target = frameAt(scan, depth)
  target.named = true
  if (target instanceof LoopFrame) target.backEdges += edges
  const { loop } = current(scan)
  if (loop !== undefined) loop.escape = Math.min(loop.escape, target.depth)
  return target
}

/** The function may be left here, or other code runs. */
function leaves(scan: Scan): void {
  const { loop } = current(scan)
  if (loop !== undefined) loop.escape = -1
}

function calls(scan: Scan): void {
  const { loop } = current(scan)
  if (loop !== undefined) loop.hasCall = true
}

/** Its labels become one group: what is paid already is the same at each. */
function branchTable(scan: Scan): readonly Frame[] {
  const count = scan.reader.count('targets of a br_table', scan.limits.branchTargets) + 1
  scan.targets += count
  if (scan.targets > scan.limits.branchTargetSum) {
    throw invalidModule(`br_table targets exceed ${scan.limits.branchTargetSum} in one function`)
  }
  const targets = new Set<Frame>()
  for (let index = 0; index < count; index += 1) {
    // Twice a back edge: no branch of this kind is the one at the bottom of a counted loop.
    targets.add(branchTo(scan, scan.reader.u32(), 2))
  }
  const group = shareCredit(targets)
  if (group !== undefined) scan.groups.push(group)
  const loops = new Set([...targets].map(({ loop }) => loop))
  if (loops.size > 1) for (const loop of loops) if (loop !== undefined) loop.isLeftByTable = true
  return [...targets]
}

/** Catch clauses: 0 catch, 1 catch_ref (tag, label); 2 catch_all, 3 catch_all_ref (label). */
function tryTable(scan: Scan): Frame {
  const { gives } = blockType(scan)
  const count = scan.reader.count('catch clauses', scan.limits.branchTargets)
  for (let index = 0; index < count; index += 1) {
    if (scan.reader.byte() < 2) scan.reader.u32()
    const frame = frameAt(scan, scan.reader.u32())
    frame.caught = true
    frame.group?.payNothing()
    frame.named = true
  }
  scan.hasTryTable = true
  calls(scan)
  return open(scan, 'try-table', gives)
}

function current(scan: Scan): Frame {
  const frame = scan.frames.at(-1)
  if (frame === undefined) throw invalidModule('exec format error: code after the end')
  return frame
}

interface Seen {
  readonly frame: Frame
  readonly targets?: readonly Frame[]
  readonly immediates?: readonly number[] | undefined
}

function branch(scan: Scan): Seen {
  const depth = scan.reader.u32()
  return { frame: current(scan), targets: [branchTo(scan, depth, 1)], immediates: [depth] }
}

const END = 0x0b

/** A br_if that may be the one at the bottom of a loop that counts. */
function branchIf(scan: Scan, at: number): Seen {
  const seen = branch(scan)
  const [target] = seen.targets ?? NO_TARGETS
  const { reader, recent, writes } = scan
  const loop = seen.frame
  const atBottom = target === loop && reader.bytes[reader.at] === END
  if (atBottom && loop instanceof LoopFrame && loop.isVoid) {
    loop.counted = countedLoop(loop, recent, at, writes, scan.frames.slice(0, -1))
  }
  return seen
}

/** What each class of control instruction does to the open frames. */
function control(scan: Scan, opcode: Opcode, at: number): Seen {
  switch (opcode.class) {
    case 'try':
      calls(scan)
      return { frame: open(scan, 'try', blockType(scan).gives) }
    case 'block':
    case 'if':
      return { frame: open(scan, opcode.class, blockType(scan).gives) }
    case 'loop':
      return { frame: openLoop(scan) }
    case 'try-table':
      return { frame: tryTable(scan) }
    case 'end':
    case 'delegate': {
      const frame = current(scan)
      if (opcode.class === 'delegate') scan.reader.u32()
      scan.frames.pop()
      if (frame instanceof LoopFrame) closeLoop(frame)
      return { frame }
    }
    case 'br':
      return branch(scan)
    case 'br-if':
      return branchIf(scan, at)
    case 'br-table':
      return { targets: branchTable(scan), frame: current(scan) }
    case 'call':
    case 'catch':
    case 'else':
    case 'plain':
    case 'reference':
    case 'return':
    case 'routed':
    case 'tail-call':
    case 'throw':
    case 'unreachable':
      return other(scan, opcode)
  }
}

/** Control instructions that open, close and name no label. */
function other(scan: Scan, opcode: Opcode): Seen {
  const frame = current(scan)
  const kind = opcode.class
  if (kind === 'else' || kind === 'catch') {
    frame.arm = scan.arms
    scan.arms += 1
  }
  if (kind === 'call' || kind === 'routed' || kind === 'tail-call') calls(scan)
  if (kind === 'return' || kind === 'tail-call' || kind === 'throw' || kind === 'unreachable') {
    leaves(scan)
  }
  return { frame, immediates: READ_IMMEDIATE[opcode.immediate]?.(scan.reader) }
}

/** Units of plain instructions in a row behind which a check must be possible. */
const SEGMENT = 50_000
/** What stands there: nothing. */
const PAUSE: Opcode = { name: 'pause', immediate: 'none', weight: 0, class: 'plain' }
const INDIRECT_TAIL = OPCODES.get(0x13)
const LOCAL_GET = 0x20
const LOCAL_TEE = 0x22

/** An instruction that is only counted. */
function plain(scan: Scan, opcode: Opcode, at: number): void {
  const { reader, recent } = scan
  const code = reader.bytes[at] ?? 0
  scan.pending += opcode.weight
  let value = 0
  if (opcode.immediate === 'index') {
    value = reader.u32()
    if (code >= LOCAL_GET && code <= LOCAL_TEE) useOfLocal(scan, code, value, at)
  } else if (opcode.immediate === 'i32') value = reader.s32()
  else if (opcode.immediate !== 'none') READ_IMMEDIATE[opcode.immediate]?.(reader)
  recent.record(code, value, at)
  if (scan.pending > SEGMENT)
    scan.events.push(eventOf(scan, PAUSE, reader.at, { frame: current(scan) }))
}

function useOfLocal(scan: Scan, code: number, local: number, at: number): void {
  if (local === scan.firstLocal) scan.firstLocalUses.push(at)
  if (code === LOCAL_GET) return
  const { arm, loop } = current(scan)
  scan.writes.push({ local, arm, loop, ...writeOf(scan.recent, local) })
}

/** Closes the segment before it. */
function eventOf(scan: Scan, opcode: Opcode, at: number, seen: Seen): Event {
  const event: Event = {
    opcode,
    at,
    next: scan.reader.at,
    cost: scan.pending + opcode.weight,
    frame: seen.frame,
    targets: seen.targets ?? NO_TARGETS,
    immediates: seen.immediates ?? NO_IMMEDIATES,
    code: undefined,
    padTrue: 0,
    padFalse: 0,
    chargeAfter: 0,
    chargeTaken: 0,
    checkAfter: false,
  }
  scan.pending = 0
  if (opcode === PAUSE) scan.recent.pause()
  else scan.recent.clear()
  return event
}

function step(scan: Scan): void {
  const { reader } = scan
  const at = reader.at
  const opcode = ofConstantLength(opcodeAt(reader), scan.recent)
  if (opcode.class === 'plain') {
    plain(scan, opcode, at)
    return
  }
  const seen = control(scan, opcode, at)
  const event = eventOf(scan, weighed(opcode, seen.targets, scan.recent), at, seen)
  if (opcode.class === 'else') event.frame.otherwise = event
  if (opcode === INDIRECT_TAIL) scan.hasIndirectTail = true
  const [target] = event.targets
  if (target instanceof LoopFrame && target.counted !== undefined) target.bottom ??= event
  scan.events.push(event)
}

function checkWork(scan: Scan, locals: number): void {
  const { limits, merges, loops } = scan
  if (loops > limits.loops)
    throw invalidModule(`${loops} loops in a function exceed ${limits.loops}`)
  const times = Math.max(1, locals)
  if (merges * times > limits.mergesTimesLocals) {
    throw invalidModule(
      `${merges} blocks times ${locals} locals in a function exceed ${limits.mergesTimesLocals}`,
    )
  }
  if (loops * times > limits.loopsTimesLocals) {
    throw invalidModule(
      `${loops} loops times ${locals} locals in a function exceed ${limits.loopsTimesLocals}`,
    )
  }
}

/**
 * Decodes one function body into the events the metering pass works on.
 *
 * @param type - its type.
 * @throws EngineError `INVALID_MODULE`: an instruction or a limit.
 */
export function functionEvents(
  reader: Reader,
  type: FunctionType,
  types: readonly FunctionType[],
  limits: ModuleLimits,
): FunctionEvents {
  const params = type.params.length
  const groups = declaredLocals(reader, params, limits.locals)
  const locals = groups.reduce((sum, { count }) => sum + count, params)
  const codeAt = reader.at
  const label = new Frame('function', false, 0, undefined)
  const scan: Scan = {
    reader,
    types,
    limits,
    firstLocal: locals > params ? params : -1,
    firstLocalUses: [],
    frames: [label],
    events: [],
    recent: new RecentCode(),
    writes: [],
    groups: [],
    arms: 1,
    pending: 0,
    merges: 0,
    loops: 0,
    targets: 0,
    hasTryTable: false,
    hasIndirectTail: false,
  }
  while (!reader.done) step(scan)
  if (scan.frames.length > 0) throw invalidModule('exec format error: a function has no end')
  checkWork(scan, locals)
  padShorterWays(scan.events, scan.groups)
  const events = scan.loops > 0 ? unrollLoops(scan.events, scan.merges) : scan.events
  const { firstLocalUses, merges, loops, hasTryTable, hasIndirectTail } = scan
  return {
    ...{ events, type, params, locals, groups, firstLocalUses, codeAt, label, merges },
    ...{ loops, hasTryTable, hasIndirectTail },
  }
}

import { type Immediate, OPCODES, type Opcode, prefixed, REFUSED } from '../decode/opcodes.ts'
import { invalidModule, type Reader } from '../decode/reader.ts'
import { type FunctionType, valueType } from '../decode/sections.ts'
import type { ModuleLimits } from '../limits.ts'
import { type Event, type Frame, type FunctionEvents, type LocalGroup, newFrame } from './frames.ts'

interface Scan {
  readonly reader: Reader
  readonly types: readonly FunctionType[]
  readonly limits: ModuleLimits
  /** Index of the first local behind the parameters; -1 when there is none. */
  readonly firstLocal: number
  readonly firstLocalUses: number[]
  readonly frames: Frame[]
  readonly events: Event[]
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

/** Bit 6 of the alignment announces a memory index. */
function skipMemoryAccess(reader: Reader): void {
  if (reader.u32() >= 64) throw invalidModule('unsupported: memory index (multi-memory)')
  reader.u32()
}

function skipMemoryZero(reader: Reader): void {
  if (reader.byte() !== 0) throw invalidModule('unsupported: memory index (multi-memory)')
}

/** Passes over immediates that say nothing to the pass, and returns those of routed instructions. */
const READ_IMMEDIATE: Readonly<
  Partial<Record<Immediate, (reader: Reader) => readonly number[] | undefined>>
> = {
  index: (reader) => [reader.u32()],
  'two-indices': (reader) => [reader.u32(), reader.u32()],
  'memory-access': (reader) => void skipMemoryAccess(reader),
  'memory-access-lane': (reader) => {
    skipMemoryAccess(reader)
    reader.skip(1)
    return undefined
  },
  'memory-zero': (reader) => void skipMemoryZero(reader),
  'two-memory-zeros': (reader) => {
    skipMemoryZero(reader)
    skipMemoryZero(reader)
    return undefined
  },
  'index-memory-zero': (reader) => {
    const index = reader.u32()
    skipMemoryZero(reader)
    return [index]
  },
  i32: (reader) => void reader.skipSigned(5),
  i64: (reader) => void reader.skipSigned(10),
  f32: (reader) => void reader.skip(4),
  f64: (reader) => void reader.skip(8),
  v128: (reader) => void reader.skip(16),
  lane: (reader) => void reader.skip(1),
  'heap-type': (reader) => void reader.skip(1),
  'value-types': (reader) => {
    const count = reader.count('value types', 16)
    for (let index = 0; index < count; index += 1) valueType(reader)
    return undefined
  },
}

/** Whether a branch to this block's label carries values: a loop takes its parameters. */
function isPlain(scan: Scan, loop: boolean): boolean {
  const type = scan.reader.s33()
  if (type === -64) return true
  if (type < 0) return loop
  const signature = scan.types[type]
  if (signature === undefined) throw invalidModule('exec format error: unknown block type')
  return (loop ? signature.params : signature.results).length === 0
}

function open(scan: Scan, kind: Frame['kind'], plain: boolean): Frame {
  if (scan.frames.length >= scan.limits.nesting) {
    throw invalidModule(`nesting exceeds ${scan.limits.nesting}`)
  }
  const around = scan.frames.at(-1)
  const frame: Frame = newFrame(kind, plain, around?.loop)
  scan.frames.push(frame)
  scan.merges += 1
  return frame
}

function frameAt(scan: Scan, depth: number): Frame {
  const frame = scan.frames[scan.frames.length - 1 - depth]
  if (frame === undefined) throw invalidModule('exec format error: unknown label')
  return frame
}

/** The labels of a br_table are flushed: one charge cannot be right for several targets. */
function branchTable(scan: Scan): readonly Frame[] {
  const count = scan.reader.count('targets of a br_table', scan.limits.branchTargets) + 1
  scan.targets += count
  if (scan.targets > scan.limits.branchTargetSum) {
    throw invalidModule(`br_table targets exceed ${scan.limits.branchTargetSum} in one function`)
  }
  const targets = new Set<Frame>()
  for (let index = 0; index < count; index += 1) {
    const frame = frameAt(scan, scan.reader.u32())
    frame.flush = true
    frame.named = true
    targets.add(frame)
  }
  return [...targets]
}

/** Catch clauses: 0 catch, 1 catch_ref (tag, label); 2 catch_all, 3 catch_all_ref (label). */
function tryTable(scan: Scan): Frame {
  const plain = isPlain(scan, false)
  const count = scan.reader.count('catch clauses', scan.limits.branchTargets)
  for (let index = 0; index < count; index += 1) {
    if (scan.reader.byte() < 2) scan.reader.u32()
    const frame = frameAt(scan, scan.reader.u32())
    frame.flush = true
    frame.caught = true
    frame.named = true
  }
  scan.hasTryTable = true
  return open(scan, 'try-table', plain)
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
  const target = frameAt(scan, depth)
  target.named = true
  return { frame: current(scan), targets: [target], immediates: [depth] }
}

/** What each class of control instruction does to the open frames. */
function control(scan: Scan, opcode: Opcode): Seen {
  switch (opcode.class) {
    case 'block':
    case 'if':
    case 'try':
      return { frame: open(scan, opcode.class, isPlain(scan, false)) }
    case 'loop':
      scan.loops += 1
      return { frame: open(scan, 'loop', isPlain(scan, true)) }
    case 'try-table':
      return { frame: tryTable(scan) }
    case 'end':
    case 'delegate': {
      const frame = current(scan)
      if (opcode.class === 'delegate') scan.reader.u32()
      scan.frames.pop()
      return { frame }
    }
    case 'br':
    case 'br-if':
      return branch(scan)
    case 'br-table':
      return { targets: branchTable(scan), frame: current(scan) }
    case 'tail-call':
    case 'call':
    case 'catch':
    case 'else':
    case 'plain':
    case 'reference':
    case 'return':
    case 'routed':
    case 'throw':
    case 'unreachable':
      return {
        frame: current(scan),
        immediates: READ_IMMEDIATE[opcode.immediate]?.(scan.reader),
      }
  }
}

const INDIRECT_TAIL = OPCODES.get(0x13)
const LOCAL_GET = 0x20
const LOCAL_TEE = 0x22

/** An instruction that is only counted. */
function plain(scan: Scan, opcode: Opcode, at: number): void {
  const { reader } = scan
  scan.pending += opcode.weight
  if (opcode.immediate === 'none') return
  if (opcode.immediate !== 'index') {
    READ_IMMEDIATE[opcode.immediate]?.(reader)
    return
  }
  const index = reader.u32()
  const code = reader.bytes[at] ?? 0
  if (index === scan.firstLocal && code >= LOCAL_GET && code <= LOCAL_TEE) {
    scan.firstLocalUses.push(at)
  }
}

function step(scan: Scan): void {
  const { reader } = scan
  const at = reader.at
  const opcode = opcodeAt(reader)
  if (opcode.class === 'plain') {
    plain(scan, opcode, at)
    return
  }
  const seen = control(scan, opcode)
  const event: Event = {
    opcode,
    at,
    next: reader.at,
    cost: scan.pending + opcode.weight,
    frame: seen.frame,
    targets: seen.targets ?? NO_TARGETS,
    immediates: seen.immediates ?? NO_IMMEDIATES,
    chargeAfter: 0,
    chargeTaken: 0,
  }
  if (opcode.class === 'else') event.frame.otherwise = event
  if (opcode === INDIRECT_TAIL) scan.hasIndirectTail = true
  scan.events.push(event)
  scan.pending = 0
}

function declaredLocals(reader: Reader, params: number, limit: number): readonly LocalGroup[] {
  let locals = params
  const count = reader.count('groups of locals', limit)
  const groups: LocalGroup[] = []
  for (let index = 0; index < count; index += 1) {
    const group = { count: reader.u32(), type: valueType(reader) }
    groups.push(group)
    locals += group.count
    if (locals > limit) throw invalidModule(`${locals} locals of a function exceed ${limit}`)
  }
  return groups
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
  const label = newFrame('function', false, undefined)
  const scan: Scan = {
    reader,
    types,
    limits,
    firstLocal: locals > params ? params : -1,
    firstLocalUses: [],
    frames: [label],
    events: [],
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
  const { events, firstLocalUses, merges, hasTryTable, hasIndirectTail } = scan
  const hasLoop = scan.loops > 0
  return {
    ...{ events, type, params, locals, groups, firstLocalUses, codeAt, label, merges },
    ...{ hasLoop, hasTryTable, hasIndirectTail },
  }
}

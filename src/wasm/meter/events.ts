import { type Immediate, OPCODES, type Opcode, prefixed, REFUSED } from '../decode/opcodes.ts'
import { invalidModule, type Reader } from '../decode/reader.ts'
import { type FunctionType, valueType } from '../decode/sections.ts'
import type { ModuleLimits } from '../limits.ts'

/** A label that is open: the function itself, or a block of any kind. */
export interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try' | 'try-table'
  /** The innermost loop around it, itself included; undefined outside of loops. */
  readonly loop: Frame | undefined
  /** True when a branch to it carries no values. */
  readonly plain: boolean
  /** A br_table or a catch clause names it: nothing may be prepaid across it. */
  flush: boolean
  /** Units already paid when control arrives at the label. */
  credit: number
  creditElse: number
  /** The `else` event of an `if`. */
  otherwise: Event | undefined
}

/** An instruction the metering pass looks at, and everything it decides about it. */
export interface Event {
  readonly opcode: Opcode
  /** Bytes of the instruction: at .. next. */
  readonly at: number
  readonly next: number
  /** Units of the plain instructions since the event before, and of this one. */
  readonly cost: number
  /** The frame that this opens, closes or continues, or in which it stands. */
  readonly frame: Frame
  /** Where a br or br_if goes. */
  readonly target: Frame | undefined
  /** The immediates of a routed instruction, and of a br_if its depth. */
  readonly immediates: readonly number[]
  /** It may leave the function by its label: the fuel must be in the global before it. */
  readonly leaves: boolean
  chargeAfter: number
  /** Only for br_if: paid on the taken edge. */
  chargeTaken: number
}

/** One function, decoded. */
export interface FunctionEvents {
  readonly events: readonly Event[]
  /** Locals and parameters of the original. */
  readonly locals: number
  /** Where the first instruction starts; before it stand the local declarations. */
  readonly codeAt: number
  readonly hasLoop: boolean
  readonly hasTryTable: boolean
  readonly merges: number
}

interface Scan {
  readonly reader: Reader
  readonly types: readonly FunctionType[]
  readonly limits: ModuleLimits
  readonly frames: Frame[]
  readonly events: Event[]
  pending: number
  merges: number
  loops: number
  targets: number
  hasTryTable: boolean
}

const ONE_BYTE: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  OPCODES.get(code),
)
const FC = 0xfc
const FD = 0xfd
const NO_IMMEDIATES: readonly number[] = []

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

function newFrame(kind: Frame['kind'], plain: boolean, loop: Frame | undefined): Frame {
  const frame: Frame = {
    kind,
    plain,
    // A loop is its own innermost loop.
    get loop() {
      return kind === 'loop' ? frame : loop
    },
    flush: false,
    credit: 0,
    creditElse: 0,
    otherwise: undefined,
  }
  return frame
}

function frameAt(scan: Scan, depth: number): Frame {
  const frame = scan.frames[scan.frames.length - 1 - depth]
  if (frame === undefined) throw invalidModule('exec format error: unknown label')
  return frame
}

/** The labels of a br_table are flushed: one charge cannot be right for several targets. */
function branchTable(scan: Scan): boolean {
  const count = scan.reader.count('targets of a br_table', scan.limits.branchTargets) + 1
  scan.targets += count
  if (scan.targets > scan.limits.branchTargetSum) {
    throw invalidModule(`br_table targets exceed ${scan.limits.branchTargetSum} in one function`)
  }
  let leaves = false
  for (let index = 0; index < count; index += 1) {
    const frame = frameAt(scan, scan.reader.u32())
    frame.flush = true
    leaves ||= frame.kind === 'function'
  }
  return leaves
}

/** Catch clauses: 0 catch, 1 catch_ref (tag, label); 2 catch_all, 3 catch_all_ref (label). */
function tryTable(scan: Scan): Frame {
  const plain = isPlain(scan, false)
  const count = scan.reader.count('catch clauses', scan.limits.branchTargets)
  for (let index = 0; index < count; index += 1) {
    if (scan.reader.byte() < 2) scan.reader.u32()
    frameAt(scan, scan.reader.u32()).flush = true
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
  readonly target?: Frame
  readonly immediates?: readonly number[] | undefined
  readonly leaves?: boolean
}

function branch(scan: Scan): Seen {
  const depth = scan.reader.u32()
  const target = frameAt(scan, depth)
  const leaves = target.kind === 'function'
  return { frame: current(scan), target, immediates: [depth], leaves }
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
      return { frame, leaves: frame.kind === 'function' }
    }
    case 'br':
    case 'br-if':
      return branch(scan)
    case 'br-table':
      return { leaves: branchTable(scan), frame: current(scan) }
    case 'call':
    case 'catch':
    case 'else':
    case 'plain':
    case 'return':
    case 'routed':
    case 'tail-call':
    case 'throw':
    case 'unreachable':
      return {
        frame: current(scan),
        immediates: READ_IMMEDIATE[opcode.immediate]?.(scan.reader),
      }
  }
}

function step(scan: Scan): void {
  const { reader } = scan
  const at = reader.at
  const opcode = opcodeAt(reader)
  if (opcode.class === 'plain') {
    READ_IMMEDIATE[opcode.immediate]?.(reader)
    scan.pending += opcode.weight
    return
  }
  const seen = control(scan, opcode)
  const event: Event = {
    opcode,
    at,
    next: reader.at,
    cost: scan.pending + opcode.weight,
    frame: seen.frame,
    target: seen.target,
    immediates: seen.immediates ?? NO_IMMEDIATES,
    leaves: seen.leaves ?? false,
    chargeAfter: 0,
    chargeTaken: 0,
  }
  if (opcode.class === 'else') event.frame.otherwise = event
  scan.events.push(event)
  scan.pending = 0
}

function declaredLocals(reader: Reader, params: number, limit: number): number {
  let locals = params
  const groups = reader.count('groups of locals', limit)
  for (let group = 0; group < groups; group += 1) {
    locals += reader.u32()
    valueType(reader)
    if (locals > limit) throw invalidModule(`${locals} locals of a function exceed ${limit}`)
  }
  return locals
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
 * @param params - how many parameters its type has.
 * @throws EngineError `INVALID_MODULE`: an instruction or a limit.
 */
export function functionEvents(
  reader: Reader,
  params: number,
  types: readonly FunctionType[],
  limits: ModuleLimits,
): FunctionEvents {
  const locals = declaredLocals(reader, params, limits.locals)
  const codeAt = reader.at
  const scan: Scan = {
    reader,
    types,
    limits,
    frames: [newFrame('function', false, undefined)],
    events: [],
    pending: 0,
    merges: 0,
    loops: 0,
    targets: 0,
    hasTryTable: false,
  }
  while (!reader.done) step(scan)
  if (scan.frames.length > 0) throw invalidModule('exec format error: a function has no end')
  checkWork(scan, locals)
  return {
    events: scan.events,
    locals,
    codeAt,
    hasLoop: scan.loops > 0,
    hasTryTable: scan.hasTryTable,
    merges: scan.merges,
  }
}

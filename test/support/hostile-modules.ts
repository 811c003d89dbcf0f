/** Hostile modules that no compiler makes. Each says what it does to whoever runs it. */
import {
  build,
  EXTERNREF,
  type Fn,
  FUNCREF,
  forever,
  I32,
  I64,
  name,
  op,
  type Parts,
  repeat,
  section,
  startOf,
  u32,
} from './module-builder.ts'

const MIB = 2 ** 20
const WASI = 'wasi_snapshot_preview1'
const VOID = [[], []] as const
const one = (code: readonly number[]): Fn => ({ code })

/** Each call of preview 1 by its parameters: i is an i32, I an i64. All but proc_exit answer an i32. */
const CALLS = `
  args_get ii, args_sizes_get ii, environ_get ii, environ_sizes_get ii, clock_res_get ii,
  clock_time_get iIi, fd_advise iIIi, fd_allocate iII, fd_close i, fd_datasync i, fd_fdstat_get ii,
  fd_fdstat_set_flags ii, fd_fdstat_set_rights iII, fd_filestat_get ii, fd_filestat_set_size iI,
  fd_filestat_set_times iIIi, fd_pread iiiIi, fd_prestat_get ii, fd_prestat_dir_name iii,
  fd_pwrite iiiIi, fd_read iiii, fd_readdir iiiIi, fd_renumber ii, fd_seek iIii, fd_sync i,
  fd_tell ii, fd_write iiii, path_create_directory iii, path_filestat_get iiiii,
  path_filestat_set_times iiiiIIi, path_link iiiiiii, path_open iiiiiIIii, path_readlink iiiiii,
  path_remove_directory iii, path_rename iiiiii, path_symlink iiiii, path_unlink_file iii,
  poll_oneoff iiii, proc_raise i, sched_yield -, random_get ii, sock_accept iii, sock_recv iiiiii,
  sock_send iiiii, sock_shutdown ii`
  .split(',')
  .map((entry) => entry.trim().split(' '))
  .map(([call = '', params = '']) => ({
    call,
    params: [...params.replace('-', '')].map((letter) => (letter === 'i' ? I32 : I64)),
  }))
/** Names of the calls above, for the test that none is missing. */
export const CALL_NAMES = CALLS.map(({ call }) => call)

const constant = (type: number, value: number) => (type === I32 ? op.i32(value) : op.i64(value))

/** Every call of a module `from`, each argument `value`, in whatever `around` makes of one call. */
function allCalls(
  from: string,
  value: number,
  around: (call: readonly number[]) => readonly number[],
  answer: readonly number[] = [I32],
): Uint8Array {
  const calls = CALLS.map(({ params }, index) =>
    around([
      ...params.flatMap((type) => constant(type, value)),
      ...op.call(index),
      ...answer.flatMap(() => op.drop),
    ]),
  )
  return build({
    types: [...CALLS.map(({ params }) => [params, answer] as const), VOID],
    imports: CALLS.map(({ call }, index) => [from, call, index] as const),
    functions: [{ type: CALLS.length, code: forever(...calls) }],
    memory: [1],
  })
}
const caught = (call: readonly number[]) => [...op.try, ...call, ...op.catchAll, ...op.end]

/** A catch-all round every call there is, for ever. */
export const catchEveryCall = (from = WASI) => allCalls(from, 0, caught)
/** Every call with arguments that are all -1. */
export const minusOneToEveryCall = (from = WASI) => allCalls(from, -1, (call) => call)
/** The calls imported with types that are not theirs: all parameters 64 bits, two results. */
export function wrongTypes(): Uint8Array {
  const type = [
    [I64, I64, EXTERNREF],
    [I64, I64],
  ] as const
  const call = (index: number) => [
    ...op.i64(1),
    ...op.i64(2),
    ...op.nullOf(EXTERNREF),
    ...op.call(index),
    ...op.drop,
    ...op.drop,
  ]
  return build({
    types: [type, VOID],
    imports: CALLS.map(({ call: field }) => [WASI, field, 0] as const),
    functions: [{ type: 1, code: forever(...CALLS.map((_, index) => caught(call(index)))) }],
    memory: [1],
  })
}
/** Ends itself inside a catch-all, in a loop. */
export const catchExit = (code: number) =>
  build({
    types: [[[I32], []], VOID],
    imports: [[WASI, 'proc_exit', 0]],
    functions: [{ type: 1, code: forever(caught([...op.i32(code), ...op.call(0)])) }],
  })
/**
 * Goes as deep as the stack goes, asks the host on each level, and wants to stay where the host has
 * no stack left: a caught overflow would be a place where no kill arrives.
 */
export const catchAtTheEdge = (stay: 'in a loop' | 'calling') => {
  const ask = [...op.call(0), ...op.drop]
  const there = forever(caught(stay === 'calling' ? ask : forever()))
  return build({
    types: [[[], [I32]], VOID],
    imports: [[WASI, 'sched_yield', 0]],
    functions: [
      { type: 1, code: [...op.try, ...ask, ...op.catchAll, ...there, ...op.end, ...op.call(1)] },
    ],
  })
}

const bulk = (...code: readonly (readonly number[])[]) =>
  startOf(forever(...code), {
    memory: [1_025],
    tables: [[FUNCREF, 90_000]],
    data: [MIB],
    elements: [9_000],
  })
const i32s = (...values: readonly number[]) => values.flatMap((value) => op.i32(value))
/** Bulk operations without end, each as large as it may be. */
export const BULK: Readonly<Record<string, () => Uint8Array>> = {
  'memory.fill': () => bulk(i32s(0, 1, 64 * MIB), op.memoryFill),
  'memory.copy up': () => bulk(i32s(1, 0, 64 * MIB), op.memoryCopy),
  'memory.copy down': () => bulk(i32s(0, 1, 64 * MIB), op.memoryCopy),
  'memory.init': () => bulk(i32s(0, 0, MIB), op.memoryInit(0)),
  'table.fill': () => bulk(op.i32(0), op.nullOf(FUNCREF), op.i32(90_000), op.tableFill()),
  'table.copy up': () => bulk(i32s(1, 0, 89_999), op.tableCopy()),
  'table.init': () => bulk(i32s(0, 0, 9_000), op.tableInit(0)),
  'nothing at all': () => bulk(i32s(0, 0, 0), op.memoryFill, i32s(0, 0, 0), op.memoryCopy),
}

const LEAF = 240_000
/** The other shapes without end. @source metering reference, sections 5 and 9 */
export const LOOPS: Readonly<Record<string, () => Uint8Array>> = {
  'an empty loop': () => startOf(forever()),
  'a catch-all round a loop': () => startOf(forever(caught(forever()))),
  'a loop counted to 2^32': () =>
    build({
      functions: [
        {
          locals: [[1, I32]],
          code: forever(op.loop, op.get(0), op.i32(1), op.add, op.tee(0), op.brIf(0), op.end),
        },
      ],
    }),
  'a huge arm nobody takes, counted': () =>
    build({
      functions: [
        {
          locals: [[1, I32]],
          code: forever(
            op.loop,
            op.get(0),
            op.if,
            repeat(6_000, [...op.i32(7), ...op.drop]),
            op.end,
            ...[op.get(0), op.i32(1), op.add, op.tee(0), op.brIf(0), op.end],
          ),
        },
      ],
    }),
  'a long leaf called in a straight line': () =>
    build({
      functions: [
        one(repeat(3_000, op.call(1))),
        one(repeat(LEAF, op.nop)),
        one(forever(op.call(0), op.call(3))),
        one(repeat(LEAF / 2, [...op.i32(7), ...op.drop])),
      ],
      exported: 2,
    }),
  'a call tree of 40 levels': () =>
    build({
      functions: Array.from({ length: 41 }, (_, level) =>
        one(level === 40 ? [] : [...op.call(level + 1), ...op.call(level + 1)]),
      ),
    }),
  divisions: () =>
    startOf(forever(repeat(3_000, [...op.i32(7), ...op.i32(3), ...op.divide, ...op.drop]))),
  br_table: () => startOf(forever(op.block, op.i32(1), [0x0e, 2, 0, 0, 0], op.end)),
  call_indirect: () =>
    build({
      functions: [
        one([...i32s(0, 0, 1), ...op.tableInit(0), ...forever(op.i32(0), op.callIndirect(0))]),
        one([]),
      ],
      tables: [[FUNCREF, 1]],
      elements: [1],
      first: 1,
    }),
  'exceptions as control flow': () =>
    startOf(forever(op.try, op.throw(0), op.catch(0), op.end), { tags: [0] }),
  'exceptions through calls': () =>
    build({
      functions: [one(forever(op.try, op.call(1), op.catch(0), op.end)), one(op.throw(0))],
      tags: [0],
    }),
  'SIMD blocks': () =>
    startOf(
      forever(repeat(1_000, [...op.i32(3), 0xfd, 17, ...op.i32(5), 0xfd, 17, 0xfd, 0xb5, 1, 0x1a])),
    ),
  'memory.grow by nothing': () =>
    startOf(forever(op.i32(0), op.memoryGrow, op.drop), { memory: [1] }),
  'memory.grow, always denied': () =>
    startOf(forever(op.i32(65_535), op.memoryGrow, op.drop), { memory: [1] }),
  'table.grow by one': () =>
    startOf(forever(op.nullOf(EXTERNREF), op.i32(1), op.tableGrow(), op.drop), {
      tables: [[EXTERNREF, 1]],
    }),
}

/** table.grow of all sizes at once: each must be denied. Traps when one is granted. */
export const growTables = () =>
  startOf(
    [9_999_990, 0x7fff_ffff, -1].flatMap((more) =>
      [0, 1].flatMap((table) => [
        ...op.nullOf(table === 0 ? EXTERNREF : FUNCREF),
        ...op.i32(more),
        ...op.tableGrow(table),
        ...op.i32(1),
        ...op.add,
        ...op.if,
        ...op.unreachable,
        ...op.end,
      ]),
    ),
    {
      tables: [
        [EXTERNREF, 1],
        [FUNCREF, 1],
      ],
    },
  )
/** Grows a table in steps until that is denied: `_start` returns when it is. */
export const growTableToItsEnd = () =>
  startOf(
    [
      ...op.loop,
      ...op.nullOf(EXTERNREF),
      ...op.i32(10_000),
      ...op.tableGrow(),
      ...op.i32(-1),
      0x47,
      ...op.brIf(0),
      ...op.end,
    ],
    { tables: [[EXTERNREF, 1]] },
  )

const recursion = (locals: readonly (readonly [number, number])[], code = op.call(0)) =>
  build({ functions: [{ locals, code }] })
export const RECURSION: Readonly<Record<string, () => Uint8Array>> = {
  direct: () => recursion([]),
  'with 1,000 locals in each frame': () =>
    recursion([[1_000, I64]], [...op.call(0), ...op.get(999), ...op.drop]),
  mutual: () => build({ functions: [one(op.call(1)), one(op.call(0))] }),
  'with a catch-all in each frame': () => recursion([], caught(op.call(0))),
}

const locals = (count: number, code: readonly number[]): Parts => ({
  functions: [{ locals: [[count, I32]], code }],
})
const nested = (count: number, open: readonly number[]) =>
  startOf([...repeat(count, open), ...repeat(count, op.end)])
const LOOP = [...op.loop, ...op.end]
const IF = [...op.i32(0), ...op.if, ...op.end]
/** What makes V8 work for minutes. @source metering reference, section 10 */
export const COMPILE_BOMBS: Readonly<Record<string, () => Uint8Array>> = {
  'H33 50,000 locals, 5,000 loops': () => build(locals(50_000, repeat(5_000, LOOP))),
  'H33 4,000 locals, 3,000 loops': () => build(locals(4_000, repeat(3_000, LOOP))),
  'H34 50,000 locals, 20,000 ifs': () => build(locals(50_000, repeat(20_000, IF))),
  'H34 4,000 locals, 20,000 ifs': () => build(locals(4_000, repeat(20_000, IF))),
  'H35 1,000,000 nested blocks': () => nested(1_000_000, op.block),
  'H35 100,000 nested blocks': () => nested(100_000, op.block),
  'H35 100,000 nested loops': () => nested(100_000, op.loop),
  'H35 100,000 nested ifs': () => nested(100_000, [...op.i32(1), ...op.if]),
  'H36 20,000 functions of 50,000 locals': () =>
    build({
      functions: Array.from({ length: 20_000 }, () => ({ locals: [[50_000, I32]], code: [] })),
    }),
  'H37 100 br_tables of 60,000': () =>
    startOf(
      repeat(100, [
        ...op.block,
        ...op.i32(0),
        0x0e,
        ...u32(6_000),
        ...repeat(6_001, [0]),
        ...op.end,
      ]),
    ),
  'H37 one br_table of 60,000': () =>
    startOf([...op.block, ...op.i32(0), 0x0e, ...u32(60_000), ...repeat(60_001, [0]), ...op.end]),
}

/** Kinds of things of which a module may have only so many: the limit, and a module of `count`. */
export const MANY: Readonly<
  Record<string, readonly [limit: number, (count: number) => Uint8Array]>
> = {
  types: [4_096, (count) => startOf([], { types: Array.from({ length: count }, () => VOID) })],
  imports: [
    1_000,
    (count) =>
      startOf([], {
        imports: Array.from({ length: count }, (_, at) => [WASI, `call${at}`, 0] as const),
      }),
  ],
  'data segments': [
    100_000,
    (count) => startOf([], { memory: [1], data: Array.from({ length: count }, () => 0) }),
  ],
  'element segments': [
    10_000,
    (count) => startOf([], { elements: Array.from({ length: count }, () => 0) }),
  ],
  'table entries': [100_000, (count) => startOf([], { tables: [[FUNCREF, count]] })],
  tags: [1_000, (count) => startOf([], { tags: Array.from({ length: count }, () => 0) })],
  'br_table targets': [
    8_192,
    (count) =>
      startOf([
        ...op.block,
        ...op.i32(0),
        0x0e,
        ...u32(count),
        ...repeat(count + 1, [0]),
        ...op.end,
      ]),
  ],
  nesting: [8_191, (count) => nested(count, op.block)],
}

/** Element segments whose entries V8 would keep as objects: 18 million in a module of 18 MB. */
export const elementBomb = () =>
  startOf([...i32s(0, 0, 1), ...op.tableInit(0)], {
    tables: [[FUNCREF, 1]],
    elements: [9_000_000, 9_000_000],
  })

/** Imports under names that are an attack on whoever prints them. */
export const printedName = (text: string) => startOf([], { imports: [['env', text, 0]] })

/** 29 bytes: three tables of ten million. @source threat model, F1 */
export const TABLE_BOMB = () =>
  build({
    tables: [
      [EXTERNREF, 10_000_000],
      [EXTERNREF, 10_000_000],
      [EXTERNREF, 10_000_000],
    ],
  })

const raw = (...sections: readonly ArrayLike<number>[]) => build({ more: sections })
const memoryImport = (flags: readonly number[]) =>
  raw(section(2, [1, ...name('env'), ...name('memory'), 2, ...flags]))
/** What is refused by name: a proposal, or a way round the host's account. */
export const PROPOSALS: Readonly<
  Record<string, readonly [module: () => Uint8Array, says: string]>
> = {
  'GC struct type': [() => raw(section(1, [1, 0x5f, 0])), 'garbage collection'],
  'GC array type': [() => raw(section(1, [1, 0x5e, I32, 0])), 'garbage collection'],
  'GC recursion group': [() => raw(section(1, [1, 0x4e, 1, 0x60, 0, 0])), 'garbage collection'],
  'GC instruction': [() => startOf([0xfb, 0, 0]), 'garbage collection'],
  'typed reference': [() => raw(section(1, [1, 0x60, 1, 0x64, 0x70, 0])), 'garbage collection'],
  call_ref: [() => startOf([0x14, 0]), 'call_ref'],
  memory64: [() => raw(section(5, [1, 4, 1])), 'memory64'],
  table64: [() => raw(section(4, [1, 0x70, 4, 1])), '64-bit table'],
  'two memories': [() => raw(section(5, [2, 0, 1, 0, 1])), '2 memories exceed 1'],
  'memory index': [
    () => startOf([...op.i32(0), 0x28, 0x42, 1, 0, 0x1a], { memory: [1] }),
    'multi-memory',
  ],
  'H21 shared memory': [() => raw(section(5, [1, 3, 1, 1])), 'threads'],
  'H21 imported shared memory': [() => memoryImport([3, 1, 1]), 'threads'],
  'atomic instruction': [() => startOf([0xfe, 0x03, 0]), 'threads'],
  'stringref type': [() => raw(section(1, [1, 0x60, 1, 0x67, 0])), 'garbage collection'],
  'unknown section': [() => raw(section(14, [0])), 'unknown section 14'],
  'unknown opcode': [() => startOf([0xff]), 'unknown opcode 0xff'],
  'imported memory': [() => memoryImport([0, 1]), 'unknown import env.memory'],
  'imported table': [
    () => raw(section(2, [1, ...name('env'), ...name('t'), 1, 0x70, 0, 1])),
    'unknown import env.t',
  ],
  'imported global': [
    () => raw(section(2, [1, ...name('env'), ...name('g'), 3, I32, 1])),
    'unknown import env.g',
  ],
  // Rewriting adds globals, tables and functions behind the guest's own: none can be named before.
  'forged global': [() => startOf([...op.i64(99), 0x24, 0]), 'invalid module'],
  'forged function': [() => startOf(op.call(1)), 'invalid module'],
  'forged table': [() => startOf([...op.i32(0), ...op.callIndirect(0)]), 'invalid module'],
  'forged local': [() => startOf([...op.i64(99), ...op.set(0)]), 'invalid module'],
}

/** Work that is done before anybody calls `_start`. */
export const START = {
  loops: () => build({ functions: [one([]), one(forever())], start: 1 }),
  traps: () => build({ functions: [one([]), one(op.unreachable)], start: 1 }),
  'writes outside': () => startOf([], { memory: [1], dataAt: 65_536 }),
} as const

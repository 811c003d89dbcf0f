/**
 * The hostile corpus: what each guest does, under which limits, and how that must end. Tests hold
 * every row to it beside an honest neighbour; the bench measures the rows that must be killed.
 */
import type { ErrorCode, LimitsSpec, RunSpec } from '../../dist/index.js'
import {
  BULK,
  COMPILE_BOMBS,
  catchAtTheEdge,
  catchEveryCall,
  catchExit,
  elementBomb,
  growTables,
  growTableToItsEnd,
  LOOPS,
  MANY,
  minusOneToEveryCall,
  PROPOSALS,
  RECURSION,
  START,
  TABLE_BOMB,
  wrongTypes,
} from './hostile-modules.ts'

/** How a run ends. `text` is all that the guest printed; RegExps where the end is not one text. */
export type ExpectedEnd =
  | { readonly end: 'exit'; readonly code?: number; readonly text?: string | RegExp }
  | { readonly end: 'trap'; readonly message: RegExp; readonly text?: string | RegExp }
  | { readonly end: 'memory' }
  /** It would run for ever: its time limit must end it, and its fuel limit too. */
  | { readonly end: 'killed' }
  /** It waits for ever: only its time limit can end it. */
  | { readonly end: 'woken' }
  | { readonly end: 'refused'; readonly code: ErrorCode; readonly message: RegExp }

export interface HostileRow {
  /** Of the threat model's corpus. */
  readonly id: string
  readonly trouble: string
  readonly module: string | (() => Uint8Array)
  readonly args?: readonly string[]
  readonly limits?: LimitsSpec
  readonly more?: Pick<RunSpec, 'preopens' | 'stdout' | 'stderr' | 'stdin'>
  /** MiB the process may have more at any time while the guest runs: far below what the attack wants. */
  readonly rssMiB?: number
  readonly expect: ExpectedEnd
}

/** The compiled guests. */
const GUESTS = {
  path: 'guests/build/hostile-path.wasm',
  file: 'guests/build/hostile-file.wasm',
  memory: 'guests/build/hostile-memory.wasm',
  cpu: 'guests/build/hostile-cpu.wasm',
  output: 'guests/build/hostile-output.wasm',
  calls: 'guests/build/hostile-calls.wasm',
} as const
type Group = keyof typeof GUESTS
type Rest = Omit<HostileRow, 'id' | 'trouble' | 'module' | 'expect'>

function guest(id: string, group: Group, trouble: string, expect: ExpectedEnd, rest: Rest = {}) {
  const module = GUESTS[group]
  return { ...rest, id, trouble, module, args: [trouble, ...(rest.args ?? [])], expect }
}
const made = (
  id: string,
  trouble: string,
  module: () => Uint8Array,
  expect: ExpectedEnd,
  rest: Rest = {},
): HostileRow => ({ id, trouble, module, expect, ...rest })

const lines = (...texts: readonly string[]): ExpectedEnd => ({
  end: 'exit',
  text: `${texts.join('\n')}\n`,
})
const prints = (text: RegExp): ExpectedEnd => ({ end: 'exit', text })
const KILLED: ExpectedEnd = { end: 'killed' }
const WOKEN: ExpectedEnd = { end: 'woken' }
const TRAP = (message: RegExp): ExpectedEnd => ({ end: 'trap', message })
const refused = (message: string | RegExp): ExpectedEnd => ({
  end: 'refused',
  code: 'INVALID_MODULE',
  message: typeof message === 'string' ? new RegExp(message.replace(/[()[\]]/g, '\\$&')) : message,
})

const STRICT = { more: { preopens: { '/': '/' } } } as const
const repeated = (count: number, text: string) => Array.from({ length: count }, () => text)
const STACK = /call stack|out of bounds/

const PATHS: readonly HostileRow[] = [
  guest(
    'H01',
    'path',
    'dotdot-walk',
    lines(
      ...['../x: EPERM', 'a/../../x: ENOENT', 'tmp/../../x: EPERM'],
      ...['tmp/../..: EPERM', '1000 levels: EPERM'],
    ),
    STRICT,
  ),
  guest(
    'H01',
    'path',
    'dotdot-walk',
    lines(
      ...['../x: ENOENT', 'a/../../x: ENOENT', 'tmp/../../x: ENOENT'],
      ...['tmp/../..: SUCCESS', '1000 levels: SUCCESS'],
    ),
  ),
  guest(
    'H02',
    'path',
    'absolute-open',
    lines(
      ...['/etc/passwd: EPERM', '//etc/passwd: EPERM', '/: EPERM'],
      '/proc/1/root/etc/passwd: EPERM',
    ),
    STRICT,
  ),
  guest(
    'H03',
    'path',
    'relative-link-out',
    lines('make: SUCCESS', 'open: EPERM', 'make up: SUCCESS', 'open through: EPERM'),
    STRICT,
  ),
  // In the container's own rules `..` stays at its root, where it has an /etc/passwd of its own.
  guest(
    'H03',
    'path',
    'relative-link-out',
    lines('make: SUCCESS', 'open: SUCCESS', 'make up: SUCCESS', 'open through: SUCCESS'),
  ),
  guest(
    'H04',
    'path',
    'absolute-link-create',
    lines('make: EPERM', 'create through: SUCCESS', 'write: SUCCESS'),
    {
      ...STRICT,
      args: ['/tmp/bulkhead-escaped'],
    },
  ),
  guest(
    'H04',
    'path',
    'absolute-link-create',
    lines('make: SUCCESS', 'create through: SUCCESS', 'write: SUCCESS'),
    { args: ['/tmp/bulkhead-escaped'] },
  ),
  guest(
    'H05',
    'path',
    'link-loops',
    lines(
      ...['two: ELOOP', 'itself: ELOOP', 'in the middle: ELOOP'],
      ...['chain of 40: SUCCESS', 'chain of 41: ELOOP'],
    ),
  ),
  guest(
    'H06',
    'path',
    'links-between-mounts',
    lines(
      ...['ro to root: EROFS', 'ro to ro: EROFS', 'rw to ro: EROFS', 'rw to root: EXDEV'],
      ...['root to rw: EXDEV', 'tmpfs to root: EXDEV', 'proc to root: EXDEV', 'write ro: EROFS'],
      ...['rename out of ro: EROFS', 'symlink in rw: EPERM'],
    ),
  ),
  guest(
    'H07',
    'path',
    'rename-into-itself',
    lines('p to p/c/q: EINVAL', 'p to p/q: EINVAL', 'p to p: SUCCESS', 'the file below: SUCCESS'),
  ),
  guest('H12', 'path', 'deep-directory', prints(/^\d+ levels, then \w+\n/), { rssMiB: 200 }),
  guest(
    'H13',
    'path',
    'long-names',
    lines(
      ...['open', 'mkdir', 'stat', 'unlink', 'symlink to', 'symlink at', 'rename to'].map(
        (call) => `${call} 1 MiB: ENAMETOOLONG`,
      ),
      ...['mkdir 256: ENAMETOOLONG', 'mkdir 255: SUCCESS'],
    ),
  ),
  guest(
    'H15',
    'path',
    'evil-names',
    lines(
      ...['NUL inside: EINVAL', 'bad UTF-8: EILSEQ', 'surrogate: EILSEQ', 'overlong slash: EILSEQ'],
      ...['.: EEXIST', '..: EEXIST', 'empty: ENOENT', '22 made and removed, 11 seen'],
    ),
  ),
  guest('H05', 'path', 'link-maze', KILLED),
]

const FILES: readonly HostileRow[] = [
  guest(
    'H08',
    'file',
    'truncate-huge',
    lines(
      ...['create: SUCCESS', '2^31: EFBIG', '2^40: EFBIG', '2^53: EFBIG', '2^53+1: EFBIG'],
      ...['2^63-1: EFBIG', '2^63: EINVAL', '2^64-1: EINVAL'],
    ),
    { rssMiB: 100 },
  ),
  guest(
    'H09',
    'file',
    'write-far',
    lines(
      ...['create: SUCCESS', '3 GiB: EFBIG', '2^52: EFBIG', '2^53: EINVAL', '2^63: EINVAL'],
      ...['2^64-1: EINVAL', 'seek 2^52: SUCCESS', 'write there: EFBIG'],
    ),
    { rssMiB: 100 },
  ),
  guest(
    'H10',
    'file',
    'allocate-wrap',
    lines(
      'create: SUCCESS',
      ...['2^63 + 2^63', '2^64-1 + 2', '0 + 2^40'].map((n) => `${n}: ENOTSUP`),
    ),
  ),
  guest('H11', 'file', 'inode-bomb', prints(/^\d+ made, then EDQUOT\n$/), {
    limits: { inodes: 2_000 },
  }),
  guest('H11', 'file', 'inode-bomb', prints(/^\d{2,4} made, then ENOSPC\n$/), {
    limits: { memory: '2m', oomPolicy: 'fail' },
    rssMiB: 100,
  }),
  guest('H11', 'file', 'name-bomb', prints(/^\d{1,4} made, then EDQUOT\n$/), {
    limits: { inodes: 2_000 },
    rssMiB: 200,
  }),
  guest('H11', 'file', 'disk', prints(/^create: SUCCESS\n10[34]\d{4} bytes, then ENOSPC\n$/), {
    limits: { disk: '1m' },
    rssMiB: 100,
  }),
  guest(
    'H14',
    'file',
    'readdir-huge',
    lines(
      '3000 files',
      'random cookies: SUCCESS',
      'one byte: SUCCESS',
      'cookie 2^64-1: SUCCESS',
      '0 bytes',
    ),
  ),
  guest('H14', 'file', 'listing-bomb', prints(/^3000 files\n\d{1,3} listings, then ENOMEM\n$/), {
    limits: { memory: '32m' },
    rssMiB: 300,
  }),
  guest(
    'H16',
    'file',
    'fd-reuse',
    lines(
      ...repeated(5, 'read: EBADF\nclose: EBADF\nrenumber to: EBADF'),
      ...['close file: SUCCESS', 'read closed: EBADF', 'file onto the preopen: SUCCESS'],
      ...['open below a file: ENOTDIR', 'read the moved: SUCCESS', 'read the old: EBADF'],
      ...['stdin onto itself: SUCCESS', 'close stderr: SUCCESS', 'write stderr: EBADF'],
    ),
  ),
  guest('H17', 'file', 'fd-flood', lines('1020 opened, then EMFILE', 'after one close: SUCCESS')),
  guest('H08', 'file', 'truncate-churn', KILLED, { rssMiB: 300 }),
  guest('H08', 'file', 'hole-churn', KILLED, { rssMiB: 300 }),
]

const every = (count: number) => new RegExp(`^([\\w ]+: EFAULT\\n){${count}}$`)
const CALLS: readonly HostileRow[] = [
  guest('H18', 'calls', 'pointers-minus-one', prints(every(51))),
  guest('H18', 'calls', 'pointers-wrap', prints(every(51))),
  // The name of the preopen is one byte, and the last byte of memory takes it.
  guest(
    'H19',
    'calls',
    'pointers-at-the-end',
    prints(/^([\w ]+: EFAULT\n){16}fd_prestat_dir_name: SUCCESS\n([\w ]+: EFAULT\n){34}$/),
  ),
  made('H18', 'every call with -1 everywhere', minusOneToEveryCall, KILLED),
  made(
    'H18',
    'every call of wasi_unstable with -1',
    () => minusOneToEveryCall('wasi_unstable'),
    KILLED,
  ),
  made('H18', 'every call with types that are not its own', wrongTypes, TRAP(/internal error/)),
  guest('H20', 'memory', 'grow-between-calls', lines('100 of 100')),
  guest(
    'H22',
    'calls',
    'buffer-flood',
    lines(
      ...['2^32-1: EINVAL', '2^29: EINVAL', 'a million empty: EINVAL', '1024 empty: SUCCESS'],
      ...['1024 of one buffer: SUCCESS', '1048576 bytes', 'into the list itself: SUCCESS'],
    ),
  ),
  guest(
    'H23',
    'calls',
    'edges-of-64-bits',
    lines(
      ...['seek 2^53+1: EINVAL', 'seek 2^53-1: SUCCESS', '1fffffffffffff', 'one more: EINVAL'],
      ...['seek -1: EINVAL', 'seek -2^63: EINVAL', 'seek 2^63-1 from the end: EINVAL'],
      ...['tell: SUCCESS', '1fffffffffffff', 'precision -1: SUCCESS', 'precision 2^63: SUCCESS'],
      ...['clock 2^31: EINVAL', 'poll at 0: SUCCESS', 'times 2^64-1: SUCCESS', 'stat: SUCCESS'],
      'ffffffffffffffff',
    ),
  ),
  guest('H23', 'calls', 'sleep-till-the-end', WOKEN),
  guest('H41', 'calls', 'random-flood', KILLED),
  guest(
    'H42',
    'calls',
    'poll-refused',
    lines('none: EINVAL', 'a million: ENOMEM', '2^32-1: ENOMEM'),
  ),
  guest('H42', 'calls', 'poll-flood', KILLED),
  guest('H43', 'calls', 'clock-probe', lines('not finer than declared')),
  guest('H46', 'calls', 'call-storm', KILLED),
  guest('H46', 'calls', 'clock-storm', KILLED),
  guest('H46', 'calls', 'open-storm', KILLED),
]

const CPU: readonly HostileRow[] = [
  guest('H25', 'cpu', 'spin', KILLED),
  guest('H25', 'cpu', 'call-tree', KILLED),
  guest('H25', 'cpu', 'sleep', WOKEN),
  guest('H25', 'cpu', 'trap', TRAP(/unreachable/)),
  ...Object.entries(LOOPS).map(([trouble, module]) =>
    made('H25', trouble, module, KILLED, { limits: { oomPolicy: 'fail' } }),
  ),
  guest('H26', 'cpu', 'recursion', TRAP(STACK)),
  guest('H26', 'cpu', 'indirect-recursion', TRAP(STACK)),
  guest('H26', 'cpu', 'wide-recursion', TRAP(STACK)),
  ...Object.entries(RECURSION).map(([how, module]) =>
    made('H26', `recursion ${how}`, module, TRAP(STACK)),
  ),
  guest('H27', 'cpu', 'fill', KILLED),
  ...Object.entries(BULK).map(([trouble, module]) => made('H27', trouble, module, KILLED)),
  made('H28', 'a catch-all round every call', catchEveryCall, KILLED),
  made(
    'H28',
    'a catch-all round every call of wasi_unstable',
    () => catchEveryCall('wasi_unstable'),
    KILLED,
  ),
  made('H28', 'a catch-all round proc_exit', () => catchExit(7), {
    end: 'exit',
    code: 7,
    text: '',
  }),
  // Not caught, and so no place to stay.
  ...(['in a loop', 'calling'] as const).map((stay) =>
    made('H28', `catches the end of the stack, ${stay}`, () => catchAtTheEdge(stay), TRAP(STACK)),
  ),
]

const MEMORY: readonly HostileRow[] = [
  made('H29', 'three tables of ten million', TABLE_BOMB, refused('tables of 30000000 entries')),
  made('H30', 'table.grow by millions', growTables, { end: 'exit', text: '' }),
  made('H30', 'table.grow in steps', growTableToItsEnd, { end: 'exit', text: '' }, { rssMiB: 300 }),
  guest('H31', 'memory', 'grow', { end: 'memory' }, { limits: { memory: '64m' } }),
  guest(
    'H31',
    'memory',
    'grow',
    { end: 'memory' },
    { limits: { memory: '64m', oomPolicy: 'kill' } },
  ),
  guest('H31', 'memory', 'grow', prints(/^denied after (9|10)\d\d pages\n$/), {
    limits: { memory: '64m', oomPolicy: 'fail' },
  }),
  guest(
    'H31',
    'memory',
    'grow-at-once',
    lines(...['ffff', '10000', '7fffffff', '80000000', 'ffffffff'].map((n) => `${n}: denied`)),
    { limits: { memory: '64m', oomPolicy: 'fail' } },
  ),
  guest('H31', 'memory', 'hold', prints(/^(9|10)\d\d pages\n$/), {
    limits: { memory: '64m', oomPolicy: 'fail' },
    rssMiB: 250,
  }),
]

const MODULES: readonly HostileRow[] = [
  ...Object.entries(COMPILE_BOMBS).map(([trouble, module]) =>
    made(trouble.slice(0, 3), trouble.slice(4), module, refused(/exceeds? /), { rssMiB: 400 }),
  ),
  ...Object.entries(MANY).flatMap(([what, [limit, module]]) => [
    made('H38', `${limit} ${what}`, () => module(limit), { end: 'exit', text: '' }),
    made('H38', `${limit + 1} ${what}`, () => module(limit + 1), refused(/exceeds? /)),
  ]),
  made('H38', '18,000,000 entries of segments', elementBomb, refused(/exceed/), { rssMiB: 900 }),
  made('H39', 'a start function that loops', START.loops, KILLED),
  made('H39', 'a start function that traps', START.traps, TRAP(/unreachable/)),
  made('H39', 'a segment that lies outside', START['writes outside'], TRAP(/out of bounds/)),
  ...Object.entries(PROPOSALS).map(([trouble, [module, says]]) =>
    made(/^H21/.test(trouble) ? 'H21' : 'H40', trouble.replace('H21 ', ''), module, refused(says)),
  ),
]

const OUTPUT: readonly HostileRow[] = [
  guest('H47', 'output', 'flood', KILLED, { more: { stdout: 'ignore' }, rssMiB: 300 }),
  guest('H47', 'output', 'error-flood', KILLED, { more: { stderr: 'ignore' }, rssMiB: 300 }),
  guest('H47', 'output', 'terminal-flood', KILLED, { more: { stdout: 'ignore' }, rssMiB: 300 }),
  guest('H47', 'output', 'drip', KILLED, { more: { stdout: 'ignore' }, rssMiB: 300 }),
]

export const CORPUS: readonly HostileRow[] = [
  ...PATHS,
  ...FILES,
  ...CALLS,
  ...CPU,
  ...MEMORY,
  ...MODULES,
  ...OUTPUT,
]

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Rules of preview 1 that programs depend on, and where each is held: a file and words of its titles. */
const CHECKLIST: readonly (readonly [rule: string, ...tests: (readonly [string, string])[]])[] = [
  [
    'rights are advisory and announced',
    ['unit/abi/descriptor', 'of a directory let it be opened'],
    ['unit/abi/preview1', 'a file with no rights at all'],
  ],
  [
    'paths stay inside',
    ['unit/kernel/mount/path-walk', 'leads where the reference says'],
    ['unit/thread/host-directory', 'goes through no link in the middle'],
    ['unit/abi/integers', 'reach outside'],
  ],
  ['slashes at the end', ['unit/kernel/mount/path-operations', "['create', ['full/'], 'ISDIR']"]],
  [
    'following links',
    ['unit/kernel/mount/path-walk', '40 links are followed'],
    ['unit/abi/descriptor', 'through the middle of a letter'],
    ['unit/abi/preview1', 'a link that is not followed'],
  ],
  [
    'fd_readdir',
    ['unit/abi/readdir', 'fills every buffer from 0 bytes'],
    ['unit/abi/readdir', 'skips and repeats nothing'],
  ],
  [
    'fd_renumber',
    ['unit/abi/descriptor', 'moves over preopens and streams'],
    ['unit/abi/descriptor', 'leaks nothing in a long chain'],
  ],
  ['closing anything', ['unit/abi/descriptor', 'preopens and streams may be closed']],
  ['calls on directories', ['unit/abi/descriptor', 'on a directory, a stream and nothing']],
  [
    'positions',
    ['unit/kernel/mount/open-file', 'leaves its position alone'],
    ['unit/abi/descriptor', 'no bytes written behind the end'],
    ['unit/abi/preview1', 'appends, whatever the offset'],
  ],
  ['fd_fdstat_set_flags', ['unit/abi/descriptor', 'say AGAIN, and wait again']],
  [
    'sizes and times',
    ['contract/file-system', 'cuts and grows with zeros'],
    ['contract/file-system', 'sets the times of a link'],
    ['unit/abi/descriptor', 'times that contradict'],
  ],
  ['fd_allocate', ['guests/preview1', 'preview1-file']],
  [
    'fd_advise',
    ['unit/abi/preview1', 'unknown advice'],
    ['unit/abi/descriptor', "fd_advise: ['BADF', 'SPIPE']"],
  ],
  ['poll_oneoff', ['unit/abi/poll', 'wakes for bytes'], ['guests/preview1', 'preview1-time']],
  ['one table of errno', ['unit/contract/errno', 'those of the witx file']],
  [
    'arguments in bytes',
    ['unit/abi/preview1', 'are sized in UTF-8 bytes'],
    ['conformance/engines', 'arguments, environment'],
  ],
  [
    'random_get',
    ['guests/preview1', 'preview1-time'],
    ['unit/abi/integers', 'no numbers make a call throw'],
  ],
  ['clocks', ['unit/thread/clock', ''], ['guests/preview1', 'preview1-time']],
  [
    'memory that grows, pointers beyond 2^31',
    ['unit/abi/guest-memory', 'sees a memory that has grown'],
    ['unit/abi/pointers', 'answers FAULT anywhere outside'],
  ],
  [
    'lists of buffers',
    ['unit/abi/pointers', '1,025 entries'],
    ['unit/abi/guest-memory', 'checks a whole list'],
  ],
  [
    'proc_exit',
    ['guests/preview1', 'proc_exit-code-is-a-byte'],
    ['unit/thread/inline', 'nothing after it runs'],
    ['unit/wasm/meter', 'a loop that catches everything'],
  ],
  [
    'hard links',
    ['contract/file-system', 'gives one file many names'],
    ['contract/file-system', 'links a link itself'],
  ],
  [
    'rename',
    ['contract/file-system', 'rename(2): the source in the row'],
    ['contract/file-system', 'renames no directory into itself'],
  ],
  [
    'mkdir, rmdir, unlink',
    ['contract/file-system', 'removes names by their kind'],
    ['unit/kernel/mount/path-operations', "['rmdir', ['empty/.'], 'INVAL']"],
  ],
  ['sockets', ['unit/abi/descriptor', "sock_accept: ['NOTSOCK', 'NOTSOCK']"]],
  [
    'standard streams',
    ['unit/abi/descriptor', 'the end of an input is the end for ever'],
    ['unit/abi/descriptor', 'make it no terminal'],
    ['e2e/python', '256'],
  ],
  [
    'descriptors',
    ['unit/kernel/process/fd-table', 'lowest free number'],
    ['guests/preview1', 'preview1-file'],
  ],
  ['read-only mounts', ['unit/kernel/mount/path-operations', 'every change answers']],
  [
    'snapshot 0',
    ['unit/abi/snapshot0', 'counts whence in its own order'],
    ['unit/abi/poll', 'snapshot0'],
    ['conformance/engines', 'snapshot 0'],
  ],
  [
    'every import answers a number',
    ['unit/abi/integers', 'no numbers make a call throw'],
    ['unit/abi/link', 'links a name that %s does not have'],
  ],
]

const TEXTS: ReadonlyMap<string, string> = new Map(
  readdirSync('test', { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
)
const holds = ([file, words]: readonly [string, string]): boolean =>
  TEXTS.get(`test/${file}.test.ts`)?.includes(words) === true

it.each(CHECKLIST.map(([rule, ...tests]) => [rule, tests] as const))(
  '%s is held by tests that are there',
  (_, tests) => {
    expect(tests.length).toBeGreaterThan(0)
    expect(tests.filter((one) => !holds(one))).toEqual([])
  },
)
it('there are thirty rules, and a test that is gone is found', () => {
  expect(CHECKLIST).toHaveLength(30)
  expect(holds(['unit/abi/poll', 'no test says this'])).toBe(false)
  expect(holds(['unit/abi/none', ''])).toBe(false)
})

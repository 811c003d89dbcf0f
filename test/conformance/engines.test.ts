import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WASI as NodeWasi } from 'node:wasi'
import { init, WASI as WasmerWasi } from '@wasmer/wasi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { asSnapshot0, differences, SECTIONS, stepsOf, TOUR, tourBytes } from '../support/tour.ts'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: join(directory, 'data') })
  await init()
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

interface Toured {
  readonly exitCode: number
  readonly text: string
}
interface How {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly module?: Uint8Array<ArrayBuffer>
}

async function ours(args: readonly string[], how: How = {}): Promise<Toured> {
  const done = await host.run({
    module: how.module ?? TOUR,
    args: [...args],
    env: { ...how.env },
    stdin: how.stdin ?? '',
  })
  return { exitCode: done.exitCode, text: done.text() }
}

/** Each engine makes its own imports; what is missing shows when the module is linked. */
const started = (module: WebAssembly.Module, imports: object) =>
  new WebAssembly.Instance(module, imports as WebAssembly.Imports)

async function nodes(args: readonly string[], how: How = {}): Promise<Toured> {
  const root = mkdtempSync(join(directory, 'node-'))
  mkdirSync(join(root, 'tmp'))
  const streams = [join(directory, 'stdin'), join(directory, 'stdout')] as const
  writeFileSync(streams[0], how.stdin ?? '')
  const [stdin, stdout] = [openSync(streams[0], 'r'), openSync(streams[1], 'w')]
  const wasi = new NodeWasi({
    version: 'preview1',
    args: ['tour', ...args],
    env: { ...how.env },
    preopens: { '/': root },
    stdin,
    stdout,
  })
  const module = new WebAssembly.Module(how.module ?? tourBytes())
  const instance = started(module, wasi.getImportObject())
  const exitCode = wasi.start(instance)
  for (const fd of [stdin, stdout]) closeSync(fd)
  return { exitCode: Number(exitCode ?? 0), text: readFileSync(streams[1], 'utf8') }
}

async function wasmers(args: readonly string[], how: How = {}): Promise<Toured> {
  const wasi = new WasmerWasi({
    args: ['tour', ...args],
    env: { ...how.env },
    preopens: { '/': '/' },
  })
  wasi.fs.createDir('/tmp')
  wasi.setStdinString(how.stdin ?? '')
  const module = new WebAssembly.Module(how.module ?? tourBytes())
  const instance = started(module, wasi.getImports(module))
  return { exitCode: wasi.start(instance), text: wasi.getStdoutString() }
}

type Engine = typeof nodes

/** The steps on which another engine answers otherwise, as `ours | theirs`. */
async function compared(engine: Engine, section: string) {
  const [a, b] = [await ours([section]), await engine([section])]
  expect([a.exitCode, b.exitCode]).toEqual([0, 0])
  expect(stepsOf(a.text).size).toBeGreaterThan(2)
  return differences(stepsOf(a.text), stepsOf(b.text))
}

/**
 * Where we answer otherwise, on purpose, and why: the WASI reference's decisions (1.11), or what the
 * other engine cannot know. Each is `ours | theirs`; one that is no longer so fails, as a new one does.
 */
const RIGHTS = 'they enforce rights: NOTCAPABLE; ours are advisory, and a wrong mode is BADF'
const BY_TEXT = 'they resolve paths by text before the host sees them'
const NODE: Readonly<Record<string, readonly [difference: string, why: string]>> = {
  allocate: ['58 | 0', 'we refuse to allocate, as the newest engines do'],
  'tell-append': ['0 6 | 0 21', 'their file is longer because it was allocated'],
  'write-read-only': ['8 | 76', RIGHTS],
  'set-size-read-only': ['28 | 76', 'the same, and ftruncate(2) answers INVAL'],
  'read-write-only': ['8 | 76', RIGHTS],
  'seek-stream': ['70 | 0', 'their standard output is a file here'],
  'pread-stream': ['70 | 0', 'their standard input is a file here'],
  'open-file-dot': ['54 | 0', BY_TEXT],
  'open-empty': ['44 | 28', 'POSIX: an empty path names nothing'],
  'open-absolute': ['0 | 76', 'a container has its own root; libc asks for absolute paths nowhere'],
  'open-synchronous': ['58 | 0', 'synchronous writes are refused and not pretended'],
  'directory-read': ['8 | 76', RIGHTS],
  'directory-write': ['8 | 76', RIGHTS],
  'directory-seek': ['8 | 76', RIGHTS],
  'directory-sync': ['8 | 76', RIGHTS],
  'directory-set-size': ['8 | 76', RIGHTS],
  'directory-advise': ['8 | 76', RIGHTS],
  'directory-list': ['0 101 | 0 50', 'they leave out . and ..'],
  'list-file': ['54 | 76', RIGHTS],
  'symlink-empty': ['44 | 28', 'symlink(2) answers NOENT for an empty text'],
  'readlink-short': ['0 2 | 42', 'readlink(2) cuts the text'],
  'open-link-itself': ['32 | 0', 'they follow a last link that they were told not to follow'],
  'prestat-stream': ['8 | 28', 'libc takes any answer but BADF for an accident'],
  'shutdown-closed': ['8 | 58', 'a closed descriptor is told first'],
  'poll-closed': ['8 | 0', 'they tell of it in an event'],
}
/** @wasmer/wasi keeps files and little more: links and waits end in a trap inside the library. */
const WASMER_SECTIONS = ['files', 'opens'] as const
const LENIENT = 'they check nothing of it'
const WASMER: typeof NODE = {
  'seek-end': ['0 9 | 0 6', 'their pwrite behind the end leaves no gap'],
  'seek-negative': ['28 | 0', LENIENT],
  'read-cut': ['0 hello00 | 0 helloXY', 'the same missing gap'],
  'close-again': ['8 | 0', LENIENT],
  'read-closed': ['8 | 28', 'a closed descriptor is BADF'],
  'stat-closed': ['8 | 0', LENIENT],
  'open-directory-write': ['31 | 0', LENIENT],
  'open-directory-create': ['31 | 0', LENIENT],
  'open-file-slash': ['54 | 0', LENIENT],
  'open-file-dot': ['54 | 0', BY_TEXT],
  'open-new-slash': ['31 | 0', LENIENT],
  'open-empty': ['44 | 0', LENIENT],
  'open-escape': ['0 | 76', '.. at a container’s root stays there'],
  'open-long': ['37 | 0', LENIENT],
  'open-synchronous': ['58 | 0', 'synchronous writes are refused and not pretended'],
}

describe.each([
  ['node:wasi', nodes, SECTIONS, NODE],
  ['@wasmer/wasi', wasmers, WASMER_SECTIONS, WASMER],
] as const)('beside %s', (_, engine, sections, known) => {
  it('every file operation of the tour answers the same, but for what is listed', async () => {
    const found: Record<string, string> = {}
    for (const section of sections) Object.assign(found, await compared(engine, section))
    const listed = Object.entries(known).map(([step, [difference]]) => [step, difference])
    expect(found).toEqual(Object.fromEntries(listed))
  })
  it.each([
    ['preview 1', tourBytes],
    ['snapshot 0', () => asSnapshot0(tourBytes())],
  ] as const)(
    'arguments, environment, input, output and exit code are the same in %s',
    async (table, module) => {
      const args = ['words', 'ü', '']
      const how = { env: { WORD: 'näh' }, stdin: 'x', module: module() }
      const wanted = { exitCode: 7, text: 'words\t4\tnäh\nstdin\t0\t120\n' }
      expect(await ours(args, how)).toEqual(wanted)
      // node:wasi has one table of calls only.
      if (engine !== nodes || table !== 'snapshot 0') {
        expect(await engine(args, how)).toEqual(wanted)
      }
    },
  )
})

it('a step that answers otherwise is found', () => {
  const tour = stepsOf('a\t0\t5\nb\t8\t\n')
  expect(differences(tour, stepsOf('a\t0\t5\nb\t0\t\n'))).toEqual({ b: '8 | 0' })
  expect(differences(tour, stepsOf('a\t0\t5\n'))).toEqual({ b: '8 | undefined' })
})

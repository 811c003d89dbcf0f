import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

/** Stands for a tool of the image: tells its arguments, one to a line, and makes what -o names. */
const STUB = `#!/bin/sh
{ echo "\${0##*/}"; for argument; do echo " $argument"; done; } >> calls
while [ $# -gt 1 ]; do [ "$1" != -o ] || : > "$2"; shift; done
[ ! -e fail ]
`
const SCRIPT = readFileSync('images/clang/cc', 'utf8')

let directory = ''
let work = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cc-'))
  for (const tool of ['clang', 'wasm-ld']) {
    writeFileSync(join(directory, tool), STUB)
    chmodSync(join(directory, tool), 0o755)
  }
  writeFileSync(join(directory, 'cc'), SCRIPT.replaceAll('/bin/', `${directory}/`))
})
beforeEach(() => {
  work = mkdtempSync(join(directory, 'work-'))
  for (const name of ['a.c', 'b.c', 'main.o']) writeFileSync(join(work, name), '')
})
afterAll(() => rmSync(directory, { recursive: true }))

/** The script in this machine's own shell, with stubs for the tools. */
function cc(...args: readonly string[]) {
  const { status, stderr } = spawnSync('sh', [join(directory, 'cc'), ...args], {
    cwd: work,
    encoding: 'utf8',
  })
  const text = readdirSync(work).includes('calls') ? readFileSync(join(work, 'calls'), 'utf8') : ''
  const calls = text
    .split(/\n(?! )/)
    .filter((call) => call !== '')
    .map((call) => call.split('\n '))
  return { status, stderr, calls }
}
/** What a call of clang is told besides where its headers are. */
const own = (call: readonly string[] | undefined) => call?.slice(call.indexOf('-emit-obj') + 1)
const temporary = (name: string): unknown =>
  expect.stringMatching(new RegExp(`^/tmp/cc-.*-${name}\\.o$`))

/** Windows has no sh. */
describe.skipIf(process.platform === 'win32')('cc', () => {
  it('compiles each file and links all to one program', () => {
    const { status, calls } = cc(
      '-O2',
      'a.c',
      '-I',
      'inc',
      '-DX=1',
      'main.o',
      'b.c',
      '-lm',
      '-o',
      'p',
    )
    expect(status).toBe(0)
    expect(calls.map(([tool]) => tool)).toEqual(['clang', 'clang', 'wasm-ld'])
    const flags = ['-O2', '-I', 'inc', '-DX=1', '-o']
    expect(own(calls[0])).toEqual([...flags, temporary('a'), '-x', 'c', 'a.c'])
    expect(own(calls[1])).toEqual([...flags, temporary('b'), '-x', 'c', 'b.c'])
    expect(calls[2]?.slice(-7)).toEqual([
      ...['main.o', temporary('a'), temporary('b'), '-lm', '-lc', '-o', 'p'],
    ])
    // Its own objects are gone, what was there is not.
    const left = calls.slice(0, 2).map((call) => call.find((word) => word.startsWith('/tmp/cc-')))
    for (const object of left) expect(readdirSync('/tmp')).not.toContain(object?.slice(5))
    expect(readdirSync(work).sort()).toEqual(['a.c', 'b.c', 'calls', 'main.o', 'p'])
  })
  it('makes objects with -c, one beside the other', () => {
    expect(cc('-c', 'a.c', 'b.c').calls.map(([tool]) => tool)).toEqual(['clang', 'clang'])
    expect(readdirSync(work)).toEqual(expect.arrayContaining(['a.o', 'b.o']))
    expect(own(cc('-c', 'a.c', '-o', 'x.o').calls.at(-1))).toEqual([
      ...['-O1', '-o', 'x.o', '-x', 'c', 'a.c'],
    ])
  })
  it.each([
    ['no file', [], 1, 'cc: no input files\n'],
    ['a file that is not there', ['z.c'], 1, 'cc: z.c: No such file or directory\n'],
    ['an option it does not have', ['-S', 'a.c'], 1, 'cc: unknown option -S\n'],
    ['one name for two objects', ['-c', '-o', 'x', 'a.c', 'b.c'], 1, 'cc: cannot write one file'],
    ['an option without its value', ['a.c', '-o'], 2, 'usage: cc '],
  ])('refuses %s', (_, args, status, text) => {
    const done = cc(...args)
    expect([done.status, done.calls]).toEqual([status, []])
    expect(done.stderr).toMatch(text)
  })
  it('ends where a file does not compile', () => {
    writeFileSync(join(work, 'fail'), '')
    const { status, calls } = cc('a.c', 'b.c')
    expect([status, calls.length]).toEqual([1, 1])
  })
})

describe.skipIf(process.platform === 'win32')('what cc tells clang and wasm-ld', () => {
  let host: Host
  beforeAll(async () => {
    host = await createHost({ dataDir: DATA_DIRECTORY })
    await host.images.pull('clang')
  }, 300_000)
  afterAll(async () => await host.close())

  it('makes a program that runs', async () => {
    const source = '#include <stdio.h>\nint main(void) { return printf("hi %s\\n", WHO) - 8; }\n'
    writeFileSync(join(work, 'a.c'), source)
    const { calls } = cc('-DWHO="you"', 'a.c', '-o', 'a.wasm')
    // The directory is the container's too, and its objects are beside the source.
    const mounts = [{ type: 'bind', source: work, target: '/work' }] as const
    for (const [tool = '', ...args] of calls) {
      const cmd = args.map((word) => word.replace('/tmp/', '/work/'))
      const how = { entrypoint: [`/bin/${tool}`], cmd, mounts, cwd: '/work' }
      const done = await host.run({ image: 'clang', ...how })
      expect([tool, done.exitCode, new TextDecoder().decode(done.stderr)]).toEqual([tool, 0, ''])
    }
    const done = await host.run({ module: join(work, 'a.wasm') })
    expect([done.text(), done.exitCode]).toEqual(['hi you\n', 255])
  }, 300_000)
  it('are tools that the image has, with this script beside them', async () => {
    const { files } = await host.images.pull('clang')
    for (const path of ['/bin/cc', '/bin/clang', '/bin/wasm-ld', '/bin/userland']) {
      expect(files.find((file) => file.path === path)).toMatchObject({ mode: 0o755 })
    }
  })
})

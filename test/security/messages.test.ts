import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, EngineError, type Host, type RunSpec } from '../../dist/index.js'
import { bulkhead } from '../support/bulkhead.ts'
import { CORPUS } from '../support/hostile-corpus.ts'
import { printedName } from '../support/hostile-modules.ts'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  mkdirSync(join(directory, 'empty'))
  mkdirSync(join(directory, 'bad'))
  writeFileSync(join(directory, 'file'), 'x')
  writeFileSync(join(directory, 'text.wasm'), 'hello')
  writeFileSync(join(directory, 'bad', 'prog.wasm'), 'hello')
  host = await createHost({ dataDir: join(directory, 'data') })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const HELLO = { image: 'hello-world' } as const
const at = (name: string) => join(directory, name)
const bind = (source: string, target = '/data'): RunSpec => ({
  ...HELLO,
  mounts: [{ type: 'bind', source, target }],
})
/** Everything a caller can get wrong about modules, images, mounts and the rest of a run. */
const WRONG: readonly (readonly [what: string, spec: () => RunSpec])[] = [
  ['a module that is not there', () => ({ module: at('none.wasm') })],
  ['a module that is a directory', () => ({ module: at('empty') })],
  ['a module below a file', () => ({ module: at('file/none.wasm') })],
  ['a module that is text', () => ({ module: at('text.wasm') })],
  ['no bytes', () => ({ module: new Uint8Array() })],
  ['an import with lines', () => ({ module: printedName('a\nb\u001b[31m\r\u2028') })],
  ['an import of a megabyte', () => ({ module: printedName('x'.repeat(2 ** 20)) })],
  ['a root without the program', () => ({ rootfs: at('empty'), cmd: ['/bin/x'] })],
  ['a root with a bad program', () => ({ rootfs: at('bad'), cmd: ['/prog.wasm'] })],
  ['nothing to run', () => ({})],
  ['an unknown image', () => ({ image: 'nonesuch' })],
  ['an image with lines', () => ({ image: 'a\nb' })],
  ['an image that is a path', () => ({ image: '../../etc/passwd' })],
  ['an unknown program', () => ({ ...HELLO, entrypoint: ['no\nthing'] })],
  ['a relative bind', () => bind('relative')],
  ['a bind over /proc', () => bind(at('empty'), '/proc')],
  ['a bind to nowhere', () => bind(at('empty'), 'x')],
  ['a bind below a file', () => bind(at('empty'), '/etc/passwd/x')],
  [
    'a tmpfs of no size',
    () => ({ ...HELLO, mounts: [{ type: 'tmpfs', target: '/t', size: 'x' }] }),
  ],
  ['a preopen that is not there', () => ({ ...HELLO, preopens: { a: '/none' } })],
  ['a file below a file', () => ({ ...HELLO, files: { '/etc/passwd/x': 'x' } })],
  ['a working directory without a slash', () => ({ ...HELLO, cwd: 'x' })],
  ['a variable without a name', () => ({ ...HELLO, env: { '': 'x' } })],
  ['a limit that is none', () => ({ ...HELLO, limits: { memory: 'lots' } })],
  ['less memory than the module starts with', () => ({ ...HELLO, limits: { memory: 65_536 } })],
  ['arguments of two megabytes', () => ({ ...HELLO, cmd: ['x'.repeat(2 ** 21)] })],
]

/** No place on this machine, no line of our source, and one line of reasonable length. */
function expectClean(text: string) {
  for (const path of [directory, process.cwd(), tmpdir()]) expect(text).not.toContain(path)
  expect(text).not.toMatch(/node:|file:\/\/|\.[jt]s\b|\bat \w+ \(|node_modules/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u001f\u2028]/)
  expect(text.length).toBeLessThan(400)
}

describe('the message of an error', () => {
  it.each(WRONG)('%s', async (_, spec) => {
    const error: unknown = await host.run(spec()).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(EngineError)
    expectClean((error as EngineError).message)
  })
  it.each<[string, string, (path: string) => RunSpec]>([
    ['bind that is not there', 'none', (path) => bind(path)],
    ['root that is not there', 'none', (path) => ({ rootfs: path, cmd: ['x'] })],
    ['root that is a file', 'file', (path) => ({ rootfs: path, cmd: ['x'] })],
  ])('names of a %s only what the caller wrote', async (_, name, spec) => {
    const path = at(name)
    const error: unknown = await host.run(spec(path)).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(EngineError)
    expectClean((error as EngineError).message.replace(path, ''))
  })
  it('of every refused module of the corpus', async () => {
    const refusals = CORPUS.filter(({ id, expect: { end } }) => end === 'refused' && id > 'H37')
    expect(refusals.length).toBeGreaterThan(20)
    for (const { module } of refusals) {
      const spec = { module: typeof module === 'string' ? module : module() }
      const error: unknown = await host.run(spec).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(EngineError)
      expectClean((error as EngineError).message)
    }
  })
})

describe('what the command prints', () => {
  it.each([
    ['a module that is not there', () => [at('none.wasm')], 127],
    ['a module that is text', () => [at('text.wasm')], 126],
    ['a root without a program', () => [at('empty')], 125],
    ['a bind over /proc', () => ['-v', `${at('empty')}:/proc`, 'hello-world'], 125],
    ['an unknown image', () => ['no\nsuch'], 125],
  ] as const)('%s', async (_, args, code) => {
    const done = await bulkhead(['run', ...args()])
    expect(done.code).toBe(code)
    expectClean(done.stderr.trimEnd())
  })
})

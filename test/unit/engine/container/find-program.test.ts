import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LayerFile } from '../../../../src/contract/layer.ts'
import { locateProgram, type ProgramSearch } from '../../../../src/engine/container/find-program.ts'

const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n, size: 1 }
const bytes = (name: string) => new TextEncoder().encode(name)
const regular = (path: string): LayerFile => ({
  ...plain,
  path,
  type: 'regular',
  source: { kind: 'bytes', bytes: bytes(path) },
})
const link = (path: string, linkTarget: string): LayerFile => ({
  ...plain,
  path,
  type: 'symlink',
  linkTarget,
})
const files = [
  regular('/bin/tool'),
  regular('/usr/bin/other'),
  regular('/work/here'),
  link('/usr/bin/alias', '../../bin/tool'),
  link('/sbin', '/usr/bin'),
  link('/loop', '/loop'),
]
let host = ''
beforeAll(() => {
  host = realpathSync(mkdtempSync(join(tmpdir(), 'find-program-')))
  writeFileSync(join(host, 'app.wasm'), 'x')
  symlinkSync('/etc/passwd', join(host, 'escape.wasm'))
})
afterAll(() => rmSync(host, { recursive: true }))

const search = (more: Partial<ProgramSearch> = {}): ProgramSearch => ({
  files: new Map(files.map((file) => [file.path, file])),
  inputFiles: [{ path: '/work/in', bytes: bytes('in'), mode: 0o644 }],
  mounts: [{ type: 'bind', source: host, target: '/data', readOnly: true }],
  workingDirectory: '/work',
  searchPath: '/usr/bin:/bin',
  ...more,
})

describe('locateProgram', () => {
  it.each([
    ['tool', '/bin/tool'],
    ['other', '/usr/bin/other'],
    ['/bin/tool', '/bin/tool'],
    ['./here', '/work/here'],
    ['alias', '/bin/tool'],
    ['/sbin/other', '/usr/bin/other'],
    ['../bin/tool', '/bin/tool'],
    ['/../bin/tool', '/bin/tool'],
  ])('finds %s at %s', (command, path) => {
    expect(locateProgram(search(), command).source).toEqual({ kind: 'bytes', bytes: bytes(path) })
  })
  it('finds a file that was put in', () => {
    expect(locateProgram(search(), '/work/in').source).toEqual({
      kind: 'bytes',
      bytes: bytes('in'),
    })
  })
  it('finds a file below a bind', () => {
    const path = join(host, 'app.wasm')
    expect(locateProgram(search(), '/data/app.wasm').source).toEqual({ kind: 'host-file', path })
  })
  it.each([
    ['missing', 'executable file not found in $PATH'],
    ['here', 'executable file not found in $PATH'],
    ['/bin/none', 'stat /bin/none: no such file or directory'],
    ['/loop', 'no such file'],
    ['/data/escape.wasm', 'no such file'],
    ['/data/../../etc/passwd', 'no such file'],
    ['/data', 'no such file'],
  ])('does not find %s', (command, message) => {
    expect(() => locateProgram(search(), command)).toThrow(message)
    expect(() => locateProgram(search(), command)).toThrow(
      expect.objectContaining({ code: 'NO_SUCH_COMMAND' }),
    )
  })
  it('names a directory where the program should be', () => {
    const directory = { ...plain, path: '/etc', type: 'directory', size: 0 } as const
    const more = { files: new Map([['/etc', directory] as const]) }
    expect(() => locateProgram(search(more), '/etc')).toThrow(
      expect.objectContaining({
        code: 'NOT_EXECUTABLE',
        message: 'exec: "/etc": is a directory: permission denied',
      }),
    )
    expect(() => locateProgram(search({ ...more, searchPath: '/' }), 'etc')).toThrow('$PATH')
  })
  it('does not look below a tmpfs, which is empty', () => {
    const mounts = [
      { type: 'tmpfs', target: '/bin', size: undefined, mode: 0o755, readOnly: false },
    ] as const
    expect(() => locateProgram(search({ mounts }), '/bin/tool')).toThrow('no such file')
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LayerFile } from '../../../../src/contract/layer.ts'
import { locateProgram, type ProgramSearch } from '../../../../src/engine/container/find-program.ts'
import { runnableOf } from '../../../../src/engine/container/runnable.ts'

const COMMON = { uid: 0, gid: 0, modified: 0n, size: 1 }
const bytes = (text: string) => new TextEncoder().encode(text)
const file = (path: string, text: string, mode = 0o755): LayerFile => ({
  ...{ ...COMMON, path, mode, type: 'regular' },
  source: { kind: 'bytes', bytes: bytes(text) },
})
const link = (path: string, linkTarget: string): LayerFile => ({
  ...{ ...COMMON, path, mode: 0o777, type: 'symlink' },
  linkTarget,
})
const MODULE = '\0asm'
const TREE = [
  file('/bin/tools', MODULE),
  link('/bin/sh', 'tools'),
  link('/usr/bin/env', '/bin/tools'),
  file('/bin/run', '#!/bin/sh\n'),
  file('/work/run', '#!/bin/sh -e -u\n'),
  link('/work/link', 'run'),
  file('/work/env', '#!/usr/bin/env sh\n'),
  file('/work/near', '#!run\n'),
  file('/work/lost', '#!/bin/bash\n'),
  file('/work/nobody', '#!\n'),
  file('/work/plain', '#!/bin/sh\n', 0o644),
  file('/work/on-plain', '#!/work/plain\n'),
  file('/work/text', 'echo\n'),
  file('/work/loop', '#!/work/loop\n'),
  file('/n/0', '#!/bin/sh\n'),
  ...[1, 2, 3, 4, 5].map((n) => file(`/n/${n}`, `#!/n/${n - 1} ${n}\n`)),
]

const search = (more: Partial<ProgramSearch> = {}): ProgramSearch => ({
  files: new Map(TREE.map((one) => [one.path, one])),
  inputFiles: [],
  mounts: [],
  workingDirectory: '/work',
  searchPath: '/usr/bin:/bin',
  ...more,
})
const runnable = (args: readonly string[], where = search()) =>
  runnableOf(async (command) => locateProgram(where, command), { args, workingDirectory: '/work' })

describe('what is run for a command line', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a module', ['sh', '-c', 'x'], ['sh', '-c', 'x']],
    ['a script that PATH has', ['run', 'a', 'b'], ['/bin/sh', '/bin/run', 'a', 'b']],
    ['a script by its path', ['/bin/run'], ['/bin/sh', '/bin/run']],
    ['a script by a path from here', ['./run', 'a'], ['/bin/sh', '-e -u', './run', 'a']],
    ['a script behind a link', ['./link'], ['/bin/sh', '-e -u', './link']],
    ['a script that asks env', ['./env', 'a'], ['/usr/bin/env', 'sh', './env', 'a']],
    [
      'an interpreter from here that is a script',
      ['/work/near', 'a'],
      ['/bin/sh', '-e -u', 'run', '/work/near', 'a'],
    ],
    [
      'four interpreters that are scripts',
      ['/n/4', 'a'],
      ['/bin/sh', '/n/0', '1', '/n/1', '2', '/n/2', '3', '/n/3', '4', '/n/4', 'a'],
    ],
  ])('of %s', async (_, args, real) => {
    const { program, args: told } = await runnable(args)
    expect(told).toEqual(real)
    expect(program.source).toEqual({ kind: 'bytes', bytes: bytes(MODULE) })
  })
  it('of a file that is neither is the file: who prepares it says what is wrong', async () => {
    expect((await runnable(['./text'])).program.source).toEqual({
      kind: 'bytes',
      bytes: bytes('echo\n'),
    })
  })
  it.each([
    [
      'its interpreter is not there',
      ['./lost'],
      'NO_SUCH_COMMAND',
      'interpreter /bin/bash: no such',
    ],
    ['it names none', ['./nobody'], 'INVALID_MODULE', 'exec format error: a script'],
    ['nobody may run it', ['./plain'], 'NOT_EXECUTABLE', 'permission denied'],
    ['nobody may run its interpreter', ['./on-plain'], 'NOT_EXECUTABLE', 'permission denied'],
    ['five interpreters are scripts', ['/n/5'], 'NOT_EXECUTABLE', 'too many levels'],
    ['it is its own interpreter', ['./loop'], 'NOT_EXECUTABLE', 'too many levels'],
    ['it is not there', ['nothing'], 'NO_SUCH_COMMAND', 'not found in $PATH'],
  ])('is refused where %s', async (_, args, code, message) => {
    const failure = runnable(args)
    await expect(failure).rejects.toMatchObject({ code })
    await expect(failure).rejects.toThrow(message)
  })
  it('of a script on the host, which has whatever mode it has', async () => {
    const host = mkdtempSync(join(tmpdir(), 'runnable-'))
    writeFileSync(join(host, 'run'), `#!/bin/sh\n${'x'.repeat(1_000)}`, { mode: 0o600 })
    const mounts = [{ type: 'bind', source: host, target: '/data', readOnly: true }] as const
    const { args } = await runnable(['/data/run'], search({ mounts }))
    rmSync(host, { recursive: true })
    expect(args).toEqual(['/bin/sh', '/data/run'])
  })
  it('of a file that went meanwhile is the file', async () => {
    const gone: LayerFile = {
      ...file('/work/gone', ''),
      source: { kind: 'host-file', path: join(tmpdir(), 'runnable-gone') },
    }
    const files = new Map([[gone.path, gone]])
    const { program } = await runnable(['/work/gone'], search({ files }))
    expect(program.source).toEqual(gone.source)
  })
})

import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../../src/contract/cell.ts'
import { EngineError } from '../../../../src/contract/errors.ts'
import type { LayerFile } from '../../../../src/contract/layer.ts'
import type { PathStat, Tree, TreeRequest } from '../../../../src/contract/tree.ts'
import type { ProgramSearch } from '../../../../src/engine/container/find-program.ts'
import {
  findCurrentProgram,
  prepareProgram,
} from '../../../../src/engine/container/kept-program.ts'
import { QUIET_CELL } from '../../../support/engine-parts.ts'
import { piecesOf, tarOf } from '../../../support/tar.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const FILE = { mode: 0o755, modified: 7n, size: 5, linkTarget: '' }
const inImage: LayerFile = {
  ...{ path: '/bin/tool', type: 'regular', mode: 0o755, uid: 0, gid: 0, modified: 7n, size: 5 },
  source: { kind: 'bytes', bytes: bytes('image') },
} as const
const search: ProgramSearch = {
  files: new Map([[inImage.path, inImage]]),
  inputFiles: [],
  mounts: [{ type: 'tmpfs', target: '/tmp', size: undefined, mode: 0o755, readOnly: false }],
  workingDirectory: '/',
  searchPath: '/usr/bin:/bin',
}

type Kept = Readonly<Record<string, Partial<PathStat> & { readonly content?: string }>>

/** A cell that knows what a container's files are now. */
function cellWith(kept: Kept): Pick<Cell, 'tree'> & { readonly asked: string[] } {
  const asked: string[] = []
  const tree = async (_: Tree, request: TreeRequest) => {
    if (!('path' in request)) throw new TypeError('nobody asks for this')
    asked.push(`${request.verb} ${request.path}`)
    const found = kept[request.path]
    if (found === undefined) throw new EngineError('NO_SUCH_PATH', 'nothing there')
    const { content = '', ...stat } = found
    const name = request.path.split('/').at(-1) ?? ''
    const value = { ...FILE, type: 'regular', name, ...stat }
    return { value, bytes: piecesOf(await tarOf([{ name, content }]), 100) }
  }
  // Only what is asked here.
  return { tree: tree as unknown as Cell['tree'], asked }
}
const TREE: Tree = {
  root: { key: 'k' },
  writableLayer: '/nowhere',
  guest: { mounts: [], readOnlyRoot: false, limits: {} as never, user: '' },
  pid: undefined,
}
const find = (kept: Kept, command: string, tree: Tree | undefined = TREE) => {
  const cell = { ...QUIET_CELL, ...cellWith(kept), start: undefined as never }
  return findCurrentProgram({ cell }, tree, search, command)
}

describe('the program of a container that has files of its own', () => {
  it.each<[string, string, Kept, string]>([
    ['a file that was put in', '/new', { '/new': { content: 'put in' } }, 'put in'],
    ['by PATH', 'new', { '/bin/new': { content: 'in bin' } }, 'in bin'],
    ['the image’s file as it was', 'tool', { '/bin/tool': {} }, 'image'],
    ['an older mode', 'tool', { '/bin/tool': { mode: 0o700, content: 'own' } }, 'own'],
    ['another time', 'tool', { '/bin/tool': { modified: 8n, content: 'own' } }, 'own'],
    ['another size', 'tool', { '/bin/tool': { size: 6, content: 'own' } }, 'own'],
    [
      'before what comes later in PATH',
      'tool',
      { '/usr/bin/tool': { size: 1, content: 'first' }, '/bin/tool': {} },
      'first',
    ],
    [
      'not a directory of that name',
      'tool',
      { '/usr/bin/tool': { type: 'directory' }, '/bin/tool': {} },
      'image',
    ],
    [
      'through a link',
      '/l',
      { '/l': { type: 'symlink', linkTarget: '/bin/tool' }, '/bin/tool': {} },
      'image',
    ],
  ])('is %s', async (_, command, kept, expected) => {
    const { source } = await find(kept, command)
    expect(source.kind === 'bytes' && new TextDecoder().decode(source.bytes)).toBe(expected)
  })
  it.each<[string, string, Kept, object]>([
    [
      'removed',
      '/bin/tool',
      {},
      {
        code: 'NO_SUCH_COMMAND',
        message: 'exec: "/bin/tool": stat /bin/tool: no such file or directory',
      },
    ],
    [
      'removed, by PATH',
      'tool',
      {},
      { code: 'NO_SUCH_COMMAND', message: 'exec: "tool": executable file not found in $PATH' },
    ],
    [
      'a directory now',
      '/bin/tool',
      { '/bin/tool': { type: 'directory' } },
      { code: 'NOT_EXECUTABLE' },
    ],
    [
      'a link to nothing',
      '/l',
      { '/l': { type: 'symlink', linkTarget: '/none' } },
      { code: 'NO_SUCH_COMMAND' },
    ],
    [
      'a link to a link',
      '/l',
      { '/l': { type: 'symlink', linkTarget: '/l' } },
      { code: 'NO_SUCH_COMMAND' },
    ],
    ['a device', '/d', { '/d': { type: 'other' } }, { code: 'NO_SUCH_COMMAND' }],
    ['larger than any module', '/big', { '/big': { size: 2 ** 30 } }, { code: 'INVALID_MODULE' }],
    ['below a tmpfs', '/tmp/x', { '/tmp/x': {} }, { code: 'NO_SUCH_COMMAND' }],
  ])('is not one that is %s', async (_, command, kept, error) => {
    await expect(find(kept, command)).rejects.toMatchObject(error)
  })
  it('is not asked of a cell where there are none', async () => {
    const cell = { ...QUIET_CELL, start: undefined as never }
    const { source } = await findCurrentProgram({ cell }, undefined, search, 'tool')
    expect(source).toBe(inImage.source)
  })
})

describe('a program that is no module', () => {
  const refusing = (message: string) => ({
    cell: {
      ...QUIET_CELL,
      start: undefined as never,
      prepareModule: async () => {
        throw new EngineError('INVALID_MODULE', message)
      },
    },
  })
  const source = { kind: 'bytes', bytes: bytes('#!') } as const
  it.each([
    [
      'that may not be run either: as runc says it',
      false,
      'exec format error: a script',
      { code: 'NOT_EXECUTABLE', message: 'exec: "/x": permission denied' },
    ],
    [
      'that may be run: what it is',
      true,
      'exec format error: a script',
      { code: 'INVALID_MODULE' },
    ],
    ['but one that is refused: why', false, 'too many locals', { message: 'too many locals' }],
  ])('%s', async (_, executable, message, error) => {
    const prepared = prepareProgram(refusing(message), { source, executable }, '/x')
    await expect(prepared).rejects.toMatchObject(error)
  })
})

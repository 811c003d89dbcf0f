import { describe, expect, it } from 'vitest'
import { Errno, type ErrnoName } from '../../../../src/contract/errno.ts'
import type { Credentials } from '../../../../src/contract/identity.ts'
import { ok, type Result } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { MemoryFileSystem } from '../../../../src/kernel/mount/fs/memory.ts'
import {
  directory,
  type Synthetic,
  SyntheticFileSystem,
} from '../../../../src/kernel/mount/fs/synthetic.ts'
import {
  createDirectoryAt,
  linkAt,
  type OpenHow,
  openAt,
  readlinkAt,
  removeDirectoryAt,
  renameAt,
  setTimesAt,
  statAt,
  symlinkAt,
  unlinkAt,
} from '../../../../src/kernel/mount/path-operations.ts'
import { walkTo } from '../../../../src/kernel/mount/path-walk.ts'
import type { Personality, Place, Walker } from '../../../../src/kernel/mount/place.ts'
import { createInodeStore } from '../../../../src/thread/inode-store.ts'
import { said } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, linkEntry, treeOf } from '../../../support/process.ts'

const ENTRIES = [
  directoryEntry('/empty'),
  directoryEntry('/full'),
  fileEntry('/full/f', 'text'),
  directoryEntry('/full/sub'),
  fileEntry('/file', 'x'),
  linkEntry('/to-file', 'file'),
  linkEntry('/to-full', 'full'),
  linkEntry('/absolute', '/file'),
  linkEntry('/dangling', 'none'),
  linkEntry('/climb', '../../../file'),
  directoryEntry('/mnt'),
  directoryEntry('/private', 0o700),
  fileEntry('/private/f', 'secret'),
  directoryEntry('/sticky', 0o1777),
  fileEntry('/sticky/f', 'theirs', 0o666),
  { ...fileEntry('/mine', 'mine'), uid: 1_000 },
  directoryEntry('/open', 0o777),
  directoryEntry('/open/theirs'),
  { ...directoryEntry('/open/mine'), uid: 1_000 },
  directoryEntry('/open2', 0o777),
]
const NOBODY: Credentials = { uid: 1_000, gid: 1_000, groups: [] }
const HOW: OpenHow = {
  access: { read: true, write: false },
  create: false,
  exclusive: false,
  truncate: false,
  directory: false,
  follow: true,
  append: false,
  nonblock: false,
  mode: 0o644,
}
const WRITE = { read: false, write: true }

function setup(personality: Personality = 'container', credentials?: Credentials) {
  const { mounts, ledger, walker } = treeOf(ENTRIES)
  const store = createInodeStore()
  const tmpfs = new MemoryFileSystem({ store, ledger, device: 9, now: () => 1n, mode: 0o777 })
  mounts.mount('/mnt', tmpfs, { readOnly: false })
  const own: Walker = { ...walker, personality, credentials: credentials ?? walker.credentials }
  const { root } = walker
  const op = {
    mkdir: (path: string) => createDirectoryAt(own, root, path, 0o755),
    rmdir: (path: string) => removeDirectoryAt(own, root, path),
    unlink: (path: string) => unlinkAt(own, root, path),
    rename: (from: string, to: string) => renameAt(own, root, from, root, to),
    link: (from: string, to: string) => linkAt(own, root, from, root, to),
    symlink: (text: string, path: string) => symlinkAt(own, text, root, path),
    readlink: (path: string) => readlinkAt(own, root, path),
    stat: (path: string) => statAt(own, root, path, true),
    lstat: (path: string) => statAt(own, root, path, false),
    setTimes: (path: string) => setTimesAt(own, root, path, true, { modified: 7n, chosen: true }),
    touch: (path: string) => setTimesAt(own, root, path, true, { modified: 7n, chosen: false }),
    read: (path: string) => openAt(own, root, path, HOW, ledger),
    write: (path: string) => openAt(own, root, path, { ...HOW, access: WRITE }, ledger),
    create: (path: string) =>
      openAt(own, root, path, { ...HOW, access: WRITE, create: true }, ledger),
  }
  return { op, mounts, ledger, root, own }
}

type Op = keyof ReturnType<typeof setup>['op']
type Row = readonly [Op, readonly string[], ErrnoName | 'ok']

/** Every row of the tables of trailing slashes and renames that needs no other set-up. */
const CONTAINER: readonly Row[] = [
  ['stat', ['full/'], 'ok'],
  ['stat', ['file/'], 'NOTDIR'],
  ['stat', ['none/'], 'NOENT'],
  ['stat', ['to-full/'], 'ok'],
  ['stat', ['to-file/'], 'NOTDIR'],
  ['stat', ['full/../file'], 'ok'],
  ['stat', ['to-full/../file'], 'ok'],
  ['stat', ['file/..'], 'NOTDIR'],
  ['stat', ['climb'], 'ok'],
  ['stat', ['absolute'], 'ok'],
  ['stat', ['/full//f'], 'ok'],
  ['stat', ['dangling'], 'NOENT'],
  // A `.` at the end says, as a slash does, that a directory is meant.
  ['stat', ['.'], 'ok'],
  ['stat', ['full/.'], 'ok'],
  ['stat', ['file/.'], 'NOTDIR'],
  ['stat', ['none/.'], 'NOENT'],
  ['lstat', ['to-full/.'], 'ok'],
  ['lstat', ['to-file/.'], 'NOTDIR'],
  ['read', ['file/.'], 'NOTDIR'],
  ['mkdir', ['new/.'], 'NOENT'],
  ['mkdir', ['full/.'], 'EXIST'],
  ['unlink', ['file/.'], 'NOTDIR'],
  ['unlink', ['full/.'], 'ISDIR'],
  ['link', ['file/.', 'new'], 'NOTDIR'],
  ['symlink', ['text', 'new/.'], 'NOENT'],
  ['readlink', ['to-full/.'], 'INVAL'],
  ['create', ['new/.'], 'NOENT'],
  ['create', ['full/.'], 'ISDIR'],
  ['lstat', ['dangling'], 'ok'],
  ['setTimes', ['full/'], 'ok'],
  ['setTimes', ['file/'], 'NOTDIR'],
  ['setTimes', ['none/'], 'NOENT'],
  ['read', ['full/'], 'ok'],
  ['read', ['file/'], 'NOTDIR'],
  ['read', ['none/'], 'NOENT'],
  ['read', ['to-full/'], 'ok'],
  ['create', ['full/'], 'ISDIR'],
  ['create', ['file/'], 'ISDIR'],
  ['create', ['none/'], 'ISDIR'],
  ['link', ['file/', 'new'], 'NOTDIR'],
  ['mkdir', ['new'], 'ok'],
  ['mkdir', ['new/'], 'ok'],
  ['mkdir', ['full'], 'EXIST'],
  ['mkdir', ['full/'], 'EXIST'],
  ['mkdir', ['file/'], 'EXIST'],
  ['mkdir', ['dangling'], 'EXIST'],
  ['mkdir', ['none/new'], 'NOENT'],
  ['mkdir', ['/'], 'EXIST'],
  ['rmdir', ['empty'], 'ok'],
  ['rmdir', ['empty/'], 'ok'],
  ['rmdir', ['full'], 'NOTEMPTY'],
  ['rmdir', ['file'], 'NOTDIR'],
  ['rmdir', ['file/'], 'NOTDIR'],
  ['rmdir', ['to-full'], 'NOTDIR'],
  ['rmdir', ['empty/.'], 'INVAL'],
  ['rmdir', ['full/sub/..'], 'NOTEMPTY'],
  ['rmdir', ['/'], 'BUSY'],
  ['rmdir', ['mnt'], 'BUSY'],
  ['rmdir', ['none'], 'NOENT'],
  ['unlink', ['file'], 'ok'],
  ['unlink', ['file/'], 'NOTDIR'],
  ['unlink', ['full'], 'ISDIR'],
  ['unlink', ['full/'], 'ISDIR'],
  ['unlink', ['to-full'], 'ok'],
  ['unlink', ['to-full/'], 'NOTDIR'],
  ['unlink', ['none'], 'NOENT'],
  ['symlink', ['text', 'new'], 'ok'],
  ['symlink', ['/text', 'new'], 'ok'],
  ['symlink', ['', 'new'], 'NOENT'],
  ['symlink', ['text', 'file'], 'EXIST'],
  ['symlink', ['text', 'dangling'], 'EXIST'],
  ['symlink', ['text', 'full/'], 'EXIST'],
  ['symlink', ['text', 'file/'], 'NOTDIR'],
  ['symlink', ['text', 'new/'], 'NOENT'],
  ['readlink', ['to-file'], 'ok'],
  ['readlink', ['file'], 'INVAL'],
  ['link', ['file', 'new'], 'ok'],
  ['link', ['dangling', 'new'], 'ok'],
  ['link', ['full', 'new'], 'PERM'],
  ['link', ['file', 'to-file'], 'EXIST'],
  ['link', ['file', 'full/'], 'EXIST'],
  ['link', ['file', 'new/'], 'NOENT'],
  ['link', ['file', 'mnt/new'], 'XDEV'],
  ['rename', ['file', 'new'], 'ok'],
  ['rename', ['file', 'new/'], 'NOTDIR'],
  ['rename', ['file/', 'new'], 'NOTDIR'],
  ['rename', ['file', 'full/f'], 'ok'],
  ['rename', ['file', 'to-file'], 'ok'],
  ['rename', ['file', 'file'], 'ok'],
  ['rename', ['file', 'empty'], 'ISDIR'],
  ['rename', ['none', 'new'], 'NOENT'],
  ['rename', ['dangling', 'new'], 'ok'],
  ['rename', ['full', 'file'], 'NOTDIR'],
  ['rename', ['full', 'full/sub/new'], 'INVAL'],
  ['rename', ['full/.', 'new'], 'BUSY'],
  ['rename', ['mnt', 'new'], 'BUSY'],
  ['rename', ['file', 'mnt/new'], 'XDEV'],
  ['rename', ['full', 'new'], 'ok'],
  ['rename', ['full', 'new/'], 'ok'],
  ['rename', ['full/', 'empty/'], 'ok'],
  ['rename', ['full', 'to-full/'], 'NOTDIR'],
  ['rename', ['to-full/', 'new'], 'NOTDIR'],
  // The link is followed, and its target made.
  ['create', ['dangling'], 'ok'],
  ['create', ['mnt/new'], 'ok'],
  ['read', ['/private/f'], 'ok'],
]

describe('as root in a container', () => {
  it.each(CONTAINER)('%s %j answers %s', (verb, paths, answer) => {
    const { op } = setup()
    // Each verb takes as many paths as its row has.
    const call = op[verb] as (...paths: readonly string[]) => Result<unknown>
    expect(said(call(...paths))).toBe(answer)
  })
})

describe('in the strict personality', () => {
  it.each<Row>([
    ['stat', ['/file'], 'PERM'],
    ['stat', ['../file'], 'PERM'],
    ['stat', ['full/../../file'], 'PERM'],
    ['stat', ['full/../file'], 'ok'],
    ['stat', ['absolute'], 'PERM'],
    ['lstat', ['absolute'], 'ok'],
    ['stat', ['climb'], 'PERM'],
    ['symlink', ['/text', 'new'], 'PERM'],
    ['symlink', ['../text', 'new'], 'ok'],
  ])('%s %j answers %s', (verb, paths, answer) => {
    const { op } = setup('strict')
    const call = op[verb] as (...paths: readonly string[]) => Result<unknown>
    expect(said(call(...paths))).toBe(answer)
  })
  it('has the directory of the call as its top, not the preopen', () => {
    const { own, root, op } = setup('strict')
    const found = op.lstat('full')
    const full = root.vnode.lookup('full')
    expect(found.ok && full.ok).toBe(true)
    if (!full.ok) return
    const base: Place = { mount: root.mount, vnode: full.value }
    expect(said(statAt(own, base, '../file', true))).toBe('PERM')
    expect(said(statAt({ ...own, escapeErrno: 'NOTCAPABLE' }, base, '..', true))).toBe('NOTCAPABLE')
  })
})

describe('as nobody', () => {
  it.each<Row>([
    ['read', ['/private/f'], 'ACCES'],
    ['stat', ['/private/f'], 'ACCES'],
    ['stat', ['/private'], 'ok'],
    ['write', ['file'], 'ACCES'],
    ['create', ['new'], 'ACCES'],
    ['create', ['mnt/new'], 'ok'],
    ['mkdir', ['new'], 'ACCES'],
    ['unlink', ['file'], 'ACCES'],
    ['rename', ['file', 'new'], 'ACCES'],
    ['touch', ['file'], 'ACCES'],
    ['touch', ['sticky/f'], 'ok'],
    ['setTimes', ['sticky/f'], 'PERM'],
    ['setTimes', ['mine'], 'ok'],
    ['write', ['full'], 'ISDIR'],
    ['rename', ['open/theirs', 'mnt-to'], 'ACCES'],
    ['rename', ['open/theirs', 'open/other'], 'ok'],
    ['rename', ['open/theirs', 'open2/other'], 'ACCES'],
    ['rename', ['open/mine', 'open2/other'], 'ok'],
    ['write', ['sticky/f'], 'ok'],
    ['unlink', ['sticky/f'], 'PERM'],
    ['create', ['sticky/mine'], 'ok'],
  ])('%s %j answers %s', (verb, paths, answer) => {
    const { op } = setup('container', NOBODY)
    const call = op[verb] as (...paths: readonly string[]) => Result<unknown>
    expect(said(call(...paths))).toBe(answer)
  })
})

describe('a link of /proc to an open file', () => {
  /** `/self` leads to `at` as /proc/self/fd/N does. */
  function withLink(at: string, personality: Personality, credentials?: Credentials) {
    const { op, mounts, own } = setup(personality, credentials)
    const place = walkTo({ ...own, personality: 'container' }, mounts.root, at, true)
    if (!place.ok) throw new Error(`no ${at}`)
    const entry: Synthetic = {
      kind: 'link',
      target: () => ok('inode:1'),
      place: () => place.value,
    }
    const fs = new SyntheticFileSystem('proc', 8, directory({ self: entry }), () => 1n)
    mounts.mount('/fd', fs, { readOnly: false })
    return op
  }
  it('is opened by the rules of the file, not of the link', () => {
    expect(said(withLink('/file', 'container', NOBODY).read('fd/self'))).toBe('ok')
    expect(said(withLink('/file', 'container', NOBODY).write('fd/self'))).toBe('ACCES')
    expect(said(withLink('/file', 'container').write('fd/self'))).toBe('ok')
    expect(said(withLink('/full', 'container').stat('fd/self/f'))).toBe('ok')
    expect(said(withLink('/full', 'container').create('fd/self'))).toBe('ISDIR')
  })
  it('leads out of a sandbox, and so nowhere in strict', () => {
    expect(said(withLink('/file', 'strict').read('fd/self'))).toBe('PERM')
    expect(said(withLink('/file', 'strict').lstat('fd/self'))).toBe('ok')
  })
})

describe('mounting', () => {
  const fs = () => {
    const store = createInodeStore()
    return new MemoryFileSystem({ store, ledger: new Ledger(), device: 9, now: () => 1n })
  }
  it('follows links of the image inside the container', () => {
    const { mounts, op } = setup()
    expect(said(mounts.mount('/to-full/sub', fs(), { readOnly: false }))).toBe('ok')
    expect(said(op.create('full/sub/new'))).toBe('ok')
    expect(said(op.rmdir('full/sub'))).toBe('BUSY')
  })
  it('covers what was mounted at the same place before', () => {
    const { mounts, op } = setup()
    op.create('mnt/first')
    mounts.mount('/mnt', fs(), { readOnly: false })
    mounts.mount('/mnt/below', fs(), { readOnly: true })
    expect(said(op.stat('mnt/first'))).toBe('NOENT')
    expect(said(op.create('mnt/below/x'))).toBe('ROFS')
    expect(said(op.stat('mnt/below/../../file'))).toBe('ok')
  })
  it('makes what is missing, and goes through no file', () => {
    const { mounts, op } = setup()
    expect(said(mounts.mount('/new/deep', fs(), { readOnly: false }))).toBe('ok')
    expect(said(op.create('new/deep/x'))).toBe('ok')
    expect(said(mounts.mount('/file/x', fs(), { readOnly: false }))).toBe('NOTDIR')
  })
})

describe('below a read-only root', () => {
  it.each<readonly [Personality, ErrnoName]>([
    ['container', 'ROFS'],
    ['strict', 'PERM'],
  ])('in %s every change answers %s', (personality, answer) => {
    const { op, mounts } = setup(personality)
    mounts.protectRoot()
    const changes = [
      op.mkdir('new'),
      op.rmdir('empty'),
      op.unlink('file'),
      op.rename('file', 'new'),
      op.link('file', 'new'),
      op.symlink('text', 'new'),
      op.touch('file'),
      op.write('file'),
      op.create('new'),
    ]
    expect(changes.map(said)).toEqual(changes.map(() => answer))
    expect(said(op.read('file'))).toBe('ok')
    expect(said(op.create('mnt/new'))).toBe('ok')
  })
})

describe('what a container may hold', () => {
  it('is given back to the byte when it is removed', () => {
    const ledger = new Ledger()
    const { walker } = treeOf([], { ledger })
    const { root } = walker
    const empty = ledger.held()
    const file = openAt(walker, root, 'f', { ...HOW, access: WRITE, create: true }, ledger)
    if (!file.ok) throw new Error('not opened')
    file.value.write([new Uint8Array(100_000)])
    expect(ledger.used('disk')).toBeGreaterThanOrEqual(100_000)
    unlinkAt(walker, root, 'f')
    // Still open: nothing is given back yet.
    expect(ledger.used('disk')).toBeGreaterThanOrEqual(100_000)
    file.value.release()
    expect(ledger.held()).toEqual(empty)
  })
  it('refuses a file beyond its greatest size before anything is allocated', () => {
    const { walker, ledger } = treeOf([])
    const file = openAt(walker, walker.root, 'f', { ...HOW, access: WRITE, create: true }, ledger)
    if (!file.ok) throw new Error('not opened')
    expect(said(file.value.truncate(2 ** 40))).toBe('FBIG')
    const done = file.value.writeAt([new Uint8Array(1)], 2 ** 40)
    expect(done).toMatchObject({ ok: false, errno: Errno.FBIG })
    expect(ledger.used('disk')).toBe(0)
  })
})

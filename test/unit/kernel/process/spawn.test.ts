import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import { unlinkAt } from '../../../../src/kernel/mount/path-operations.ts'
import { exec } from '../../../../src/kernel/process/exec.ts'
import { ROOT_FD } from '../../../../src/kernel/process/fd-table.ts'
import type { FileAction } from '../../../../src/kernel/process/file-actions.ts'
import { makePipe } from '../../../../src/kernel/process/pipe.ts'
import type { Process } from '../../../../src/kernel/process/process.ts'
import { type SpawnRequest, spawn } from '../../../../src/kernel/process/spawn.ts'
import { must, said } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, linkEntry } from '../../../support/process.ts'
import { containerOf, ended, toldTo, user, WASM } from '../../../support/process-tree.ts'

const FILES = [
  directoryEntry('/dir'),
  directoryEntry('/dir/sub'),
  directoryEntry('/private', 0o700),
  fileEntry('/bin/prog', WASM, 0o755),
  fileEntry('/dir/here', WASM, 0o755),
  fileEntry('/dir/prog', WASM, 0o644),
  linkEntry('/bin/link', 'prog'),
  fileEntry('/bin/plain', 'no program', 0o755),
  fileEntry('/bin/empty', '', 0o755),
  fileEntry('/bin/quiet', WASM, 0o644),
  fileEntry('/bin/roots', WASM, 0o744),
  fileEntry('/private/prog', WASM, 0o755),
  fileEntry('/bin/script', '#!/bin/prog -x  y\n', 0o755),
  fileEntry('/bin/script2', '#!/bin/script a\n', 0o755),
  fileEntry('/bin/script3', '#!/bin/script2\n', 0o755),
  fileEntry('/bin/script4', '#!/bin/script3\n', 0o755),
  fileEntry('/bin/script5', '#!/bin/script4\n', 0o755),
  fileEntry('/bin/loop', '#!/bin/loop\n', 0o755),
  fileEntry('/bin/lost', '#!/bin/none\n', 0o755),
  fileEntry('/bin/relative', '#!here\n', 0o755),
  fileEntry('/text', 'hello', 0o644),
]
const HOW = {
  access: { read: true, write: false },
  create: false,
  exclusive: false,
  truncate: false,
  directory: false,
  follow: true,
  append: false,
  nonblock: false,
  mode: 0o644,
} as const
const REQUEST: SpawnRequest = {
  program: '/bin/prog',
  search: undefined,
  args: ['prog', 'one'],
  environment: undefined,
  files: [],
  signals: [],
  group: undefined,
  session: false,
}

function setup(options: { readonly pids?: number; readonly fds?: number } = {}) {
  const all = containerOf({ files: FILES, ...options })
  const { namespace, ledger, init } = all
  init.native = true
  const { reader, writer } = must(makePipe(ledger, { nonblock: false }))
  must(init.fds.add(reader))
  must(init.fds.add(writer))
  must(init.fds.add(writer.retain(), true))
  const held = () => ({ held: ledger.held(), pids: [...namespace.processes.keys()] })
  const born = (request: Partial<SpawnRequest>, caller: Process = init): Process => {
    const pid = must(must(spawn(caller, { ...REQUEST, ...request })).step())
    const child = namespace.processes.get(pid)
    if (child === undefined) throw new Error('it is not there')
    return child
  }
  const answer = (request: Partial<SpawnRequest>, caller: Process = init): string => {
    const spawning = spawn(caller, { ...REQUEST, ...request })
    return spawning.ok ? said(spawning.value.step()) : said(spawning)
  }
  return { ...all, held, born, answer }
}

describe('spawn', () => {
  it('makes a child that has what its parent has', () => {
    const { init, born, launcher } = setup()
    init.umask = 0o077
    must(init.setLimit('openFiles', { soft: 10, hard: 20 }))
    const child = born({})
    expect(child).toMatchObject({
      parentPid: 1,
      groupId: 1,
      sessionId: 1,
      args: ['prog', 'one'],
      environment: ['A=1'],
      umask: 0o077,
      program: '/bin/prog',
      command: 'prog',
      native: true,
    })
    expect([...child.fds.entries()].map(([fd]) => fd)).toEqual([0, 1])
    expect(child.fds.get(0)).toEqual(init.fds.get(0))
    expect(child.fds.limit).toBe(10)
    expect(must(child.fds.get(ROOT_FD)).place?.vnode).toBe(child.walker.root.vnode)
    expect(launcher.launched[0]?.program).toMatchObject({ path: '/bin/prog' })
    const bytes = must(launcher.launched[0]?.program.bytes() ?? { ok: false, errno: Errno.NOENT })
    expect(new TextDecoder().decode(bytes)).toBe(WASM)
    must(child.setLimit('openFiles', { soft: 5, hard: 5 }))
    expect(init.limits.get('openFiles')).toEqual({ soft: 10, hard: 20 })
  })
  it.each([
    ['the caller’s group', { group: undefined, session: false }, 'caller caller'],
    ['a group of its own', { group: 0, session: false }, 'own caller'],
    ['a session of its own', { group: undefined, session: true }, 'own own'],
    ['both', { group: 0, session: true }, 'own own'],
    ['a group there is', { group: 1, session: false }, 'caller caller'],
    ['a group there is, in a session of its own', { group: 1, session: true }, 'PERM'],
    ['a group there is not', { group: 99, session: false }, 'PERM'],
    ['a negative group', { group: -5, session: false }, 'INVAL'],
    ['no number', { group: Number.NaN, session: false }, 'INVAL'],
  ])('in %s', (_, request, wanted) => {
    const { answer, namespace, held } = setup()
    const before = held()
    const said_ = answer(request)
    const child = [...namespace.processes.values()].at(-1)
    const word = (id: number | undefined) => (id === child?.pid ? 'own' : 'caller')
    if (said_ === 'ok') expect(`${word(child?.groupId)} ${word(child?.sessionId)}`).toBe(wanted)
    else {
      expect(said_).toBe(wanted)
      expect(held()).toEqual(before)
    }
  })
  it('pays for its own walks through links, and looks whether the kernel must end in each', () => {
    const { init, born } = setup()
    const child = born({})
    child.walker.charge?.(7)
    expect(child.thread).toMatchObject({ charged: 7, told: ['look'] })
    expect(init.thread).toMatchObject({ told: [] })
  })
  it('starts with the signals it is told to', () => {
    const { init, born } = setup()
    init.signals.set(SIGNAL.INT, 'ignore')
    init.signals.set(SIGNAL.TERM, 'handle')
    const child = born({ signals: [{ signal: SIGNAL.QUIT, change: 'ignore' }] })
    const actions = [SIGNAL.INT, SIGNAL.QUIT, SIGNAL.TERM].map((one) => child.signals.action(one))
    expect(actions).toEqual(['ignore', 'ignore', 'default'])
  })

  // Name, search, who asks, what it answers.
  it.each([
    ['/bin/prog', undefined, 0, 'ok'],
    ['/bin/link', undefined, 0, 'ok'],
    ['bin/prog', undefined, 0, 'ok'],
    ['prog', undefined, 0, 'NOENT'],
    ['prog', '/none:/bin', 0, 'ok'],
    ['prog', '/dir:/bin', 0, 'ok'],
    ['prog', '/dir', 0, 'ACCES'],
    ['prog', '/dir:/none', 0, 'ACCES'],
    ['prog', '/text:/bin', 0, 'ok'],
    ['prog', `/${'x'.repeat(300)}:/bin`, 0, 'ok'],
    ['prog', '/private:/bin', 7, 'ok'],
    ['prog', '/private', 7, 'ACCES'],
    ['prog', '', 0, 'NOENT'],
    ['', '/bin', 0, 'NOENT'],
    ['/bin/none', '/bin', 0, 'NOENT'],
    ['/bin', undefined, 0, 'ACCES'],
    ['/bin/prog/', undefined, 0, 'NOTDIR'],
    ['/text/prog', undefined, 0, 'NOTDIR'],
    ['/bin/quiet', undefined, 0, 'ACCES'],
    ['/bin/roots', undefined, 0, 'ok'],
    ['/bin/roots', undefined, 7, 'ACCES'],
    ['/bin/plain', undefined, 0, 'NOEXEC'],
    ['/bin/empty', undefined, 0, 'NOEXEC'],
    ['/bin/script', undefined, 0, 'ok'],
    ['/bin/script4', undefined, 0, 'ok'],
    ['/bin/script5', undefined, 0, 'LOOP'],
    ['/bin/loop', undefined, 0, 'LOOP'],
    ['/bin/lost', undefined, 0, 'NOENT'],
    ['/bin/pr\0og', undefined, 0, 'INVAL'],
    ['/proc/self/exe', undefined, 0, 'NOENT'],
    ['x'.repeat(256), undefined, 0, 'NAMETOOLONG'],
    ['/x'.repeat(2_100), undefined, 0, 'NAMETOOLONG'],
  ] as const)('%s, searched in %s, by %d: %s', (program, search, uid, wanted) => {
    const { init, child, answer, held } = setup()
    const caller = uid === 0 ? init : child(init, { credentials: user(uid) })
    const before = held()
    expect(answer({ program, search }, caller)).toBe(wanted)
    if (wanted !== 'ok') expect(held()).toEqual(before)
  })
  it('tells the interpreter of a script how it was called, after its own argument', () => {
    const { born } = setup()
    expect(born({ program: '/bin/script3', args: ['zero', 'one'] })).toMatchObject({
      args: ['/bin/prog', '-x  y', '/bin/script', 'a', '/bin/script2', '/bin/script3', 'one'],
      program: '/bin/prog',
      command: 'script3',
    })
    const found = born({ program: 'script', search: '/none:/bin:', args: ['zero'] })
    expect(found.args).toEqual(['/bin/prog', '-x  y', '/bin/script'])
    const relative = { program: '/bin/relative', files: [{ do: 'chdir', path: '/dir' }] } as const
    expect(born(relative)).toMatchObject({ program: '/dir/here', workingDirectory: '/dir' })
  })
  it('takes a megabyte of arguments and environment, and no more', () => {
    const { answer } = setup()
    const most = 2 ** 20 - 'prog\0A=1\0\0'.length
    expect(answer({ args: ['prog', 'x'.repeat(most)] })).toBe('ok')
    expect(answer({ args: ['prog', 'x'.repeat(most + 1)] })).toBe('2BIG')
    expect(answer({ args: ['prog', 'ï'.repeat(most / 2 + 1)] })).toBe('2BIG')
    expect(answer({ args: [], environment: Array<string>(2 ** 20 + 1).fill('') })).toBe('2BIG')
    expect(answer({ program: '/bin/script', args: ['', 'x'.repeat(2 ** 20 - 10)] })).toBe('2BIG')
  })
  it('is refused where there is no place, with nothing left', () => {
    const { answer, held, child, init } = setup({ pids: 2 })
    const alice = child(init, { credentials: user(7) })
    const before = held()
    expect(answer({})).toBe('AGAIN')
    expect(held()).toEqual(before)
    const more = setup()
    const bob = more.child(more.init, { credentials: user(8) })
    must(bob.setLimit('processes', { soft: 1, hard: 1 }))
    expect(more.answer({}, bob)).toBe('AGAIN')
    must(more.init.setLimit('processes', { soft: 0, hard: 0 }))
    expect(more.answer({})).toBe('ok')
    expect(alice.ended).toBeUndefined()
  })
  it('is what an escape answers where paths are strict', () => {
    const { init, answer } = setup()
    init.walker = { ...init.walker, personality: 'strict' }
    expect(answer({})).toBe('PERM')
  })
})

describe('file actions', () => {
  const open = (fd: number, path: string, more = {}): FileAction => ({
    do: 'open',
    fd,
    path,
    how: { ...HOW, ...more },
  })
  it('run in their order, on descriptors of the child alone', () => {
    const { born, init } = setup()
    const child = born({
      files: [
        { do: 'dup', from: 0, to: 9 },
        { do: 'close', fd: 0 },
        { do: 'chdir', path: '/dir' },
        open(4, 'prog'),
        { do: 'dup', from: 2, to: 2 },
        { do: 'dup', from: 2, to: 5 },
        { do: 'close', fd: 33 },
      ],
    })
    expect([...child.fds.entries()].map(([fd]) => fd)).toEqual([1, 2, 4, 5, 9])
    expect(child.fds.get(9)).toEqual(init.fds.get(0))
    expect(child.workingDirectory).toBe('/dir')
    expect([...init.fds.entries()].map(([fd]) => fd)).toEqual([0, 1, 2])
    expect(init.workingDirectory).toBe('/')
  })
  it('may enter a directory that they have opened', () => {
    const { born } = setup()
    const files = [open(7, '/dir/sub', { directory: true }), { do: 'fchdir', fd: 7 } as const]
    expect(born({ files }).workingDirectory).toBe('/dir/sub')
  })
  const FAILING: readonly (readonly [string, FileAction])[] = [
    ['BADF', { do: 'close', fd: 64 }],
    ['BADF', { do: 'close', fd: -1 }],
    ['BADF', { do: 'close', fd: Number.NaN }],
    ['BADF', { do: 'dup', from: 40, to: 1 }],
    ['BADF', { do: 'dup', from: 40, to: 40 }],
    ['BADF', { do: 'dup', from: 0, to: 64 }],
    ['BADF', { do: 'dup', from: 0, to: 2 ** 32 }],
    ['BADF', open(64, '/text')],
    ['BADF', open(-1, '/new', { create: true })],
    ['NOENT', open(4, '/none')],
    ['ISDIR', open(4, '/dir', { access: { read: true, write: true } })],
    ['EXIST', open(4, '/text', { create: true, exclusive: true })],
    ['INVAL', open(4, '/te\0xt')],
    ['NAMETOOLONG', open(4, 'x'.repeat(256))],
    ['NOENT', { do: 'chdir', path: '/none' }],
    ['NOTDIR', { do: 'chdir', path: '/text' }],
    ['INVAL', { do: 'chdir', path: '\0' }],
    ['BADF', { do: 'fchdir', fd: 40 }],
    ['NOTDIR', { do: 'fchdir', fd: 0 }],
  ]
  it.each(FAILING)('%s: %j leaves no child and nothing of it', (wanted, action) => {
    const { answer, held } = setup()
    const before = held()
    expect(answer({ files: [{ do: 'dup', from: 0, to: 9 }, open(8, '/text'), action] })).toBe(
      wanted,
    )
    expect(held()).toEqual(before)
  })
  it('leave nothing behind when there are too many descriptors', () => {
    const { answer, held } = setup({ fds: 7 })
    const before = held()
    expect(answer({ files: [open(8, '/text'), open(9, '/text')] })).toBe('NFILE')
    expect(held()).toEqual(before)
    expect(setup({ fds: 5 }).answer({})).toBe('NFILE')
  })
  it('pin no file that no number was left for', () => {
    const { answer, ledger, walker } = setup({ fds: 5 })
    const before = ledger.held()
    const files = [{ do: 'close', fd: 2 } as const, open(8, '/new', { create: true })]
    expect(answer({ files: [...files, open(9, '/newer', { create: true })] })).toBe('NFILE')
    for (const name of ['/new', '/newer']) unlinkAt(walker, walker.root, name)
    expect(ledger.held()).toMatchObject({ fds: 3, inodes: before.inodes, disk: before.disk })
  })
  it('leave nothing behind, whichever they are and however it ends', () => {
    const good: readonly FileAction[] = [
      { do: 'close', fd: 1 },
      { do: 'dup', from: 0, to: 7 },
      { do: 'dup', from: 7, to: 7 },
      open(3, '/text'),
      { do: 'chdir', path: 'dir' },
    ]
    const action = fc.constantFrom(...good, ...good, ...FAILING.map(([, one]) => one))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 8 }), fc.boolean(), (files, native) => {
        const { namespace, launcher, init, held } = setup()
        launcher.answer = { ok: true, native }
        const before = held()
        const spawning = spawn(init, { ...REQUEST, files })
        if (spawning.ok) {
          const child = namespace.processes.get(must(spawning.value.step()))
          if (child === undefined) throw new Error('it is not there')
          namespace.ended(child, ended(0))
          must(namespace.wait(init, 'any', { noHang: true, stopped: false, continued: false }))
        }
        expect(held()).toEqual(before)
      }),
    )
  })
})

describe('a program on its way', () => {
  function launching() {
    const all = setup()
    all.launcher.answer = undefined
    const before = all.held()
    const spawning = must(spawn(all.init, REQUEST))
    const [launched] = all.launcher.launched
    if (launched === undefined) throw new Error('it is launched')
    return { ...all, before, spawning, ...launched }
  }
  it('is waited for, and no signal cuts that short', () => {
    const { spawning, launch, process } = launching()
    const step = spawning.step()
    if (step.ok !== 'blocked') throw new Error('it should block')
    expect([step.firm, step.changed()]).toEqual([true, false])
    expect(launch.tell({ ok: true, native: true })).toEqual({ ok: true, native: true })
    expect(step.changed()).toBe(true)
    expect(must(spawning.step())).toBe(process.pid)
  })
  it('that cannot begin leaves nothing, and its first answer holds', () => {
    const { spawning, launch, held, before } = launching()
    launch.tell({ ok: false, errno: Errno.NOEXEC })
    launch.tell({ ok: true, native: true })
    expect(said(spawning.step())).toBe('NOEXEC')
    expect(held()).toEqual(before)
  })
  it('is a process already: it can be killed, and its parent may be gone', () => {
    const { spawning, launch, process, namespace, held } = launching()
    must(namespace.signal(undefined, process.pid, SIGNAL.KILL))
    expect(toldTo(process)).toEqual([`end ${SIGNAL.KILL}`])
    namespace.ended(process, ended(137, 9))
    launch.tell({ ok: false, errno: Errno.AGAIN })
    expect(must(spawning.step())).toBe(process.pid)
    expect(held().pids).toEqual([1, process.pid])
  })
  it('of a program that is not native finds / and . where its libc looks', () => {
    const { born, launcher } = setup()
    launcher.answer = { ok: true, native: false }
    const kept = { do: 'dup', from: 0, to: 3 } as const
    const child = born({ files: [kept, { do: 'chdir', path: '/dir' }] })
    const open = [...child.fds.entries()].map(([fd, { preopen }]) => [fd, preopen])
    expect(open).toEqual([
      [0, undefined],
      [1, undefined],
      [3, '/'],
      [4, '.'],
    ])
    expect(child.walker.workingDirectory).toEqual(child.directory)
    expect(said(child.fds.get(ROOT_FD))).toBe('BADF')
    launcher.answer = { ok: true, native: true }
    const grandchild = born({}, child)
    expect([...grandchild.fds.entries()].map(([fd]) => fd)).toEqual([0, 1])
    expect(grandchild.walker.workingDirectory).toBeUndefined()
    expect(grandchild.workingDirectory).toBe('/dir')
  })
  it('that finds no numbers left for its directories does not begin', () => {
    const { answer, init, launcher, held } = setup()
    launcher.answer = { ok: true, native: false }
    must(init.setLimit('openFiles', { soft: 3, hard: 3 }))
    const before = held()
    expect(answer({})).toBe('MFILE')
    expect(held()).toEqual(before)
  })
})

describe('exec', () => {
  const CALL = { program: '/bin/script', search: undefined, args: ['x', 'y'], environment: ['B=2'] }
  it('goes on as the same process, without what is closed then', () => {
    const { init, launcher } = setup()
    init.signals.set(SIGNAL.INT, 'ignore')
    init.signals.set(SIGNAL.TERM, 'handle')
    launcher.answer = undefined
    const step = must(exec(init, CALL))
    expect(init.args).toEqual(['prog'])
    expect([...init.fds.entries()]).toHaveLength(3)
    launcher.replaced[0]?.launch.tell({ ok: true, native: true })
    expect(init).toMatchObject({
      pid: 1,
      args: ['/bin/prog', '-x  y', '/bin/script', 'y'],
      environment: ['B=2'],
      program: '/bin/prog',
      command: 'script',
    })
    expect([...init.fds.entries()].map(([fd]) => fd)).toEqual([0, 1])
    const actions = [SIGNAL.INT, SIGNAL.TERM].map((one) => init.signals.action(one))
    expect(actions).toEqual(['ignore', 'default'])
    const after = step.step()
    if (after.ok !== 'blocked') throw new Error('it never answers')
    expect(after.changed()).toBe(false)
  })
  it.each([
    ['NOENT', { program: '/bin/none' }],
    ['NOEXEC', { program: '/bin/plain' }],
    ['2BIG', { args: ['x'.repeat(2 ** 20)] }],
    ['AGAIN', {}],
  ])('%s changes nothing', (wanted, call) => {
    const { init, launcher, held } = setup()
    launcher.answer = { ok: false, errno: Errno.AGAIN }
    const before = held()
    const replacing = exec(init, { ...CALL, ...call })
    expect(replacing.ok ? said(replacing.value.step()) : said(replacing)).toBe(wanted)
    expect(held()).toEqual(before)
    expect(init).toMatchObject({ args: ['prog'], environment: ['A=1'], program: '' })
    expect(init.fds.get(2)).toMatchObject({ ok: true })
  })
  it('ends a process that is left without what its program needs', () => {
    const { init, launcher } = setup()
    launcher.answer = { ok: true, native: false }
    must(init.setLimit('openFiles', { soft: 3, hard: 3 }))
    expect(said(must(exec(init, CALL)).step())).toBe('MFILE')
    expect(toldTo(init)).toEqual([`end ${SIGNAL.KILL}`])
  })
})

describe('limits of a process', () => {
  it.each([
    ['lower both', 0, { soft: 5, hard: 10 }, 'ok'],
    ['raise soft to hard', 7, { soft: 64, hard: 64 }, 'ok'],
    ['raise hard again, as root', 0, { soft: 5, hard: 64 }, 'ok'],
    ['raise hard again, as another', 7, { soft: 5, hard: 64 }, 'PERM after lowering'],
    ['more than the container has, as root', 0, { soft: 5, hard: 65 }, 'PERM'],
    ['soft above hard', 0, { soft: 6, hard: 5 }, 'INVAL'],
    ['a negative one', 0, { soft: -1, hard: 5 }, 'INVAL'],
    ['no number', 0, { soft: Number.NaN, hard: 5 }, 'INVAL'],
    ['a broken one', 0, { soft: 1.5, hard: 5 }, 'INVAL'],
  ])('%s, by %d: %j is %s', (_, uid, limit, wanted) => {
    const { child, init } = setup()
    const process = child(init, { credentials: user(uid) })
    if (uid === 0 || wanted.endsWith('lowering')) {
      must(process.setLimit('openFiles', { soft: 8, hard: 8 }))
    }
    expect(said(process.setLimit('openFiles', limit))).toBe(wanted.split(' ')[0])
    if (wanted === 'ok') expect(process.fds.limit).toBe(limit.soft)
  })
  it('hold a file that it writes to their size', () => {
    const { walker, ledger } = setup()
    const vnode = must(walker.root.vnode.createFile('big', 0o644, walker.credentials))
    const access = { read: true, write: true }
    const place = { mount: walker.root.mount, vnode }
    const handle = must(vnode.open(access))
    const file = new OpenFile({ type: 'regular', access, handle, place, ledger })
    expect(must(file.write([new Uint8Array(10)], 6))).toBe(6)
    expect(said(file.write([new Uint8Array(10)], 6))).toBe('FBIG')
    expect(said(file.writeAt([new Uint8Array(1)], 6, 6))).toBe('FBIG')
    expect(said(file.truncate(7, 6))).toBe('FBIG')
    expect(must(file.write([new Uint8Array(10)]))).toBe(10)
  })
})

import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import type { Result } from '../../../../src/contract/result.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { utsNamespace } from '../../../../src/kernel/identity/uts-namespace.ts'
import { devices } from '../../../../src/kernel/mount/fs/dev.ts'
import { proc } from '../../../../src/kernel/mount/fs/proc.ts'
import {
  directory,
  link,
  SyntheticFileSystem,
  text,
} from '../../../../src/kernel/mount/fs/synthetic.ts'
import { openAt } from '../../../../src/kernel/mount/open-at.ts'
import { OpenFile } from '../../../../src/kernel/mount/open-file.ts'
import {
  createDirectoryAt,
  removeDirectoryAt,
  renameAt,
  unlinkAt,
} from '../../../../src/kernel/mount/path-operations.ts'
import type { Vnode } from '../../../../src/kernel/mount/vnode.ts'
import type { ControllingTerminal } from '../../../../src/kernel/process/controlling-terminal.ts'
import { makePipe } from '../../../../src/kernel/process/pipe.ts'
import { Process } from '../../../../src/kernel/process/process.ts'
import { outputHandle } from '../../../../src/kernel/process/stream-handle.ts'
import { must, said } from '../../../support/errno.ts'
import { fileEntry, processOf } from '../../../support/process.ts'
import { newTerminal } from '../../../support/terminal.ts'

const READ = { read: true, write: false }
const WRITE = { read: false, write: true }
const at = (root: Vnode, path: string): Vnode =>
  path.split('/').reduce<Vnode>((node, name) => must(node.lookup(name)), root)

function textAt(root: Vnode, path: string): string {
  const handle = must(at(root, path).open(READ))
  const into = new Uint8Array(4_096)
  const count = must(handle.read(into, 0))
  handle.close()
  return new TextDecoder().decode(into.subarray(0, count))
}

describe('a tree that is computed', () => {
  let made = 0
  const top = directory({
    dir: directory({ inner: text(() => 'inner\n') }),
    count: text(() => `${++made}\n`),
    link: link(() => 'dir/inner'),
  })
  const { root } = new SyntheticFileSystem('proc', 3, top, () => 7n)

  it('is listed with the inodes and types of its stats, and knows its parents', () => {
    for (const { name, inode, type } of must(root.list())) {
      expect(must(at(root, name).stat())).toMatchObject({ inode, type, device: 3, uid: 0, gid: 0 })
    }
    expect(at(root, 'dir/inner').parent().inode).toBe(at(root, 'dir').inode)
    expect(root.parent().inode).toBe(root.inode)
    expect(said(root.lookup('none'))).toBe('NOENT')
    expect(said(at(root, 'count').lookup('x'))).toBe('NOTDIR')
    expect(said(at(root, 'count').list())).toBe('NOTDIR')
  })
  it('makes a text when it is opened, and keeps it while it is open', () => {
    const handle = must(at(root, 'count').open(READ))
    const now = textAt(root, 'count')
    const into = new Uint8Array(9)
    expect(must(handle.read(into, 0))).toBe(2)
    expect(new TextDecoder().decode(into.subarray(0, 2))).not.toBe(now)
    expect(must(handle.read(into, 1))).toBe(1)
    expect(must(handle.read(into, 99))).toBe(0)
    expect(said(handle.write(into, 0))).toBe('BADF')
  })
  it('has links', () => {
    expect(must(at(root, 'link').readlink())).toBe('dir/inner')
    expect(said(at(root, 'dir').readlink())).toBe('INVAL')
    expect(said(at(root, 'link').open(READ))).toBe('LOOP')
  })
  it('cannot be changed by any call', () => {
    const dir = at(root, 'dir')
    const changes: Readonly<Record<string, Result<unknown>>> = {
      createFile: dir.createFile('x', 0o644, ROOT),
      createDirectory: dir.createDirectory('x', 0o755, ROOT),
      createSymlink: dir.createSymlink('x', 'y', ROOT),
      link: dir.link('x', at(root, 'count')),
      unlink: dir.unlink('inner'),
      removeDirectory: root.removeDirectory('dir'),
      rename: dir.rename('inner', root, 'x'),
      truncate: at(root, 'count').truncate(0),
      setTimes: dir.setTimes({ modified: 1n }),
      setMode: dir.setMode(0o777),
      setOwner: dir.setOwner(1, 1),
    }
    for (const [name, answer] of Object.entries(changes)) {
      expect([name, said(answer)]).toEqual([name, 'PERM'])
    }
    expect(said(at(root, 'count').open(WRITE))).toBe('ACCES')
    expect(said(dir.open(READ))).toBe('ISDIR')
    expect(must(dir.list()).map(({ name }) => name)).toEqual(['inner'])
  })
})

describe('/dev', () => {
  const noise = (into: Uint8Array) => void into.fill(9)
  let terminal: Pick<ControllingTerminal, 'handle' | 'number'> | undefined
  const tree = devices(
    noise,
    () => terminal,
    () => (terminal === undefined ? [] : [terminal]),
  )
  const { root } = new SyntheticFileSystem('devtmpfs', 3, tree, () => 1n)
  const read = (name: string, size = 4) => {
    const into = new Uint8Array(size).fill(1)
    return [must(must(at(root, name).open(READ)).read(into, 0)), ...into.subarray(0, 4)]
  }
  const write = (name: string) => said(must(at(root, name).open(WRITE)).write(new Uint8Array(5), 0))

  it.each([
    ['null', [0, 1, 1, 1, 1], 'ok'],
    ['zero', [4, 0, 0, 0, 0], 'ok'],
    ['full', [4, 0, 0, 0, 0], 'NOSPC'],
    ['random', [4, 9, 9, 9, 9], 'ok'],
    ['urandom', [4, 9, 9, 9, 9], 'ok'],
  ])('%s', (name, bytes, written) => {
    expect(read(name)).toEqual(bytes)
    expect(write(name)).toBe(written)
    expect(must(at(root, name).stat())).toMatchObject({ type: 'character-device', mode: 0o666 })
  })
  it('gives at most 64 KiB of randomness at once', () => {
    expect(read('urandom', 100_000)[0]).toBe(65_536)
  })
  it('has the terminal of the caller, if there is one', () => {
    expect(said(at(root, 'tty').open(READ))).toBe('NXIO')
    const handle = outputHandle({ write: (from) => from.length, room: () => 1 })
    expect(must(at(root, 'pts').list())).toEqual([])
    terminal = { number: 3, handle: () => handle }
    expect(must(at(root, 'tty').open(WRITE))).toBe(handle)
    expect(must(at(root, 'pts').list()).map(({ name }) => name)).toEqual(['3'])
    expect(must(at(root, 'pts/3').stat())).toMatchObject({ mode: 0o620, rdev: 0x8803 })
    expect(must(at(root, 'pts/3').open(WRITE))).toBe(handle)
  })
  it('leads the standard streams to the caller', () => {
    const texts = ['stdin', 'stdout', 'stderr', 'fd'].map((name) => must(at(root, name).readlink()))
    expect(texts).toEqual([
      '/proc/self/fd/0',
      '/proc/self/fd/1',
      '/proc/self/fd/2',
      '/proc/self/fd',
    ])
  })
})

const READ_HOW = {
  access: READ,
  create: false,
  exclusive: false,
  truncate: false,
  directory: false,
  follow: true,
  append: false,
  nonblock: false,
  mode: 0,
} as const

function procOf() {
  const { call } = processOf([fileEntry('/file', 'hello')])
  const { process } = call
  const { walker, fds, ledger } = process
  const written: number[] = []
  const sink = { write: (from: Uint8Array) => written.push(...from), room: () => 9 }
  fds.close(1)
  const handle = outputHandle(sink)
  const access = { read: false, write: true }
  must(fds.add(new OpenFile({ type: 'unknown', access, handle, place: undefined, ledger })))
  const tree = proc({
    processes: new Map([[1, process]]),
    self: () => process,
    mounts: walker.mounts,
    ledger,
    clock: process.clock,
    uts: utsNamespace('box', ''),
    cpus: 2,
    uptime: () => 1.5,
    cpuUsage: () => ({ userUs: 250_000, systemUs: 20_000 }),
    born: () => 7,
  })
  const { root } = new SyntheticFileSystem('proc', 3, tree, () => 1n)
  return { root, process, written, ledger }
}

/** What the link there leads to. */
function led(root: Vnode, path: string): Vnode {
  const place = at(root, path).leadsTo?.()
  if (place === undefined) throw new Error(`${path} leads nowhere`)
  return place.vnode
}

describe('/proc', () => {
  it.each([
    ['uptime', '1.50 0.00\n'],
    ['sys/kernel/hostname', 'box\n'],
    ['sys/kernel/domainname', '(none)\n'],
    ['1/cmdline', 'prog\0naïve\0\0'],
    ['1/environ', 'A=1\0B=\0'],
    ['1/mounts', 'overlay / overlay rw,relatime 0 0\n'],
    ['loadavg', '0.00 0.00 0.00 1/1 7\n'],
  ])('%s', (path, wanted) => {
    expect(textAt(procOf().root, path)).toBe(wanted)
  })
  it('leads self to the caller, mounts to its own', () => {
    const { root } = procOf()
    expect(must(at(root, 'self').readlink())).toBe('1')
    expect(must(at(root, 'mounts').readlink())).toBe('self/mounts')
    expect(must(at(root, '1/cwd').readlink())).toBe('/')
  })
  it('tells who a process is and what it holds', () => {
    const { root, ledger } = procOf()
    ledger.charge('memory', 3 * 2 ** 20)
    const pairs = textAt(root, '1/status')
      .trim()
      .split('\n')
      .map((line): readonly [string, string] => {
        const [name = '', value = ''] = line.split(/:\s+/, 2)
        return [name, value]
      })
    const lines = Object.fromEntries<string>(pairs)
    expect(lines).toMatchObject({
      Name: 'prog',
      State: 'R (running)',
      Pid: '1',
      PPid: '0',
      Uid: '0\t0\t0\t0',
      Umask: '0022',
      VmRSS: '3072 kB',
    })
  })
  it('tells the memory there is, which the ledger limits', () => {
    expect(textAt(procOf().root, 'meminfo')).toContain(`MemTotal:    ${2 ** 30} kB`)
    expect(textAt(procOf().root, 'cpuinfo').match(/^processor/gm)).toHaveLength(2)
  })
  it('shows open descriptors as they are now, as links', () => {
    const { root, process, written } = procOf()
    expect(must(at(root, '1/fd').list()).map(({ name, type }) => `${name} ${type}`)).toEqual([
      '0 symlink',
      '1 symlink',
      '2 symlink',
      '3 symlink',
    ])
    expect(led(root, '1/fd/3').inode).toBe(process.walker.root.vnode.inode)
    expect(must(must(led(root, '1/fd/1').open(WRITE)).write(Uint8Array.of(7), 0))).toBe(1)
    expect(written).toEqual([7])
    process.fds.close(3)
    expect(said(at(root, '1/fd').lookup('3'))).toBe('NOENT')
    expect(said(led(root, '1/fd/0').open(READ))).toBe('NXIO')
  })
  it('calls each descriptor what Linux does: its path, a pipe by one number, a terminal', () => {
    const { root, process, ledger } = procOf()
    const { fds, walker } = process
    const name = (fd: number) => must(at(root, `1/fd/${fd}`).readlink())
    const { reader, writer } = must(makePipe(ledger, { nonblock: false }))
    const [out, into] = [must(fds.add(reader)), must(fds.add(writer))]
    expect(name(out)).toMatch(/^pipe:\[\d+\]$/)
    expect(name(into)).toBe(name(out))
    expect(name(1)).toMatch(/^pipe:\[\d+\]$/)
    expect(new Set([name(0), name(1), name(2), name(out)]).size).toBe(4)
    const number = Number(/\d+/.exec(name(out))?.[0])
    const owner = { uid: 0, gid: 0 }
    expect(must(at(root, `1/fd/${out}`).stat())).toMatchObject({ ...owner, mode: 0o500 })
    expect(must(at(root, `1/fd/${into}`).stat()).mode).toBe(0o300)
    const pipe = { type: 'fifo', mode: 0o600, inode: number, ...owner }
    expect(must(led(root, `1/fd/${into}`).stat())).toMatchObject(pipe)
    const { device } = newTerminal()
    const parts = { type: 'character-device', place: undefined, ledger } as const
    const both = { access: { read: true, write: true }, handle: device.handle() }
    const tty = must(fds.add(new OpenFile({ ...parts, ...both })))
    expect(name(tty)).toBe('/dev/pts/0')
    expect(must(at(root, `1/fd/${tty}`).stat()).mode).toBe(0o700)
    expect(must(led(root, `1/fd/${tty}`).stat())).toMatchObject({ mode: 0o620, rdev: 0x8800 })
    const open = (path: string, how: object = {}) =>
      must(fds.add(must(openAt(walker, walker.root, path, { ...READ_HOW, ...how }, ledger))))
    expect(name(3)).toBe('/')
    const file = open('/file')
    expect(name(file)).toBe('/file')
    const made = open('/new', { create: true, access: WRITE, mode: 0o644 })
    expect(name(made)).toBe('/new')
    must(renameAt(walker, walker.root, '/new', walker.root, '/other'))
    expect(name(made)).toBe('/other')
    must(unlinkAt(walker, walker.root, '/other'))
    expect(name(made)).toBe('/new (deleted)')
    must(createDirectoryAt(walker, walker.root, '/d', 0o755))
    const inner = open('/d/x', { create: true, access: WRITE, mode: 0o644 })
    expect(name(inner)).toBe('/d/x')
    must(unlinkAt(walker, walker.root, '/d/x'))
    must(removeDirectoryAt(walker, walker.root, '/d'))
    expect(name(inner)).toBe('/x (deleted)')
  })
  it('calls what was opened by such a link what it is', () => {
    const { root, process, ledger } = procOf()
    const walker = { ...process.walker, root: { ...process.walker.root, vnode: root } }
    const name = (fd: number) => must(at(root, `1/fd/${fd}`).readlink())
    const again = (fd: number) =>
      must(
        process.fds.add(
          must(openAt(walker, walker.root, `/1/fd/${fd}`, { ...READ_HOW, access: WRITE }, ledger)),
        ),
      )
    const second = again(1)
    const third = again(second)
    expect([name(second), name(third)]).toEqual([name(1), name(1)])
  })
  it('tells ps and top what they read, and nothing that it does not know', () => {
    const { root, process } = procOf()
    process.command = 'a (name) of more than fifteen'
    process.childrenCpuMs = 70
    const [, name, rest = ''] = /^1 \((.*)\) (.*)\n$/.exec(textAt(root, '1/stat')) ?? []
    expect(name).toBe('a (name) of mor')
    const fields = rest.split(' ')
    expect(fields).toHaveLength(50)
    // State, parent, group, session, terminal, its foreground; cutime; threads.
    expect(fields.slice(0, 6)).toEqual(['R', '0', '1', '1', '0', '-1'])
    expect([fields[13], fields[17]]).toEqual(['7', '1'])
    expect(textAt(root, '1/comm')).toBe('a (name) of mor\n')
    expect(textAt(root, '1/statm').split(' ')).toHaveLength(7)
    expect(textAt(root, 'stat')).toBe(
      'cpu  25 0 2 273 0 0 0 0 0 0\nbtime -1\nprocesses 7\nprocs_running 1\nprocs_blocked 0\n',
    )
    const limits = textAt(root, '1/limits').split('\n')
    expect(limits[1]).toMatch(/^Max file size {13}unlimited {12}unlimited {12}bytes/)
    expect(limits[3]).toMatch(/^Max open files {12}64 {19}64 {19}files/)
  })
  it('tells which signals are ignored and handled', () => {
    const { root, process } = procOf()
    process.signals.set(2, 'ignore')
    process.signals.set(15, 'handle')
    process.signals.set(64, 'restart')
    const status = textAt(root, '1/status')
    expect(status).toContain('SigIgn:\t0000000000000002\n')
    expect(status).toContain('SigCgt:\t8000000000004000\n')
  })
  it('has of a dead process only what its parent may ask for', () => {
    const { root, process } = procOf()
    process.ended = { code: 3, signal: undefined }
    expect(textAt(root, '1/stat')).toMatch(/^1 \(prog\) Z .* 768\n$/)
    expect([textAt(root, '1/cmdline'), textAt(root, '1/environ')]).toEqual(['', ''])
    expect(said(at(root, '1').lookup('cwd'))).toBe('NOENT')
    expect(said(at(root, '1').lookup('exe'))).toBe('NOENT')
  })
  it('shows another user neither environment, nor what is open, nor ways past its directories', () => {
    const { root, process } = procOf()
    process.program = '/bin/prog'
    expect(must(at(root, '1/exe').readlink())).toBe('/bin/prog')
    const open = (path: string, uid: number) =>
      said(
        openAt(
          {
            ...process.walker,
            root: { ...process.walker.root, vnode: root },
            credentials: { uid, gid: uid, groups: [] },
          },
          { ...process.walker.root, vnode: root },
          path,
          READ_HOW,
          process.ledger,
        ),
      )
    for (const path of ['/1/environ', '/1/fd', '/1/fd/1']) {
      expect([path, open(path, 0)]).toEqual([path, 'ok'])
      expect([path, open(path, 7)]).toEqual([path, 'ACCES'])
    }
    expect(open('/1/stat', 7)).toBe('ok')
  })
  it.each([
    [0, 'ok', 'ok'],
    [1, 'ok', 'ok'],
    [7, 'ACCES', 'ACCES'],
  ])('for user %d of one of user 1: cwd is %s, exe is %s', (uid, cwd, exe) => {
    const { process } = processOf([]).call
    const owner = { uid: 1, gid: 1, groups: [] }
    const other = new Process({ ...process, credentials: owner, program: '/bin/prog' })
    const caller = new Process({ ...process, credentials: { ...owner, uid } })
    const tree = proc({
      processes: new Map([[2, other]]),
      self: () => caller,
      mounts: process.walker.mounts,
      ledger: process.ledger,
      clock: process.clock,
      uts: utsNamespace('box', ''),
      cpus: 1,
      uptime: () => 0,
      cpuUsage: () => ({ userUs: 0, systemUs: 0 }),
      born: () => 0,
    })
    const { root } = new SyntheticFileSystem('proc', 3, tree, () => 1n)
    expect(said(at(root, '2/cwd').readlink())).toBe(cwd)
    expect(said(at(root, '2/exe').readlink())).toBe(exe)
    expect(at(root, '2/cwd').leadsTo?.() === undefined).toBe(cwd !== 'ok')
  })
  it('opens a stream again, which then stays open with it', () => {
    const { root, process, ledger } = procOf()
    const { reader, writer } = must(makePipe(ledger, { nonblock: false }))
    const fd = must(process.fds.add(writer))
    const again = must(led(root, `1/fd/${fd}`).open(WRITE))
    process.fds.close(fd)
    expect(must(again.write(Uint8Array.of(7), 0))).toBe(1)
    const into = new Uint8Array(2)
    expect(must(reader.read([into]))).toBe(1)
    expect(said(reader.read([into]))).toBe('blocked')
    again.close()
    expect(must(reader.read([into]))).toBe(0)
  })
  it('has nothing of a process that is gone, and nothing at all to write', () => {
    const { root } = procOf()
    expect(said(root.lookup('2'))).toBe('NOENT')
    expect(said(at(root, '1').unlink('status'))).toBe('PERM')
    expect(said(at(root, '1/status').open(WRITE))).toBe('ACCES')
  })
  it('tells a limited container its limit', () => {
    const ledger = new Ledger({ memory: 64 * 2 ** 20 })
    const { process } = processOf([]).call
    const tree = proc({
      processes: new Map(),
      self: () => process,
      mounts: process.walker.mounts,
      ledger,
      clock: process.clock,
      uts: utsNamespace('box', 'lan'),
      cpus: 1,
      uptime: () => 0,
      cpuUsage: () => ({ userUs: 0, systemUs: 0 }),
      born: () => 0,
    })
    const { root } = new SyntheticFileSystem('proc', 3, tree, () => 1n)
    expect(textAt(root, 'meminfo')).toContain('MemTotal:       65536 kB\n')
  })
})

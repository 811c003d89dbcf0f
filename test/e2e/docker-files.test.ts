import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.docker(['pull', 'python'])
})
afterAll(async () => {
  await session.stop()
})
const ok = (...args: readonly string[]): Promise<string> => session.ok(...args)

describe("a container's files", () => {
  it('outlive its run: a second start finds what the first wrote, and misses what it removed', async () => {
    const source = [
      'import os',
      'print(sorted(os.listdir("/kept")) if os.path.isdir("/kept") else "first")',
      'os.makedirs("/kept", exist_ok=True)',
      'open(f"/kept/{len(os.listdir(\'/kept\'))}", "w").write("x")',
      'print(os.path.exists("/etc/group"))',
      'os.path.exists("/etc/group") and os.remove("/etc/group")',
    ].join('\n')
    await ok('create', '--name', 'kept', 'python', '-c', source)
    expect(await ok('start', '-a', 'kept')).toBe('first\nTrue')
    expect(await ok('start', '-a', 'kept')).toBe("['0']\nFalse")
    expect(await ok('restart', 'kept')).toBe('kept')
    await ok('wait', 'kept')
    expect((await ok('logs', 'kept')).split('\n').slice(-2)).toEqual(["['0', '1']", 'False'])
    await ok('rm', 'kept')
  })
  it('outlive a kill', async () => {
    const source =
      'import os\nprint(os.path.exists("/mark"), flush=True)\nopen("/mark", "w").close()\nprint("ready", flush=True)\nwhile True: pass'
    await ok('run', '-d', '--name', 'killed', 'python', '-c', source)
    const logs = session.docker(['logs', '-f', 'killed'])
    await untilLogged('killed', 'ready')
    await ok('kill', 'killed')
    expect((await logs).stdout).toBe('False\nready\n')
    await ok('start', 'killed')
    await untilLogged('killed', 'True')
    await ok('rm', '-f', 'killed')
  })
})

/** Every byte there is, and more than one piece of a stream. */
const BYTES = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at + (at >> 8)) & 255))

/** A directory tree of this host, with a link and an empty directory. */
function hostTree(name: string): string {
  const root = join(session.directory, name)
  mkdirSync(join(root, 'deep', 'empty'), { recursive: true })
  writeFileSync(join(root, 'bytes'), BYTES)
  writeFileSync(join(root, 'deep', 'naïve "x"'), 'text')
  writeFileSync(join(root, 'deep', 'tool'), '#!', { mode: 0o755 })
  symlinkSync('../bytes', join(root, 'deep', 'link'))
  return root
}

/** All that is in a directory of this host. */
const listed = (root: string): readonly unknown[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const mode = lstatSync(path).mode & 0o777
      if (entry.isSymbolicLink()) return [path.slice(root.length), readlinkSync(path)]
      const digest = entry.isFile() && createHash('sha256').update(readFileSync(path)).digest('hex')
      return [path.slice(root.length), mode, digest]
    })
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))

/** Starts or makes the container `name`, in the state that is asked for. */
const STATES = {
  created: async (name: string) => void (await ok('create', '--name', name, 'python')),
  stopped: async (name: string) => {
    await ok('create', '--name', name, 'python', '-c', '0')
    await ok('start', '-a', name)
  },
  'running and computing': async (name: string) => {
    await ok('run', '-d', '--name', name, 'python', '-c', 'while True: pass')
  },
  'running and waiting': async (name: string) => {
    await ok('run', '-d', '-i', '--name', name, 'python', '-c', 'input()')
  },
} as const

describe.each(Object.keys(STATES) as (keyof typeof STATES)[])('docker cp, %s:', (state) => {
  const name = `cp-${state.replaceAll(' ', '-')}`
  beforeAll(async () => {
    await STATES[state](name)
  })
  afterAll(async () => {
    await ok('rm', '-f', name)
  })
  it('a tree comes back as it went in, byte for byte', async () => {
    const from = hostTree(`${name}-from`)
    await quietly('cp', from, `${name}:/new`)
    await quietly('cp', `${name}:/new`, join(session.directory, `${name}-to`))
    expect(listed(join(session.directory, `${name}-to`))).toEqual(listed(from))
    await quietly('cp', `${name}:/new/.`, join(session.directory, `${name}-dot`))
    expect(listed(join(session.directory, `${name}-dot`))).toEqual(listed(from))
  })
  it('an archive goes in through - and comes out through -', async () => {
    const from = hostTree(`${name}-tar`)
    const tar = execFileSync('tar', ['-C', from, '-c', '.'], { maxBuffer: 2 ** 26 })
    const put = await session.docker(['cp', '-', `${name}:/tmp`], tar)
    expect(put).toMatchObject({ code: 0 })
    const out = await session.docker(['cp', `${name}:/tmp`, '-'])
    const to = join(session.directory, `${name}-untar`)
    mkdirSync(to)
    execFileSync('tar', ['-C', to, '-x'], { input: Buffer.from(out.stdout, 'latin1') })
    expect(listed(join(to, 'tmp'))).toEqual(listed(from))
  })
  it('links are copied, or followed with -L', async () => {
    const to = join(session.directory, `${name}-l`)
    mkdirSync(to)
    // The client itself takes no link that leads out of where it copies to.
    const { stdout } = await session.docker(['cp', `${name}:/tmp/deep/link`, '-'])
    const shown = execFileSync('tar', ['-tv'], { input: Buffer.from(stdout, 'latin1') })
    expect(String(shown)).toMatch(/ link -> \.\.\/bytes$/m)
    await quietly('cp', '-L', `${name}:/tmp/deep/link`, join(to, 'followed'))
    expect(readFileSync(join(to, 'followed')).equals(BYTES)).toBe(true)
  })
  it.each([
    ['what is not there', ['cp', `${name}:/none`, '-'], 'Could not find the file /none in'],
    ['a file as a directory', ['cp', '-', `${name}:/etc/passwd`], 'must be a directory'],
  ])('is refused: %s', async (_, args, text) => {
    const done = await session.docker(args)
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining(text)])
  })
})

describe('what was copied in', () => {
  it.each([
    ['that is no archive', Buffer.alloc(20_000_000, 'x'), '/', 400, 'not a whole tar archive'],
    [
      'for a path that is not there',
      Buffer.alloc(20_480_000),
      '/none',
      404,
      'Could not find the file',
    ],
    ['without a path', Buffer.alloc(0), '', 400, 'path cannot be empty'],
  ])('is refused over HTTP with a reason: a body %s', async (_, body, path, status, text) => {
    await session.docker(['create', '--name', 'http', 'python'])
    const url = `http://127.0.0.1:${session.port}/containers/http/archive?path=${path}`
    const response = await fetch(url, { method: 'PUT', body })
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(text),
    ])
  })
  it('is there for the guest, before its first start and while it runs', async () => {
    const file = join(session.directory, 'in.txt')
    writeFileSync(file, 'first')
    const source =
      'print(open("/in.txt").read(), flush=True)\nwhile open("/in.txt").read() != "second": pass'
    await ok('create', '--name', 'in', 'python', '-c', source)
    await quietly('cp', file, 'in:/in.txt')
    await ok('start', 'in')
    await untilLogged('in', 'first')
    writeFileSync(file, 'second')
    await quietly('cp', file, 'in:/in.txt')
    expect(await ok('wait', 'in')).toBe('0')
    await quietly('cp', 'in:/in.txt', join(session.directory, 'out.txt'))
    expect(readFileSync(join(session.directory, 'out.txt'), 'utf8')).toBe('second')
    await ok('rm', 'in')
  })
})

describe('docker diff, export', () => {
  const source = [
    'import os',
    'os.remove("/etc/group")',
    'os.mkdir("/made")',
    'open("/made/file", "w").write("x")',
    'open("/etc/passwd", "a").write("# more")',
  ].join('\n')
  const changes = ['A /made', 'A /made/file', 'C /etc', 'C /etc/passwd', 'D /etc/group']
  it('tell nothing of a container that has changed nothing', async () => {
    await ok('create', '--name', 'same', 'python', '-c', '0')
    expect(await ok('diff', 'same')).toBe('')
    await ok('start', '-a', 'same')
    expect(await ok('diff', 'same')).toBe('')
    await ok('rm', 'same')
  })
  it('come with the size of what was written: inspect -s, ps -s', async () => {
    const fill = 'open("/large", "wb").write(bytes(3_000_000))'
    await ok('run', '--name', 'sized', 'python', '-c', fill)
    expect(Number(await ok('inspect', '-s', '--format', '{{.SizeRw}}', 'sized'))).toBeGreaterThan(
      2_999_999,
    )
    const shown = await ok('ps', '-as', '--filter', 'name=sized', '--format', '{{.Size}}')
    expect(shown).toMatch(/^3(\.\d+)?MB/)
    await ok('rm', 'sized')
  })
  it('tell what was added, changed and deleted, of a container that rests and one that runs', async () => {
    await ok('run', '--name', 'rests', 'python', '-c', source)
    expect((await ok('diff', 'rests')).split('\n').sort()).toEqual(changes)
    await ok('run', '-d', '--name', 'runs', 'python', '-c', `${source}\nwhile True: pass`)
    let told = ''
    while (told.split('\n').length < changes.length) told = await ok('diff', 'runs')
    expect(told.split('\n').sort()).toEqual(changes)
    for (const name of ['rests', 'runs']) {
      const { stdout } = await session.docker(['export', name])
      const input = Buffer.from(stdout, 'latin1')
      const names = String(execFileSync('tar', ['-t'], { input })).split('\n')
      expect(names).toEqual(expect.arrayContaining(['made/', 'made/file', 'etc/passwd', 'tmp/']))
      expect(names).not.toContain('etc/group')
      expect(names.filter((one) => /^(proc|dev|sys\/fs\/cgroup)\/./.test(one))).toEqual([])
      const passwd = execFileSync('tar', ['-xO', 'etc/passwd'], { input })
      expect(String(passwd)).toMatch(/^root:.*# more$/s)
    }
    await ok('rm', '-f', 'rests', 'runs')
  })
})

describe('docker commit', () => {
  it('makes an image of what the container wrote and removed, which runs', async () => {
    const source = [
      'import os',
      'os.remove("/etc/group")',
      'open("/kept", "w").write("from the first")',
      'os.chmod("/kept", 0o640)',
      'os.symlink("kept", "/link")',
    ].join('\n')
    await ok('run', '--name', 'first', '--label', 'a=1', 'python', '-c', source)
    const look =
      'import os; print(open("/link").read(), os.path.exists("/etc/group"), os.environ["WHO"])'
    const id = await ok(
      ...['commit', '-a', 'Ann', '-m', 'a note', '-c', 'ENV WHO="the second one"'],
      ...['-c', `CMD ${JSON.stringify(['-c', look])}`, '-c', 'LABEL b=2', 'first', 'mine:v1'],
    )
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await ok('run', '--rm', 'mine:v1')).toBe('from the first False the second one')
    expect(await ok('images', '--format', '{{.Repository}}:{{.Tag}}', 'mine:v1')).toBe('mine:v1')
    const facts = '{{.Author}} {{.Comment}} {{json .Config.Labels}}'
    expect(await ok('image', 'inspect', '--format', facts, id)).toBe('Ann a note {"a":"1","b":"2"}')
    await ok('create', '--name', 'second', 'mine:v1')
    expect(await ok('diff', 'second')).toBe('')
    expect(await ok('inspect', '--format', '{{json .Config.Labels}}', 'second')).toBe(
      '{"a":"1","b":"2"}',
    )
    await ok('rm', 'first', 'second')
    await ok('rmi', 'mine:v1')
  })
  it('of a running container, twice: the older image goes on without its name', async () => {
    await ok('run', '-d', '--name', 'live', 'python', '-c', 'while True: pass')
    const older = await ok('commit', 'live', 'live-image')
    writeFileSync(join(session.directory, 'added'), 'added')
    await quietly('cp', join(session.directory, 'added'), 'live:/added')
    const newer = await ok('commit', 'live', 'live-image')
    expect(newer).not.toBe(older)
    const read = ['-c', 'import os; print(os.path.exists("/added"))']
    expect(await ok('run', '--rm', 'live-image', ...read)).toBe('True')
    expect(await ok('run', '--rm', older, ...read)).toBe('False')
    expect(await ok('image', 'inspect', '--format', '{{.RepoTags}}', older)).toBe('[]')
    const nameless = await ok('commit', 'live')
    expect(await ok('run', '--rm', nameless, ...read)).toBe('True')
    await ok('rm', '-f', 'live')
    for (const image of [older, newer]) await ok('rmi', image)
  })
  it.each([
    ['no such container', ['nobody'], 'No such container: nobody'],
    ['a change that is none', ['-c', 'RUN ls', 'odd'], 'RUN is not a valid change command'],
    ['a name that is none', ['odd', 'UPPER'], 'must be lowercase'],
  ])('is refused: %s', async (_, args, text) => {
    await session.docker(['create', '--name', 'odd', 'python'])
    const done = await session.docker(['commit', ...args])
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining(text)])
  })
})

/** `docker cp` says what it did on its standard error. */
async function quietly(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await session.docker(args)
  expect([args.join(' '), code, code === 0 ? '' : stderr]).toEqual([args.join(' '), 0, ''])
}

/** Follows a container's log until a line is `text`. */
async function untilLogged(name: string, text: string): Promise<void> {
  const response = await fetch(
    `http://127.0.0.1:${session.port}/containers/${name}/logs?follow=1&stdout=1`,
  )
  let seen = ''
  for await (const piece of response.body ?? []) {
    seen += Buffer.from(piece as Uint8Array).toString('latin1')
    if (seen.includes(`${text}\n`)) return
  }
  throw new Error(`the container ended without ${text}: ${seen}`)
}

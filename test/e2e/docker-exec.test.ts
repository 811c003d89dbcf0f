import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

let session: DockerSession
beforeAll(async () => {
  session = await dockerSession()
  await session.ok('pull', '-q', 'python')
  await session.ok('run', '-d', '--name', 'box', '-e', 'A=1', '-e', 'B=2', ...WAIT)
})
afterAll(async () => await session.stop())

/** A guest that waits until it is killed: for input that nobody sends. */
const WAIT = ['-i', 'python', '-c', 'input()']
const SPIN = 'while True: pass'
/** Python in the container, on one line of source. */
const python = (source: string) => ['/bin/python', '-c', source]

const docker = (args: readonly string[], stdin?: string | Uint8Array) => session.docker(args, stdin)
const ok = (...args: readonly string[]) => session.ok(...args)
const idOf = (name: string) => ok('inspect', '-f', '{{.Id}}', name)

describe('docker exec', () => {
  it.each([
    ['its output', 'print("out")', 0, 'out\n', ''],
    [
      'its streams apart and its exit code',
      'import sys; print("err", file=sys.stderr); print("out"); sys.exit(7)',
      7,
      'out\n',
      'err\n',
    ],
    ['the code of a program that fails', 'raise SystemExit(255)', 255, '', ''],
  ])('gives %s', async (_, source, code, stdout, stderr) => {
    expect(await docker(['exec', 'box', ...python(source)])).toEqual({ code, stdout, stderr })
  })
  it('delivers all output of a program that ends at once', async () => {
    const source = 'import sys; sys.stdout.write("x" * 1000000); sys.exit(3)'
    const done = await docker(['exec', 'box', ...python(source)])
    expect([done.code, done.stdout.length]).toEqual([3, 1_000_000])
  })
  it('passes input through byte for byte, and its end', async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 7 + (at >> 8)) & 255)
    const cat = 'import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)'
    const { code, stdout } = await docker(['exec', '-i', 'box', ...python(cat)], bytes)
    expect([code, Buffer.from(stdout, 'latin1').equals(Buffer.from(bytes))]).toEqual([0, true])
  })
  it('has no input without -i', async () => {
    const source = 'import sys; print(repr(sys.stdin.read()))'
    expect((await docker(['exec', 'box', ...python(source)], 'lost')).stdout).toBe("''\n")
  })
  it('has the environment of the container, and its own over it', async () => {
    const source = 'import os; print(os.environ["A"], os.environ["B"], os.environ["C"])'
    expect(await ok('exec', '-e', 'B=3', '-e', 'C=x y', 'box', ...python(source))).toBe('1 3 x y')
  })
  it('is where it asks to be', async () => {
    // Python's own idea of it is the root; paths are the kernel's.
    await ok('exec', 'box', ...python('open("/tmp/here", "w").write("found")'))
    const source = 'print(open("here").read())'
    expect(await ok('exec', '-w', '/tmp', 'box', ...python(source))).toBe('found')
    const done = await docker(['exec', '-w', '/no/such', 'box', ...python(source)])
    expect(done.code).toBe(126)
  })
  it('is who it asks to be', async () => {
    const write = (path: string) => python(`open("${path}", "w").close(); print("written")`)
    expect(await ok('exec', 'box', ...write('/srv-root'))).toBe('written')
    const refused = await docker(['exec', '-u', '1000', 'box', ...write('/srv-user')])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('PermissionError')])
    const unknown = await docker(['exec', '-u', 'nosuch', 'box', ...write('/tmp/x')])
    expect([unknown.code, unknown.stdout]).toEqual([126, expect.stringContaining('nosuch')])
  })
  it('sees the files that others of its container have written', async () => {
    await ok('exec', 'box', ...python('open("/tmp/shared", "w").write("one")'))
    expect(await ok('exec', 'box', ...python('print(open("/tmp/shared").read())'))).toBe('one')
  })
  it('runs without anybody who stays with it', async () => {
    expect(await ok('exec', '-d', 'box', ...python('open("/tmp/done", "w").write("x")'))).toBe('')
    // A try after another, until what is not waited for is there.
    const source = 'import os\nwhile not os.path.exists("/tmp/done"): pass\nprint("there")'
    expect(await ok('exec', 'box', ...python(source))).toBe('there')
  })
  it.each([
    ['in no directory', ['nope'], 127, 'exec: "nope": executable file not found in $PATH'],
    ['that is none', ['/etc/passwd'], 126, 'exec: "/etc/passwd": permission denied'],
    ['at no path', ['/no/such'], 127, 'exec: "/no/such": stat /no/such: no such file or directory'],
  ])('of a program %s says so', async (_, command, code, text) => {
    const done = await docker(['exec', 'box', ...command])
    expect([done.code, done.stdout + done.stderr]).toEqual([code, expect.stringContaining(text)])
  })
  it('of what does not run is refused', async () => {
    await ok('create', '--name', 'resting', ...WAIT)
    const id = await idOf('resting')
    const resting = await docker(['exec', 'resting', 'x'])
    expect([resting.code, resting.stderr]).toEqual([
      1,
      expect.stringContaining(`container ${id} is not running`),
    ])
    const missing = await docker(['exec', 'missing', 'x'])
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining('No such container: missing'),
    ])
    await ok('pause', 'box')
    const paused = await docker(['exec', 'box', 'x'])
    await ok('unpause', 'box')
    expect([paused.code, paused.stderr]).toEqual([
      1,
      expect.stringContaining('Container box is paused, unpause the container before exec'),
    ])
  })
  it('is a process of its container, and ends with it', async () => {
    await ok('run', '-d', '--name', 'ending', ...WAIT)
    const running = docker(['exec', 'ending', ...python(SPIN)])
    const rows = async () => (await ok('top', 'ending', '-o', 'pid,args')).split('\n').slice(1)
    while ((await rows()).length < 2);
    expect((await rows())[1]).toMatch(/^\d+ +\/bin\/python -c /)
    expect(await ok('inspect', '-f', '{{len .ExecIDs}}', 'ending')).toBe('1')
    expect(await ok('stats', '--no-stream', '--format', '{{.PIDs}}', 'ending')).toBe('2')
    await ok('kill', 'ending')
    expect((await running).code).toBe(137)
    expect(await ok('inspect', '-f', '{{.ExecIDs}}', 'ending')).toBe('[]')
    await ok('rm', 'ending')
  })
  it('whose client takes nothing of its output does not keep its container from ending', async () => {
    await ok('run', '-d', '--name', 'flooded', ...WAIT)
    const id = await ok('inspect', '-f', '{{.Id}}', 'flooded')
    const create = { Cmd: python('while True: print("x" * 1000)'), AttachStdout: true }
    const answer = await fetch(`http://127.0.0.1:${session.port}/containers/${id}/exec`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(create),
    })
    const { Id: exec } = (await answer.json()) as { Id: string }
    const socket = createConnection({ port: session.port, host: '127.0.0.1' })
    const head = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 0']
    socket.write(`POST /exec/${exec}/start HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
    await once(socket, 'readable')
    while (socket.readableLength < socket.readableHighWaterMark) await nextTurn()
    // Held back, once all buffers on its way are full.
    while (!/S$/.test(await ok('top', 'flooded', '-o', 'pid,stat')));
    await ok('kill', 'flooded')
    expect(await ok('inspect', '-f', '{{.State.Status}}', 'flooded')).toBe('exited')
    socket.destroy()
    await ok('rm', 'flooded')
  })
  it('is told of in events', async () => {
    await ok('exec', 'box', ...python('print()'))
    const until = String(Math.ceil(Date.now() / 1000))
    const format = '{{.Action}} {{.Actor.Attributes.exitCode}}'
    const log = await ok(
      ...['events', '--since', '1', '--until', until, '--filter', 'container=box'],
      ...['--format', format],
    )
    const lines = log.replaceAll('<no value>', '').split('\n')
    expect(lines.slice(-3)).toEqual([
      'exec_create: /bin/python -c print() ',
      'exec_start: /bin/python -c print() ',
      'exec_die 0',
    ])
  })
})

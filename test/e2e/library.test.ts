import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, EngineError, type Host } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})
const python = (source: string, more = {}) =>
  host.run({ image: 'python', cmd: ['-c', source], ...more })

describe('host.run', () => {
  it('computes in a container', async () => {
    const done = await python('print(6*7)')
    expect(done.text()).toBe('42\n')
    expect(done).toMatchObject({
      exitCode: 0,
      reason: 'exit',
      message: undefined,
      oomKilled: false,
    })
    expect(done.usage.fuel).toBeGreaterThan(1_000_000n)
    expect(done.usage.syscalls).toBeGreaterThan(10)
  })
  it('puts files in and takes files out', async () => {
    const source =
      'open("/work/b.bin","wb").write(open("/work/a.txt","rb").read() + bytes([0,255]))'
    const done = await python(source, {
      files: { '/work/a.txt': 'x' },
      collect: ['/work/b.bin', '/work/none'],
    })
    expect(done.stderr.length).toBe(0)
    expect([...done.files]).toEqual([['/work/b.bin', Uint8Array.of(0x78, 0, 255)]])
  })
  it('reads standard input from text, bytes and a stream', async () => {
    const source = 'import sys; print(len(sys.stdin.buffer.read()))'
    async function* stream() {
      for (let piece = 0; piece < 5; piece += 1) yield new Uint8Array(50_000)
    }
    const runs = await Promise.all([
      python(source, { stdin: 'abc' }),
      python(source, { stdin: new Uint8Array(200_000) }),
      python(source, { stdin: stream() }),
    ])
    expect(runs.map((done) => done.text())).toEqual(['3\n', '200000\n', '250000\n'])
  })
  it('hands output on as it comes and keeps none', async () => {
    let seen = 0
    const done = await python('import sys; sys.stdout.buffer.write(bytes(300_000))', {
      stdout: async (bytes: Uint8Array) => {
        seen += bytes.length
        await Promise.resolve()
      },
    })
    expect(seen).toBe(300_000)
    expect(done.stdout).toHaveLength(0)
  })
  it('keeps what runs write from one another', async () => {
    await python('open("/tmp/mine", "w").write("secret")')
    const done = await python('import os; print(os.path.exists("/tmp/mine"))')
    expect(done.text()).toBe('False\n')
  })
  it('follows strict rules below explicit preopens', async () => {
    writeFileSync(join(directory, 'f'), 'inside')
    const done = await python('print(open("/data/f").read())', {
      preopens: { '/data': '/data' },
      mounts: [{ type: 'bind', source: directory, target: '/data', readOnly: true }],
    })
    expect(done.text()).toBe('inside\n')
  })
  it('does not let a bind be left by a symlink of the host', async () => {
    symlinkSync('/etc/passwd', join(directory, 'link'))
    const done = await python('print(open("/data/link").read())', {
      mounts: [{ type: 'bind', source: directory, target: '/data' }],
    })
    // The link is followed inside the container: it leads to the container's own file.
    expect(done.text()).toBe(`${readFileSync('images/base/etc/passwd', 'utf8')}\n`)
  })
  it('runs as the user it was given', async () => {
    const source = 'try: open("/x","w")\nexcept OSError as e: print(e.errno)'
    const done = await python(source, { user: 'nobody' })
    expect(done.text()).toBe('2\n')
  })
  it('runs a program of a directory used as root', async () => {
    const { copyFileSync } = await import('node:fs')
    copyFileSync('guests/build/hello-world.wasm', join(directory, 'hello.wasm'))
    const done = await host.run({ rootfs: directory, cmd: ['/hello.wasm'] })
    expect(done.text()).toContain('Hello from bulkhead')
  })
  it('shows its processes and limits in /proc and /sys/fs/cgroup', async () => {
    const source =
      'print(open("/proc/self/status").read().split("Pid:\\t")[1][:1],' +
      ' open("/sys/fs/cgroup/memory.max").read().strip(), len(open("/dev/urandom","rb").read(8)),' +
      ' [l.split()[1] for l in open("/proc/mounts")])'
    const done = await python(source, { limits: { memory: '64m' } })
    expect(done.text()).toBe("1 67108864 8 ['/', '/proc', '/dev', '/sys/fs/cgroup']\n")
  })
  it.each([
    ['an unknown image', { image: 'nope' }, 'NO_SUCH_IMAGE'],
    ['nothing to run', {}, 'INVALID_ARGUMENT'],
    ['a bad limit', { image: 'python', limits: { memory: 'x' } }, 'INVALID_LIMIT'],
    ['a bad host name', { image: 'hello-world', hostname: 'a b' }, 'INVALID_ARGUMENT'],
    ['an unknown user', { image: 'hello-world', user: 'eve' }, 'INVALID_ARGUMENT'],
    ['bytes that are no module', { module: new Uint8Array(9) }, 'INVALID_MODULE'],
  ] as const)('refuses %s', async (_, spec, code) => {
    const failure = await host.run(spec).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(EngineError)
    expect(failure).toMatchObject({ code })
  })
  it('refuses to run after it was closed', async () => {
    const other = await createHost({ dataDir: DATA_DIRECTORY })
    await other.close()
    await expect(other.run({ image: 'hello-world' })).rejects.toMatchObject({ code: 'HOST_CLOSED' })
  })
})

describe('many runs', () => {
  const hello = () => host.run({ image: 'hello-world' })
  const descriptors = async () => (await import('node:fs')).readdirSync('/proc/self/fd').length

  it('leave no slot, descriptor or memory behind: 1,000 one after another', async () => {
    for (let warm = 0; warm < 50; warm += 1) await hello()
    const before = { fds: await descriptors(), shared: process.memoryUsage().arrayBuffers }
    for (let run = 0; run < 1_000; run += 1) expect((await hello()).exitCode).toBe(0)
    expect(host.inUse().slots).toBe(0)
    expect(await descriptors()).toBeLessThanOrEqual(before.fds)
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(before.shared + 32 * 2 ** 20)
  })
  it('run beside each other: 200 at once', async () => {
    const runs = await Promise.all(Array.from({ length: 200 }, hello))
    expect(runs.every((done) => done.exitCode === 0)).toBe(true)
    expect(runs.every((done) => done.text().includes('Hello from bulkhead'))).toBe(true)
    expect(host.inUse().slots).toBe(0)
  })
})

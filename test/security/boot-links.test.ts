import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { EngineError } from '../../src/contract/errors.ts'
import type { GuestSpec, MountSpec } from '../../src/contract/guest-spec.ts'
import { buildLayerView, type LayerEntry } from '../../src/kernel/mount/layer-index.ts'
import { runInline } from '../../src/thread/inline.ts'
import { GUEST as ANY_GUEST } from '../support/cell-jobs.ts'
import { directoryEntry, fileEntry, linkEntry } from '../support/process.ts'
import { moduleOf, section } from '../support/wasm-modules.ts'

/** Does nothing: what is looked at is how its container comes to be. */
const NOTHING = moduleOf(
  section(1, [1, 0x60, 0, 0]),
  section(3, [1, 0]),
  section(5, [1, 0, 1]),
  section(7, [2, 6, ...Buffer.from('_start'), 0, 0, 6, ...Buffer.from('memory'), 2, 0]),
  section(10, [1, 2, 0, 0x0b]),
)
const GUEST: GuestSpec = { ...ANY_GUEST, deterministic: { seed: 1, epoch: 0 } }
const DIRECTORIES = ['/', '/etc', '/proc', '/dev', '/sys', '/sys/fs', '/sys/fs/cgroup']
const MIB = 2 ** 20

/** Starts a container of an image with these files over what every image has. */
function started(files: readonly LayerEntry[], more: Partial<GuestSpec> = {}) {
  const replaced = new Set(files.map(({ path }) => path))
  const directories = DIRECTORIES.filter((path) => !replaced.has(path))
  const root = buildLayerView([[...directories.map((path) => directoryEntry(path)), ...files]])
  return runInline(NOTHING, root.parts, { ...GUEST, ...more })
}

/** What became of such a start: a bug's error is told whole. */
function startOf(files: readonly LayerEntry[], more: Partial<GuestSpec>): string {
  try {
    return started(files, more).exitCode === 0 ? 'started' : 'ended badly'
  } catch (error) {
    return error instanceof EngineError ? error.code : String(error)
  }
}

/** Where a link of an image leads before there is a process, without an end, or round in circles. */
const TARGETS = [
  ...['/proc/self', '/proc/self/status', '/proc/self/environ', '/proc/self/cwd/etc/passwd'],
  ...['/proc/self/fd/0', '/proc/1/status', '/proc/1/fd/0', '/proc/mounts', '/proc/meminfo'],
  ...['/proc/stat', '/proc/loadavg', '/proc/uptime', '/proc', '/proc/sys/kernel/hostname'],
  ...['/dev/zero', '/dev/random', '/dev/tty', '/dev/stdin', '/dev/fd/0', '/dev/pts'],
  ...['/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/cgroup.procs', '/sys/fs/cgroup/cpu.stat'],
  ...['/etc/passwd', '/etc/group', '/etc/hosts', '/none', 'x'.repeat(300), '..'],
]

describe('an image with links where its container is looked up in, or has files of its own', () => {
  it.each([
    ['/etc/passwd', 'root'],
    ['/etc/group', 'root'],
    ['/etc/passwd', '5:6'],
    ['/etc/hostname', ''],
    ['/etc/hosts', ''],
    ['/etc/resolv.conf', ''],
  ])('starts, wherever %s leads, for user "%s"', (path, user) => {
    const users = path === '/etc/group' ? [fileEntry('/etc/passwd', 'root:x:0:0::/:\n')] : []
    for (const target of TARGETS) {
      const wanted = path === '/etc/passwd' && user === 'root' ? '0' : user
      const done = started([...users, linkEntry(path, target)], { user: wanted })
      expect([target, done.exitCode, done.message]).toEqual([target, 0, undefined])
    }
  })
  it('has no user whose name such a link hides', () => {
    const files = [linkEntry('/etc/passwd', '/proc/self/status')]
    const wrong = 'unable to find user ann: no matching entries in passwd file'
    expect(() => started(files, { user: 'ann' })).toThrow(
      new EngineError('INVALID_ARGUMENT', wrong),
    )
  })
  it.each([
    ['/proc/self', 'comm', 'guest\n'],
    ['/proc/self/fd/..', 'comm', 'guest\n'],
    ['/proc/1', 'comm', 'guest\n'],
    // It has not left the root yet.
    ['/proc/self/cwd', 'etc/hostname', 'box\n'],
    ['/proc/1/cwd', 'etc/hostname', 'box\n'],
    ['/proc/self/fd', '../comm', 'guest\n'],
    ['/dev/fd', '../comm', 'guest\n'],
  ])(
    'starts in its own /proc where its working directory is %s, or a link to it',
    (target, name, text) => {
      for (const [workingDirectory, files] of [
        [target, []],
        ['/work', [linkEntry('/work', target)]],
      ] as const) {
        const path = `/proc/1/cwd/${name}`
        const done = started(files, { workingDirectory, collect: [path] })
        expect([done.exitCode, Buffer.from(done.files.get(path) ?? []).toString()]).toEqual([
          0,
          text,
        ])
      }
    },
  )
  it.each([
    '/proc/self/none',
    '/proc/2',
    '/proc/self/fd/0',
    '/proc/self/exe',
    '/dev/stdin',
    '/dev/tty',
  ])('is refused in words where its working directory is %s, or a link to it', (target) => {
    for (const [workingDirectory, files] of [
      [target, []],
      ['/work', [linkEntry('/work', target)]],
    ] as const) {
      expect(() => started(files, { workingDirectory })).toThrow(
        new EngineError(
          'INVALID_ARGUMENT',
          `working directory ${workingDirectory}: not a directory`,
        ),
      )
    }
  })
  it.each(['/proc', '/dev', '/sys', '/sys/fs/cgroup', '/etc', '/mnt'])(
    'starts or is refused in words where %s is such a link, with a mount below it',
    (path) => {
      const mount = { type: 'tmpfs', target: '/mnt/x', readOnly: false, mode: 0o755, size: MIB }
      const mounts = path === '/mnt' ? [mount as MountSpec] : []
      for (const target of TARGETS) {
        expect([path, target, startOf([linkEntry(path, target)], { mounts })]).toEqual([
          ...[path, target],
          expect.stringMatching(/^(started|INVALID_MOUNT)$/),
        ])
      }
    },
  )
})

describe('a file of users', () => {
  const large = (bytes: number) => fileEntry('/etc/passwd', '\n'.repeat(bytes))
  const refused = (path: string) =>
    new EngineError('INVALID_ARGUMENT', `${path} is larger than ${MIB} bytes`)
  it('is read up to 1 MiB, and is refused in words above, whether an image is plain or not', () => {
    const link = linkEntry('/etc/hosts', '/none')
    for (const more of [[], [link]]) {
      expect(started([large(MIB), ...more]).exitCode).toBe(0)
      expect(() => started([large(MIB + 1), ...more])).toThrow(refused('/etc/passwd'))
    }
  })
  it('may put a user into as many groups as Linux lets a process be in', () => {
    const inGroups = (count: number) =>
      started(
        [
          fileEntry('/etc/passwd', 'a:x:1:1::/:\n'),
          fileEntry('/etc/group', '::1:a\n'.repeat(count)),
        ],
        { user: 'a' },
      )
    expect(inGroups(2 ** 16).exitCode).toBe(0)
    expect(() => inGroups(2 ** 16 + 1)).toThrow('user a is in more than 65536 groups')
  })
  it('is refused where a link leads to one that is too large', () => {
    const files = [linkEntry('/etc/group', '/large'), fileEntry('/large', ':'.repeat(2 * MIB))]
    expect(() => started(files, { user: '0' })).toThrow(refused('/etc/group'))
  })
})

describe('a process that begins in /proc/self', () => {
  it('is where its own number is, PID 1 as well as an exec', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'boot-links-'))
    await using host = await createHost({ dataDir: directory })
    const done = await host.run({
      image: 'base',
      cwd: '/proc/self',
      cmd: ['sh', '-c', 'pwd; cat comm'],
    })
    expect(done.text()).toBe('/proc/1\ncat\n')
    await using container = await host.containers.create({ image: 'base', cmd: ['sleep', '600'] })
    await container.start()
    const exec = await container.exec(['sh', '-c', 'pwd; echo $$'], { cwd: '/proc/self' })
    const [place, pid] = exec.text().split('\n')
    expect(place).toBe(`/proc/${pid}`)
    expect(Number(pid)).toBeGreaterThan(1)
    await expect(container.exec(['true'], { cwd: '/proc/self/none' })).rejects.toThrow(
      'working directory /proc/self/none: not a directory',
    )
    // Of the one that was refused nothing is left.
    const left = await container.exec(['sh', '-c', 'echo /proc/[0-9]* $$'])
    expect(left.text()).toMatch(/^\/proc\/1 \/proc\/(\d+) \1\n$/)
    rmSync(directory, { recursive: true })
  })
})

describe('a guest that changes who is who while it runs', () => {
  let directory = ''
  let host: Host
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'boot-links-'))
    host = await createHost({ dataDir: directory })
  })
  afterAll(async () => {
    await host.close()
    rmSync(directory, { recursive: true })
  })
  const made = async (script: string) => {
    const cmd = ['sh', '-c', `${script}; echo ready; exec sleep 600`]
    const container = await host.containers.create({ image: 'base', cmd })
    await container.start()
    // The first thing it says is that it is ready.
    for await (const _ of container.logs({ follow: true })) break
    return container
  }
  it('has an exec refused in words for a file without an end, and goes on', async () => {
    await using container = await made(
      'yes | head -c 3000000 >/tmp/large; rm /etc/passwd; ln -s /tmp/large /etc/passwd',
    )
    await expect(container.exec(['echo', 'hello'])).rejects.toThrow(
      `/etc/passwd is larger than ${MIB} bytes`,
    )
    await container.kill()
    expect(await container.wait()).toMatchObject({ exitCode: 137 })
  })
  it.each(['/proc/self/status', '/proc/self/fd/0', '/dev/zero', '/dev/tty'])(
    'is started again, and has an exec, with /etc/passwd a link to %s',
    async (target) => {
      await using container = await made(`rm /etc/passwd; ln -s ${target} /etc/passwd`)
      expect((await container.exec(['echo', 'first'])).text()).toBe('first\n')
      await container.kill()
      await container.start()
      expect((await container.exec(['echo', 'again'])).text()).toBe('again\n')
    },
  )
})

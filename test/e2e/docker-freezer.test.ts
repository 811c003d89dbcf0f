import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, type TestDaemon } from '../support/daemon.ts'
import { type DockerClient, dockerClient } from '../support/docker-client.ts'

let daemon: TestDaemon
let docker: DockerClient
beforeAll(async () => {
  daemon = await startDaemon()
  docker = dockerClient(daemon.address)
  await docker.ok('pull', '-q', 'python')
})
afterAll(async () => {
  docker.close()
  await daemon.stop()
})

const SPIN = ['python', '-c', 'while True: pass']
const stateOf = (name: string) => docker.ok('inspect', '-f', '{{.State.Status}}', name)
const idOf = (name: string) => docker.ok('inspect', '-f', '{{.Id}}', name)
const clientOf = (): Docker => new Docker({ host: '127.0.0.1', port: daemon.port })
const cpuOf = async (name: string): Promise<number> => {
  const used = await clientOf().getContainer(name).stats({ stream: false, 'one-shot': true })
  return used.cpu_stats.cpu_usage.total_usage
}

describe('docker pause and unpause', () => {
  it('stop the CPU use of a guest that spins, and let it go on', async () => {
    await docker.ok('run', '-d', '--name', 'frozen', ...SPIN)
    expect(await docker.ok('pause', 'frozen')).toBe('frozen')
    const before = await cpuOf('frozen')
    // Another container's whole life passes.
    await docker.ok('run', '--rm', 'python', '-c', 'print(sum(range(100000)))')
    expect(await cpuOf('frozen')).toBe(before)
    expect(await stateOf('frozen')).toBe('paused')
    expect(await docker.ok('ps', '--filter', 'status=paused', '--format', '{{.Status}}')).toMatch(
      /^Up .* \(Paused\)$/,
    )
    expect(await docker.ok('unpause', 'frozen')).toBe('frozen')
    expect(await stateOf('frozen')).toBe('running')
    while ((await cpuOf('frozen')) === before);
    await docker.ok('rm', '-f', 'frozen')
  })
  it.each([
    ['stop -t 0', ['stop', '-t', '0'], ['kill 15', 'unpause ', 'kill 9', 'die ', 'stop ']],
    ['kill', ['kill'], ['kill 9', 'unpause ', 'die ']],
    [
      'restart -t 0',
      ['restart', '-t', '0'],
      ['kill 15', 'unpause ', 'kill 9', 'die ', 'stop ', 'start ', 'restart '],
    ],
    ['rm -f', ['rm', '-f'], ['kill 9', 'unpause ', 'die ', 'destroy ']],
  ])('leave a container that can be ended by %s', async (_, command, events) => {
    const name = `ended-by-${command[0]}`
    await docker.ok('run', '-d', '--name', name, ...SPIN)
    await docker.ok('pause', name)
    expect(await docker.ok(...command, name)).toBe(name)
    const format = '{{.Action}} {{.Actor.Attributes.signal}}'
    const until = String(Math.ceil(Date.now() / 1000))
    const log = await docker.ok(
      'events',
      '--since',
      '1',
      '--until',
      until,
      '--filter',
      `container=${name}`,
      '--format',
      format,
    )
    const lines = log.replaceAll('<no value>', '').split('\n')
    expect(lines.slice(lines.indexOf('pause ') + 1)).toEqual(events.map((event) => event))
    await docker.run('rm', '-f', name)
  })
  it('a signal that does not end it leaves it paused', async () => {
    await docker.ok('run', '-d', '--name', 'hup', '--stop-signal', 'TERM', ...SPIN)
    await docker.ok('pause', 'hup')
    await docker.ok('kill', '-s', 'HUP', 'hup')
    expect(await stateOf('hup')).toBe('paused')
    await docker.ok('rm', '-f', 'hup')
  })
  it('say what is wrong in the words of docker', async () => {
    await docker.ok('run', '-d', '--name', 'words', ...SPIN)
    const id = await idOf('words')
    const client = clientOf().getContainer('words')
    await expect(client.unpause()).rejects.toMatchObject({
      statusCode: 500,
      json: { message: `Container ${id} is not paused` },
    })
    await client.pause()
    await expect(client.pause()).rejects.toMatchObject({
      statusCode: 409,
      json: { message: `container ${id} is already paused` },
    })
    await expect(client.start()).rejects.toMatchObject({ statusCode: 409 })
    expect(await docker.fails('rm', 'words')).toContain('is paused and must be unpaused first')
    await docker.ok('kill', 'words')
    await expect(client.pause()).rejects.toMatchObject({
      statusCode: 409,
      json: { message: `container ${id} is not running` },
    })
    await client.remove()
    expect(await docker.fails('pause', 'words')).toContain('No such container: words')
  })
})

describe('docker update', () => {
  it('changes what a container that runs may use, and what it was given', async () => {
    const source =
      'import sys\nfor line in sys.stdin: print(open(line.strip()).read().strip(), flush=True)'
    const client = clientOf()
    const container = await client.createContainer({
      name: 'live',
      Image: 'python',
      Cmd: ['-c', source],
      OpenStdin: true,
      Tty: true,
    })
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true })
    await container.start()
    const lines = stream[Symbol.asyncIterator]()
    const read = async (file: string): Promise<string> => {
      stream.write(`/sys/fs/cgroup/${file}\n`)
      let said = ''
      // What was typed comes back first.
      while (said.split('\n').length < 3) said += String((await lines.next()).value)
      return said.split('\n')[1]?.trim() ?? ''
    }
    expect(await read('memory.max')).toBe(String(512 * 2 ** 20))
    await docker.ok(
      'update',
      '--memory',
      '128m',
      '--cpus',
      '0.5',
      '--restart',
      'on-failure:3',
      'live',
    )
    expect(await read('memory.max')).toBe(String(128 * 2 ** 20))
    expect(await read('cpu.max')).toBe('50000 100000')
    await docker.ok('update', '--pids-limit', '7', '--cpu-shares', '2048', 'live')
    expect(await read('pids.max')).toBe('7')
    expect(Number(await read('cpu.weight'))).toBeGreaterThan(100)
    const format =
      '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpuShares}} ' +
      '{{.HostConfig.PidsLimit}} {{.HostConfig.RestartPolicy.Name}} ' +
      '{{.HostConfig.RestartPolicy.MaximumRetryCount}}'
    expect(await docker.ok('inspect', '-f', format, 'live')).toBe(
      `${128 * 2 ** 20} 500000000 2048 7 on-failure 3`,
    )
    const id = await idOf('live')
    expect(await docker.fails('update', '--memory', '6m', 'live')).toMatch(
      new RegExp(
        `Cannot update container ${id}: unable to set memory limit to 6291456 \\(current usage: \\d+\\)`,
      ),
    )
    expect(await read('memory.max')).toBe(String(128 * 2 ** 20))
    expect(await docker.fails('update', '--cpu-quota', '1000', 'live')).toContain(
      `Cannot update container ${id}: Conflicting options: CPU Quota cannot be updated as NanoCPUs`,
    )
    await docker.ok('rm', '-f', 'live')
  })
  it('holds from the next start of one that rests', async () => {
    const source = 'print(open("/sys/fs/cgroup/memory.max").read())'
    await docker.ok('create', '--name', 'resting', 'python', '-c', source)
    expect(await docker.ok('update', '--memory', '64m', 'resting')).toBe('resting')
    expect(await docker.ok('start', '-a', 'resting')).toBe(String(64 * 2 ** 20))
    await docker.ok('rm', 'resting')
  })
  it('keeps a restart policy from what removes itself', async () => {
    await docker.ok('run', '-d', '--rm', '--name', 'fleeting', ...SPIN)
    expect(await docker.fails('update', '--restart', 'always', 'fleeting')).toContain(
      'Restart policy cannot be updated because AutoRemove is enabled for the container',
    )
    await docker.ok('kill', 'fleeting')
  })
})

describe('docker top', () => {
  it('shows the processes of a container that runs', async () => {
    await docker.ok('run', '-d', '--name', 'shown', '-u', '1000', ...SPIN)
    const pid = await docker.ok('inspect', '-f', '{{.State.Pid}}', 'shown')
    const [titles = '', row = '', ...more] = (await docker.ok('top', 'shown')).split('\n')
    expect(titles.trim().split(/ +/)).toEqual([
      'UID',
      'PID',
      'PPID',
      'C',
      'STIME',
      'TTY',
      'TIME',
      'CMD',
    ])
    expect(row.trim().split(/ +/)).toEqual([
      '1000',
      pid,
      '0',
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^\d\d:\d\d$/),
      '?',
      expect.stringMatching(/^00:\d\d:\d\d$/),
      expect.stringContaining('python'),
      '-c',
      'while',
      'True:',
      'pass',
    ])
    expect(more).toEqual([])
    expect(await docker.ok('top', 'shown', '-o', 'pid,cmd')).toMatch(/^PID +CMD\n\d+ +\S*python/)
    expect(await docker.ok('top', 'shown', 'aux')).toMatch(/^USER +PID +%CPU +%MEM +VSZ/)
    const id = await idOf('shown')
    await docker.ok('kill', 'shown')
    expect(await docker.fails('top', 'shown')).toContain(`container ${id} is not running`)
    await docker.ok('rm', 'shown')
  })
  it('shows what processes of it have started, the dead too, while PID 1 computes', async () => {
    await docker.ok('pull', '-q', 'base')
    // Its child ends when it is another program, which never asks for it.
    const child = '(until read c </proc/$$/comm && [ "$c" = sleep ]; do :; done) &'
    const script = `sh -c '${child} exec sleep 1000' & while :; do :; done`
    await docker.ok('run', '-d', '--name', 'family', 'base', 'sh', '-c', script)
    await docker.ok('exec', '-d', '-u', '1000', 'family', 'sh', '-c', 'sleep 2000; true')
    const pid = await docker.ok('inspect', '-f', '{{.State.Pid}}', 'family')
    const rows = async () =>
      (await docker.ok('top', 'family', '-o', 'pid,ppid,user,stat,tty,args'))
        .split('\n')
        .slice(1)
        .map((row) => row.trim().split(/ +/))
    let all = await rows()
    const row = (...args: readonly string[]) =>
      all.find((one) => args.every((a) => one.includes(a)))
    // A shell whose line ends in it is not that program yet.
    const asleep = (time: string) => all.find((one) => one[5] === 'sleep' && one[6] === time)
    const isWhole = () =>
      all.length === 5 && [asleep('1000'), asleep('2000'), row('Z')].every(Boolean)
    while (!isWhole() || all.filter(([, , , stat]) => stat !== 'R').length < 4) all = await rows()
    expect(all[0]?.slice(0, 7)).toEqual([pid, '0', 'root', 'R', '?', 'sh', '-c'])
    const sleeps = asleep('1000')
    expect(sleeps?.slice(1)).toEqual([pid, 'root', 'S', '?', 'sleep', '1000'])
    expect(row('Z')?.slice(1, 4)).toEqual([sleeps?.[0], 'root', 'Z'])
    expect(row('Z')?.at(-1)).toBe('<defunct>')
    const exec = row('1000', 'sh')
    expect(exec?.slice(1, 4)).toEqual(['0', '1000', 'S'])
    expect(asleep('2000')?.slice(1, 3)).toEqual([exec?.[0], '1000'])
    // Numbers stay.
    expect((await rows()).map(([one]) => one)).toEqual(all.map(([one]) => one))
    const figures = ['stats', '--no-stream', '--format', '{{.PIDs}}', 'family'] as const
    expect(await docker.ok(...figures)).toBe('5')
    await docker.ok('rm', '-f', 'family')
  })
})

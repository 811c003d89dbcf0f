import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownImages, startDaemon, type TestDaemon } from '../support/daemon.ts'
import { dockerPy } from '../support/docker-py.ts'

let daemon: TestDaemon
let directory = ''
beforeAll(async () => {
  directory = await ownImages(['hello-world', 'python'])
  daemon = await startDaemon(directory)
})
afterAll(async () => {
  await daemon.stop()
  rmSync(directory, { recursive: true })
})

const HEX_64: unknown = expect.stringMatching(/^[0-9a-f]{64}$/)
const SHA: unknown = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)

/** The oldest API in which docker-py has all of these, what it speaks of itself, and the daemon's newest. */
describe.each(['1.25', '1.41', 'auto'])('docker-py with API %s', (version) => {
  const py = (program: string) => dockerPy(daemon.address, version, program)

  it('asks the daemon who it is', async () => {
    const said = await py(`
say(client.ping())
say(client.version()['MinAPIVersion'], client.version()['Os'])
say(client.info()['OSType'], client.info()['Swarm']['LocalNodeState'], len(client.info()['ID']))
say(sorted(client.df().keys()))
`)
    expect(said).toEqual([
      true,
      ['1.24', 'linux'],
      ['linux', 'inactive', 36],
      ['BuildCache', 'Containers', 'Images', 'LayersSize', 'Volumes'],
    ])
  })
  it('runs a container: output, exit code, and the error of one that fails', async () => {
    const said = await py(`
say(client.containers.run('python', ['-c', 'print(6*7)'], remove=True).decode())
say(client.containers.run('python', ['-c', 'import os; print(os.environ["A"])'], environment={'A': 'b'}, remove=True).decode())
try:
    client.containers.run('python', ['-c', 'import sys; print("why", file=sys.stderr); sys.exit(3)'], remove=True)
except docker.errors.ContainerError as error:
    say(error.exit_status, error.stderr.decode())
try:
    client.containers.run('absent')
except docker.errors.ImageNotFound as error:
    say(error.explanation)
`)
    expect(said).toEqual([
      '42\n',
      'b\n',
      [3, 'why\n'],
      "pull access denied for absent, repository does not exist or may require 'docker login'",
    ])
  })
  it('leads a container through its life', async () => {
    const said = await py(`
one = client.containers.create('python', ['-c', 'print("up", flush=True)\\nwhile True: pass'], name='one', labels={'a': 'b'})
say(one.status, one.name, one.labels['a'])
one.start(); one.reload(); say(one.status)
say(next(one.logs(stream=True)).decode())
say([row[-1].split(' ')[0] for row in one.top()['Processes']])
sample = one.stats(stream=False); say(sample['name'], sample['pids_stats']['current'])
say(next(one.stats(stream=True, decode=True))['id'] == one.id)
say(one.resize(24, 80))
one.pause(); one.reload(); say(one.status)
one.unpause(); one.reload(); say(one.status)
one.rename('two'); one.reload(); say(one.name)
say(one.update(mem_limit='64m') is not None)
one.reload(); say(one.attrs['HostConfig']['Memory'])
say([c.name for c in client.containers.list(filters={'label': 'a=b'})])
one.kill(signal='CONT')
one.stop(timeout=0); say(one.wait()['StatusCode'])
one.restart(timeout=0); one.reload(); say(one.status)
one.kill(); say(one.wait()['StatusCode'])
say(one.logs(tail=1).decode())
one.remove(); say(failure(one.reload))
`)
    expect(said).toEqual([
      ['created', 'one', 'b'],
      'running',
      'up\n',
      ['/bin/python'],
      ['/one', 1],
      true,
      null,
      'paused',
      'running',
      'two',
      true,
      64 * 2 ** 20,
      ['two'],
      137,
      'running',
      137,
      'up\n',
      ['NotFound', 404, expect.stringMatching(/^No such container: [0-9a-f]{64}$/)],
    ])
  })
  it('attaches before the start, and loses no byte of the output', async () => {
    const said = await py(`
one = client.containers.create('python', ['-c', 'import sys; print("out"); print("err", file=sys.stderr)'])
output = one.attach(stream=True, demux=True)
one.start()
both = list(output)
say(''.join(o.decode() for o, e in both if o), ''.join(e.decode() for o, e in both if e))
one.remove()
`)
    expect(said).toEqual([['out\n', 'err\n']])
  })
  it('sends input through a socket, and ends it', async () => {
    const said = await py(`
one = client.containers.create('python', ['-c', 'import sys; print(sys.stdin.read().upper())'], stdin_open=True)
api2 = api.create_container('python', ['-c', 'import sys; print(sys.stdin.read().upper())'], stdin_open=True, host_config=api.create_host_config())
one.remove()
socket = api.attach_socket(api2, params={'stdin': 1, 'stdout': 1, 'stream': 1})
api.start(api2)
import socket as s
socket._sock.sendall(b'some text')
socket._sock.shutdown(s.SHUT_WR)
say(api.wait(api2)['StatusCode'])
say(api.logs(api2).decode())
api.remove_container(api2)
`)
    expect(said).toEqual([0, 'SOME TEXT\n'])
  })
  it('runs further processes, with and without a terminal', async () => {
    const said = await py(`
one = client.containers.create('python', entrypoint=['/bin/sh'], stdin_open=True, tty=True)
one.start()
code, out = one.exec_run(['/bin/sh', '-c', 'echo out; echo err >&2; exit 3'], demux=True)
say(code, [part.decode() for part in out])
code, out = one.exec_run(['/bin/sh', '-c', 'test -t 0 && echo yes'], tty=True)
say(code, out.decode())
say([b''.join(one.exec_run(['/bin/sh', '-c', 'seq 3 | sort -r'], stream=True).output).decode()])
exec_id = api.exec_create(one.id, ['/bin/sh'], stdin=True, tty=True)['Id']
shell = Screen(api.exec_start(exec_id, tty=True, socket=True))
shell.shows('# ')
say(api.exec_resize(exec_id, 41, 120))
shell.type('stty size; exit 6\\r'); shell.shows('\\n41 120\\r\\n'); shell.rest()
say(api.exec_inspect(exec_id)['ExitCode'])
shell = Screen(api.attach_socket(one.id, params={'stdin': 1, 'stdout': 1, 'stream': 1}))
say(one.resize(33, 99))
shell.type('stty size; exit 7\\r'); shell.shows('\\n33 99\\r\\n'); shell.rest()
say(one.wait()['StatusCode'])
one.remove()
`)
    expect(said).toEqual([[3, ['out\n', 'err\n']], [0, 'yes\r\n'], ['3\n2\n1\n'], null, 6, null, 7])
  })
  it('sees whether a container is well', async () => {
    const said = await py(`
check = {'test': 'test ! -e /tmp/ill && echo well | tr w W', 'interval': 10_000_000, 'retries': 1}
one = client.containers.create('python', entrypoint=['/bin/sleep', '600'], healthcheck=check)
def becomes(status, act):
    filters = {'container': one.id, 'event': 'health_status: ' + status}
    events = client.events(decode=True, filters=filters)
    act(); next(events); events.close(); one.reload()
    health = one.attrs['State']['Health']
    say(health['Status'], health['Log'][-1]['ExitCode'], health['Log'][-1]['Output'])
becomes('healthy', one.start)
becomes('unhealthy', lambda: one.exec_run(['touch', '/tmp/ill']))
one.remove(force=True)
`)
    expect(said).toEqual([
      ['healthy', 0, 'Well\n'],
      ['unhealthy', 1, ''],
    ])
  })
  it('puts files in, takes them out, and sees what changed', async () => {
    const said = await py(`
one = client.containers.create('python', ['-c', 'open("/made", "w").write(open("/in/f").read())'])
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode='w') as tar:
    header = tarfile.TarInfo('in/f'); header.size = 4
    tar.addfile(header, io.BytesIO(b'text'))
say(one.put_archive('/', archive.getvalue()))
one.start(); say(one.wait()['StatusCode'])
stream, stat = one.get_archive('/made')
say(stat['name'], stat['size'], stat['linkTarget'])
with tarfile.open(fileobj=io.BytesIO(b''.join(stream))) as tar: say(tar.extractfile('made').read().decode())
say(sorted([change['Path'], change['Kind']] for change in one.diff()))
say(b'in/f' in b''.join(one.export()))
say(failure(one.get_archive, '/absent'))
image = one.commit('from-py', tag=os.environ['API_VERSION'].replace('auto', 'new'), message='note', changes=['VOLUME /v', 'ENV A=b'])
say(image.id, image.attrs['Comment'], image.attrs['Config']['Volumes'])
two = client.containers.create(image.id); say([m['Destination'] for m in two.attrs['Mounts']])
two.remove(v=True); one.remove()
client.images.remove(image.id, force=True)
`)
    expect(said).toEqual([
      true,
      0,
      ['made', 4, ''],
      'text',
      [
        ['/in', 1],
        ['/in/f', 1],
        ['/made', 1],
      ],
      true,
      [
        'NotFound',
        404,
        expect.stringMatching(/^Could not find the file \/absent in container [0-9a-f]{64}$/),
      ],
      [SHA, 'note', { '/v': {} }],
      ['/v'],
    ])
  })
  it('lists, tags, pulls and removes images', async () => {
    const said = await py(`
say(client.images.pull('hello-world').tags)
image = client.images.get('hello-world'); say(image.id)
say(image.tag('mine', 'v1')); image.reload(); say(sorted(image.tags))
say([one.id == image.id for one in client.images.list(name='mine')])
say(len(image.history()), image.history()[0]['Size'] > 0)
client.images.remove('mine:v1'); say(failure(client.images.get, 'mine:v1'))
say(failure(client.images.pull, 'absent'))
say(client.images.prune()['SpaceReclaimed'])
`)
    expect(said).toEqual([
      ['hello-world:latest'],
      SHA,
      true,
      ['hello-world:latest', 'mine:v1'],
      [true],
      [1, true],
      ['ImageNotFound', 404, 'No such image: mine:v1'],
      ['ImageNotFound', 404, expect.stringContaining('pull access denied for absent')],
      0,
    ])
  })
  it('makes, joins, leaves and removes networks', async () => {
    const said = await py(`
net = client.networks.create('py-net', labels={'a': 'b'}, internal=True)
say(net.id, net.attrs['Internal'], net.attrs['Labels'])
say([one.name for one in client.networks.list(names=['py-net'])])
one = client.containers.create('python', ['-c', 'while True: pass'], network='py-net'); one.start()
net.reload(); say([c.name == one.name for c in net.containers])
net.disconnect(one, force=True); net.connect(one, aliases=['f'])
say(failure(net.remove)[:2])
one.remove(force=True); net.remove()
say(failure(client.networks.get, 'py-net'))
say(client.networks.prune())
`)
    expect(said).toEqual([
      [HEX_64, true, { a: 'b' }],
      ['py-net'],
      [true],
      ['APIError', 403],
      ['NotFound', 404, 'network py-net not found'],
      { NetworksDeleted: null },
    ])
  })
  it('makes, mounts, prunes and removes volumes', async () => {
    const said = await py(`
vol = client.volumes.create('py-vol', labels={'a': 'b'})
say(vol.name, vol.attrs['Driver'], vol.attrs['Labels'])
client.containers.run('python', ['-c', 'open("/v/f", "w").write("kept")'], volumes={'py-vol': {'bind': '/v', 'mode': 'rw'}}, remove=True)
say(client.containers.run('python', ['-c', 'print(open("/v/f").read())'], volumes=['py-vol:/v:ro'], remove=True).decode())
say([one.name for one in client.volumes.list(filters={'label': 'a=b'})])
say([[one['Name'], one['UsageData']['Size']] for one in client.df()['Volumes']])
one = client.containers.create('python', volumes={'py-vol': {'bind': '/v'}}); say(failure(vol.remove)[:2]); one.remove()
vol.remove(); say(failure(vol.reload))
say(client.volumes.prune(filters={'label': 'no=one'})['SpaceReclaimed'])
`)
    expect(said).toEqual([
      ['py-vol', 'local', { a: 'b' }],
      'kept\n',
      ['py-vol'],
      [['py-vol', 4]],
      ['APIError', 409],
      ['NotFound', 404, 'get py-vol: no such volume'],
      0,
    ])
  })
  it('hears of what happens, and prunes what rests', async () => {
    const said = await py(`
events = client.events(decode=True, filters={'type': 'container', 'image': 'hello-world'})
one = client.containers.create('hello-world'); one.start(); one.wait()
client.containers.prune()
seen = []
for event in events:
    seen.append([event['Action'], event['status'], event['from'], event['id'] == one.id])
    if event['Action'] == 'destroy': break
events.close()
say(seen)
`)
    expect(said).toEqual([
      ['create', 'start', 'die', 'destroy'].map((action) => [action, action, 'hello-world', true]),
    ])
  })
  it('is told what was ignored, and what is refused', async () => {
    const said = await py(`
made = api.create_container('hello-world', host_config=api.create_host_config(privileged=True, cap_add=['ALL']))
say(made['Warnings']); api.remove_container(made)
say(failure(api.create_container, 'hello-world', host_config=api.create_host_config(pid_mode='host'))[1:])
say(failure(api.create_container, 'hello-world', host_config=api.create_host_config(devices=['/dev/null']))[1:])
`)
    const why = 'guests are WebAssembly programs in threads of this daemon'
    expect(said).toEqual([
      ['Privileged', 'CapAdd'].map(
        (name) => `${name} has no meaning for WebAssembly guests and was ignored.`,
      ),
      [400, `PidMode "host" is not supported: ${why}`],
      [400, `Devices is not supported: ${why}`],
    ])
  })
})

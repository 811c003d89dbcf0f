import { ID, notRun, type Row, refused, row } from './row.ts'

const GREETING = /^\nHello from bulkhead!\n/
/** Waits for a line of input, and so for as long as nobody is attached. */
const WAITING = `python -c 'print("got", input())'`
const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('')

/** docker run, and what it makes of its flags. */
export const RUNNING: readonly Row[] = [
  row('run hello-world', GREETING),
  row('run --rm --name first hello-world', GREETING),
  refused('container inspect first', 'No such container: first', 1, '[]\n'),
  row(`run --rm python -c 'import sys; sys.exit(3)'`, '', { code: 3 }),
  row(`run --rm python -c 'import sys; print("to stderr", file=sys.stderr)'`, '', {
    stderr: 'to stderr\n',
  }),
  row(`run --rm -i python -c 'print(input()[::-1])'`, 'cba\n', { stdin: 'abc\n' }),
  row('run --rm -t hello-world', /^\r\nHello from bulkhead!\r\n/),
  row('run --rm -it hello-world', '', { stderr: 'the input device is not a TTY\n', code: 1 }),
  row(
    `run --rm -e A=1 -e 'B=two words' python -c 'import os; print(os.environ["A"], os.environ["B"])'`,
    '1 two words\n',
  ),
  row(`run --rm -w /etc python -c 'print(open("passwd").read(4))'`, 'root\n'),
  row(
    `run --rm -u 1000:1001 python -c 'print(open("/proc/self/status").read().count("1000") > 0)'`,
    'True\n',
  ),
  row(`run --rm --hostname box python -c 'print(open("/etc/hostname").read().strip())'`, 'box\n'),
  row(`run --rm --read-only python -c 'open("/x", "w")'`, '', {
    stderr: /OSError: \[Errno \d+\] Read-only file system: '\/x'\n$/,
    code: 1,
  }),
  row(
    `run --rm --read-only --tmpfs /scratch:size=64k python -c 'open("/scratch/x", "w").write("y"); print("wrote")'`,
    'wrote\n',
  ),
  row(`run --rm -v data:/data python -c 'open("/data/f", "w").write("kept")'`),
  row(`run --rm -v data:/data:ro python -c 'print(open("/data/f").read())'`, 'kept\n'),
  row(
    `run --rm -v "$HOST/made:/host" python -c 'open("/host/f", "w").write("x"); print("ok")'`,
    'ok\n',
  ),
  row(`run --rm --memory 32m python -c 'x = bytearray(2 ** 27)'`, '', { code: 137 }),
  row(`run --rm --entrypoint /hello hello-world`, GREETING),
  row(
    `run --rm --init --cpus 0.5 --pids-limit 8 --stop-signal INT --stop-timeout 3 hello-world`,
    GREETING,
  ),
  row(
    `run -d --name waiting -i --label who=session --label-file /dev/null --hostname w ${WAITING}`,
    ID,
  ),
  row(
    `run -d --name limited --memory 64m --cpus 0.5 --pids-limit 8 --read-only --tmpfs /t:size=1m --stop-signal INT --stop-timeout 3 --init --restart on-failure:2 --workdir /tmp --user 5:6 -i ${WAITING}`,
    ID,
  ),
  row(
    `inspect --format '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.HostConfig.Init}}' limited`,
    '67108864 500000000 8 true on-failure 2 true\n',
  ),
  row(
    `inspect --format '{{.Config.User}} {{.Config.WorkingDir}} {{.Config.StopSignal}} {{.Config.StopTimeout}} {{.Path}} {{.State.Status}}' limited`,
    '5:6 /tmp INT 3 /bin/python running\n',
  ),
  row('stop limited', 'limited\n'),
  row(`inspect -f '{{.State.Status}} {{.State.ExitCode}}' limited`, 'exited 130\n'),
  row('rm limited', 'limited\n'),
  notRun('run --rm --pull never absent', 'No such image: absent:latest'),
  row('run --rm absent', '', {
    stderr:
      /^Unable to find image 'absent:latest' locally\ndocker: Error response from daemon: pull access denied for absent, repository does not exist or may require 'docker login'/,
    code: 125,
  }),
  notRun(
    'run --rm --entrypoint nope hello-world',
    'failed to create task for container: exec: "nope": executable file not found in $PATH',
    127,
  ),
  notRun(
    'run --rm --entrypoint /nope hello-world',
    'failed to create task for container: exec: "/nope": stat /nope: no such file or directory',
    127,
  ),
  notRun(
    'run --rm --entrypoint /etc hello-world',
    'failed to create task for container: exec: "/etc": is a directory: permission denied',
    126,
  ),
  notRun(
    'run --rm --entrypoint /etc/passwd hello-world',
    'failed to create task for container: exec: "/etc/passwd": permission denied',
    126,
  ),
  notRun(
    'run --rm --name - hello-world',
    'Invalid container name (-), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
  ),
  notRun(
    'run --rm -w here hello-world',
    "the working directory 'here' is invalid, it needs to be an absolute path",
  ),
  notRun('run --rm -m 1m hello-world', 'Minimum memory limit allowed is 6MB'),
  notRun(
    'run --rm -v v:/x hello-world',
    'create v: volume name is too short, names should be at least two alphanumeric characters',
  ),
  notRun(
    'run --rm --mount type=bind,src=/absent,dst=/x hello-world',
    'invalid mount config for type "bind": bind source path does not exist: /absent',
  ),
  notRun(
    'run --rm --mount type=tmpfs,dst=/x --mount type=tmpfs,dst=/x hello-world',
    'Duplicate mount point: /x',
  ),
  notRun(
    'run --rm --gpus all hello-world',
    'DeviceRequests (GPUs) is not supported: guests are WebAssembly programs in threads of this daemon',
  ),
  notRun(
    'run --rm --device /dev/null hello-world',
    'Devices is not supported: guests are WebAssembly programs in threads of this daemon',
  ),
  notRun(
    'run --rm --runtime runsc hello-world',
    'runtime "runsc" is not supported: guests are WebAssembly programs in threads of this daemon',
  ),
  notRun(
    'run --rm --pid host hello-world',
    'PidMode "host" is not supported: guests are WebAssembly programs in threads of this daemon',
  ),
  notRun(
    'run --rm --ipc host hello-world',
    'IpcMode "host" is not supported: guests are WebAssembly programs in threads of this daemon',
  ),
  notRun(
    'run --rm --log-driver syslog hello-world',
    "logger: no log driver named 'syslog' is registered",
  ),
  row(
    'run --rm --privileged --cap-add ALL --cap-drop NET_RAW --security-opt no-new-privileges hello-world',
    GREETING,
    {
      stderr: lines(
        ...['Privileged', 'CapAdd', 'CapDrop', 'SecurityOpt'].map(
          (name) => `WARNING: ${name} has no meaning for WebAssembly guests and was ignored.`,
        ),
      ),
    },
  ),
  row('run --nope hello-world', '', { stderr: /^unknown flag: --nope\n/, code: 125 }),
]

/** One container through the verbs of its life. */
export const LIVING: readonly Row[] = [
  row(
    `ps --filter name=waiting --format '{{.Names}} {{.Image}} {{.State}}'`,
    'waiting python running\n',
  ),
  row(`ps -q --no-trunc --filter label=who=session`, ID),
  row(`ps --filter status=paused --format '{{.Names}}'`),
  row(
    `ps --filter ancestor=python --filter status=running --format '{{.Names}} {{.Labels}}'`,
    'waiting who=session\n',
  ),
  row('ps -n 1 -q', /^[0-9a-f]{12}\n$/),
  row(
    'ps',
    /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\n[0-9a-f]{12} +python +"\/bin\/python -c 'pri…" .* Up .* waiting\n/,
  ),
  row('ps -s --filter name=waiting --format "{{.Size}}"', /^\d+B \(virtual 2\d\.\dMB\)\n$/),
  refused('ps --filter status=odd', "invalid filter 'status=odd'"),
  refused('ps --filter odd=1', "invalid filter 'odd'"),
  row(
    'top waiting',
    /^UID +PID +PPID +C +STIME +TTY +TIME +CMD\nroot +\d+ +0 .* \/bin\/python -c print\("got", input\(\)\)\n$/,
  ),
  row('top waiting -o pid,comm', /^PID +COMMAND\n\d+ +python\n$/),
  row('stats --no-stream --format "{{.Name}} {{.PIDs}} {{.NetIO}}" waiting', 'waiting 1 0B / 0B\n'),
  // This client ends at the third interrupt, whatever the daemon does.
  row('stats --format "{{.Name}} {{.PIDs}}" waiting', /waiting 1/, {
    until: /waiting 1/,
    code: 1,
    stderr: /^$|forcefully exiting/,
  }),
  row('pause waiting', 'waiting\n'),
  row(
    `inspect -f '{{.State.Status}} {{.State.Paused}} {{.State.Running}}' waiting`,
    'paused true true\n',
  ),
  row('pause waiting', '', {
    stderr: /^Error response from daemon: container [0-9a-f]{64} is already paused\n$/,
    code: 1,
  }),
  row('attach waiting', '', {
    stderr: 'You cannot attach to a paused container, unpause it first\n',
    code: 1,
  }),
  row('rm waiting', '', {
    stderr:
      'Error response from daemon: cannot remove container "waiting": container is paused and must be unpaused first\n',
    code: 1,
  }),
  row('start waiting', '', {
    stderr:
      'Error response from daemon: cannot start a paused container, try unpause instead\nError: failed to start containers: waiting\n',
    code: 1,
  }),
  row('unpause waiting', 'waiting\n'),
  row('unpause waiting', '', {
    stderr: /^Error response from daemon: Container [0-9a-f]{64} is not paused\n$/,
    code: 1,
  }),
  row('start waiting', 'waiting\n'),
  refused(
    'rm waiting',
    'cannot remove container "waiting": container is running: stop the container before removing or force remove',
  ),
  row('update --memory 64m --restart unless-stopped waiting', 'waiting\n'),
  row(
    `inspect -f '{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}' waiting`,
    '67108864 unless-stopped\n',
  ),
  row('update --restart no waiting', 'waiting\n'),
  row('rename waiting renamed'),
  refused('logs waiting', 'No such container: waiting'),
  row('rename renamed waiting'),
  row('port waiting'),
  // The end of this client's input ends its attachment, now or a moment later; the log has it all.
  row('attach waiting', /^(got a line\n)?$/, { stdin: 'a line\n' }),
  row('wait waiting', '0\n'),
  row('logs waiting', 'got a line\n'),
  row('start -a -i waiting', /^(got more\n)?$/, { stdin: 'more\n' }),
  row('wait waiting', '0\n'),
  row('logs --tail 1 waiting', 'got more\n'),
  row('logs --tail 0 waiting'),
  row('logs -f waiting', 'got a line\ngot more\n'),
  row('logs --timestamps --tail 1 waiting', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z got more\n$/),
  row('logs --since 1h --until 2100-01-01 waiting', 'got a line\ngot more\n'),
  row('logs --since 2100-01-01 waiting'),
  row('kill waiting', '', {
    stderr:
      /^Error response from daemon: cannot kill container: waiting: container [0-9a-f]{64} is not running\n$/,
    code: 1,
  }),
  row('pause waiting', '', {
    stderr: /^Error response from daemon: container [0-9a-f]{64} is not running\n$/,
    code: 1,
  }),
  row('attach waiting', '', {
    stderr: 'You cannot attach to a stopped container, start it first\n',
    code: 1,
  }),
  row('stop waiting', 'waiting\n'),
  row('restart waiting', 'waiting\n'),
  row('kill --signal NOPE waiting', '', {
    stderr: 'Error response from daemon: invalid signal: NOPE\n',
    code: 1,
  }),
  row('kill --signal CONT waiting', 'waiting\n'),
  row('kill waiting', 'waiting\n'),
  row('wait waiting', '137\n'),
  row(`ps -a --filter exited=137 --format '{{.Names}} {{.State}}'`, 'waiting exited\n'),
  row(`create --name second -i ${WAITING}`, ID),
  row('create --name second hello-world', '', {
    stderr:
      /^Error response from daemon: Conflict\. The container name "\/second" is already in use by container "[0-9a-f]{64}"\. You have to remove \(or rename\) that container to be able to reuse that name\.\n$/,
    code: 1,
  }),
  row(
    `ps -a --filter status=created --filter name=second --format '{{.Names}} {{.Status}}'`,
    'second Created\n',
  ),
  row(`ps -a --filter since=waiting --format '{{.Names}}'`, 'second\n'),
  row(`ps -a --filter before=second --filter name=waiting --format '{{.Names}}'`, 'waiting\n'),
  row('start second', 'second\n'),
  row('stop -t 0 second', 'second\n'),
  row(`inspect -f '{{.State.ExitCode}} {{.RestartCount}}' second`, '137 0\n'),
  row('rm -v second', 'second\n'),
  row('rm second', '', {
    stderr: 'Error response from daemon: No such container: second\n',
    code: 1,
  }),
  row('inspect second', '[]\n', { stderr: 'Error: No such object: second\n', code: 1 }),
  row(`run -d --name spin python -c 'while True: pass'`, ID),
  row('stop -t 2 spin', 'spin\n'),
  row(
    `inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}' spin`,
    'exited 137 false\n',
  ),
  row(
    `events --since 1 --filter container=spin --format '{{.Action}} {{.Actor.Attributes.signal}}'`,
    /kill 15\nkill 9\ndie <no value>\nstop <no value>\n$/,
    {
      until: /\nstop /,
      code: 130,
    },
  ),
  row('rm spin', 'spin\n'),
]

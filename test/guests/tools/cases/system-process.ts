import type { ToolCase } from '../tool-case.ts'

/** A process has its program's name only once that has begun. */
const UNTIL_NAMED = 'until [ "$(ps -o comm= -p $!)" = sleep ]; do :; done;'

const run = (name: string, script: string, expected?: ToolCase['expected']): ToolCase => ({
  name,
  script: script.replace(/sleep 3\d\d &/g, (start) => `${start} ${UNTIL_NAMED}`),
  ...(expected === undefined ? {} : { expected }),
})

export const PROCESS: readonly ToolCase[] = [
  run(
    'sleep of fractions and suffixes',
    'sleep 0.01; sleep 0; sleep .01s; sleep 0.0001m 0.00001h; echo $?',
  ),
  run(
    'sleep of nonsense',
    'sleep x; echo $?; sleep; echo $?; sleep 1y; echo $?; sleep -- -1; echo $?',
  ),
  run('sleep infinity ends by a signal', 'sleep infinity & kill $!; wait $!; echo $?'),
  run('usleep', 'usleep 1000; echo $?', { stdout: '0\n', exitCode: 0 }),
  run(
    'timeout of what ends',
    'timeout 10 true; echo $?; timeout 10 false; echo $?; timeout 10 sh -c "exit 7"; echo $?',
  ),
  run('timeout of what does not end', 'timeout 0.1 sleep 100; echo $?'),
  run(
    'timeout -s',
    'timeout -s INT 0.1 sleep 100; echo $?; timeout -s KILL 0.1 sleep 100 2>/dev/null; echo $?; timeout -s 9 0.1 sleep 100; echo $?',
  ),
  run(
    'timeout --preserve-status',
    'timeout --preserve-status 0.1 sleep 100; echo $?; timeout --preserve-status -s INT 0.1 sleep 100; echo $?',
  ),
  run(
    'timeout -k',
    'timeout -k 0.1 2 sh -c \'trap "" TERM; sleep 1; sleep 1; sleep 100\'; echo $?',
  ),
  run('timeout of 0 is none', 'timeout 0 sh -c "exit 3"; echo $?'),
  run(
    'timeout of what is not there',
    'timeout 1 no-such-tool; echo $?; : > f; chmod 644 f; timeout 1 ./f; echo $?',
  ),
  run(
    'timeout used badly',
    'timeout; echo $?; timeout 1; echo $?; timeout x true; echo $?; timeout -s nope 1 true; echo $?; timeout --nope 1 true 2>/dev/null; echo $?',
  ),
  run('timeout leaves input and output', 'echo text | timeout 5 cat'),
  run('nohup runs', 'nohup echo text; echo $?; nohup no-such-tool; echo $?; nohup; echo $?'),
  run('nohup ignores HUP', "nohup sh -c 'kill -HUP $$; echo alive'"),
  run('nice runs', 'nice -n 5 echo text; nice -n x true; echo $?; nice -n 1 no-such-tool; echo $?'),
  run('setsid runs', 'setsid -w sh -c "exit 3"; echo $?; setsid; echo $?'),
  run('env prints', 'env -i A=1 B=2 env'),
  run(
    'env runs',
    "env A=1 sh -c 'echo $A'; env -u HOME sh -c 'echo ${HOME-unset}'; env A=1 A=2 printenv A",
  ),
  run(
    'env -i',
    'A=1; export A; env -i PATH="$PATH" sh -c \'echo ${A-unset}\'; env - PATH="$PATH" printenv PATH | wc -l',
  ),
  run('env -C', 'mkdir d; env -C d ls ..; env -C none true; echo $?'),
  run('env -0', 'env -0 -i A=1 B=2 | od -c | head -n 1'),
  run(
    'env of what is not there',
    'env no-such-tool; echo $?; : > f; chmod 644 f; env ./f; echo $?; env -u; echo $?; env --nope 2>/dev/null; echo $?',
  ),
  run('printenv', 'A=1 printenv A; printenv NO_SUCH; echo $?; A=1 printenv A NO_SUCH; echo $?'),
  run(
    'pgrep finds',
    'sleep 321 & pgrep -f "sleep 32[1]" >/dev/null; echo $?; kill $!; pgrep no-such-process; echo $?',
  ),
  run('pgrep -P', 'sleep 322 & p=$!; test "$(pgrep -P $$ -x sleep)" = $p; echo $?; kill $p'),
  run(
    'pgrep -l and -a',
    'sleep 323 & pgrep -P $$ -l sleep | cut -d" " -f2; pgrep -P $$ -a sleep | cut -d" " -f2-; kill $!',
  ),
  run(
    'pgrep -n and -o',
    'sleep 324 & a=$!; sleep 0.05; sleep 325 & b=$!; test $(pgrep -P $$ -n sleep) = $b; echo $?; test $(pgrep -P $$ -o sleep) = $a; echo $?; kill $a $b',
  ),
  run('pgrep -x and -c', 'sleep 326 & pgrep -P $$ -x slee; echo $?; pgrep -P $$ -c slee; kill $!'),
  run('pgrep used badly', 'pgrep; echo $?; pgrep a b; echo $?; pgrep "[" ; echo $?'),
  run(
    'pkill kills',
    'sleep 327 & pkill -P $$ sleep; echo $?; wait $!; echo $?; pkill -P $$ sleep; echo $?',
  ),
  run(
    'pkill by signals',
    'sleep 328 & pkill -KILL -P $$ sleep; wait $!; echo $?; sleep 329 & pkill --signal USR1 -P $$ sleep; wait $!; echo $?; pkill -NOPE x 2>/dev/null; test $? -ne 0; echo $?',
  ),
  run(
    'killall',
    'cp "$(command -v sleep)" own-name 2>/dev/null; killall no-such-process; echo $?; killall; echo $?',
  ),
  run(
    'ps -p with columns',
    'ps -o pid= -p $$ | tr -d " " | grep -cx $$; ps -o ppid,pid -p $$ | wc -l',
  ),
  run(
    'ps titles',
    'ps -o pid,ppid,pgid,user,stat,time,etime,vsz,rss,tty,comm,args -p $$ | head -n 1 | tr -s " " | sed "s/^ //"',
  ),
  run(
    'ps -ef and aux titles',
    'ps -ef | head -n 1 | tr -s " "; ps aux | head -n 1 | tr -s " "; ps | head -n 1 | tr -s " "',
  ),
  run(
    'ps with own titles',
    'ps -o pid=NUMBER -o comm=NAME -p $$ | head -n 1 | tr -s " " | sed "s/^ //"',
  ),
  run(
    'ps finds what was started',
    "sleep 330 & ps -o args= -p $!; ps -eo pid,args | grep -c \"^ *$! [s]leep 330\"; ps -ef | awk -v p=$! '$2 == p { print $NF }'; ps aux | awk -v p=$! '$2 == p { print $NF }'; kill $!",
  ),
  run('ps -p of none', 'ps -p 999999999; echo $?', {
    stdout: '    PID TTY          TIME CMD\n1\n',
    exitCode: 0,
  }),
  run('ps used badly', 'ps -o no-such 2>/dev/null; echo $?', { stdout: '1\n', exitCode: 0 }),
  run('top -b -n', 'top -b -n 1 | grep -c "PID USER"; top -b -n 2 -d 0.05 | grep -c "^Tasks:"'),
  run(
    'top runs until TERM',
    'top -b -d 0.05 > out & p=$!; until [ $(grep -c Tasks: out) -gt 1 ]; do sleep 0.05; done; kill $p; wait $p; echo $?',
    { stdout: '143\n', exitCode: 0 },
  ),
  run(
    'time',
    'time -p true 2>&1 | cut -d" " -f1; command time -p sh -c "exit 3" 2>/dev/null; echo $?',
    { stdout: 'real\nuser\nsys\n3\n', exitCode: 0 },
  ),
  run(
    'watch repeats',
    'watch -t -n 0.1 echo tick > out & p=$!; until [ $(grep -c tick out) -gt 1 ]; do sleep 0.05; done; kill $p; wait $p; echo $?',
    { stdout: '0\n', exitCode: 0 },
  ),
  run(
    'stress ends in time',
    'stress --cpu 1 --vm 1 --vm-bytes 1M --timeout 1 | grep -c completed; stress; echo $?',
    { stdout: '1\n1\n', exitCode: 0 },
  ),
  run(
    'stress used badly',
    'stress --cpu x; echo $?; stress --cpu 99999; echo $?; stress --vm 1 --vm-bytes 0; echo $?',
    { stdout: '1\n1\n1\n', exitCode: 0 },
  ),
]

export const NAMES: readonly ToolCase[] = [
  run('id', 'id -u; id -g; id -un; id -gn; id -G | cut -d" " -f1', {
    stdout: '0\n0\nroot\nroot\n0\n',
    exitCode: 0,
  }),
  run('id of a user', 'id -u root; id root | cut -d" " -f1-2; id -u 0; id no-such-user; echo $?'),
  run(
    'id used badly',
    'id -u -g 2>/dev/null; echo $?; id -n 2>/dev/null; echo $?; id --nope 2>/dev/null; echo $?',
  ),
  run('whoami and groups', 'whoami; groups | cut -d" " -f1; whoami x; echo $?'),
  run(
    'uname',
    'uname; test "$(uname -n)" = "$(hostname)"; echo $?; uname -sn | wc -w; uname x; echo $?',
    { stdout: 'bulkhead\n0\n2\n1\n', exitCode: 0 },
  ),
  run('uname -a', 'test "$(uname -a | cut -d" " -f1-3)" = "$(uname -snr)"; echo $?'),
  run(
    'nproc',
    'test $(nproc) -ge 1; echo $?; nproc --ignore=1000; nproc --all | wc -l; nproc x; echo $?',
  ),
  run('tty', 'tty < /dev/null; echo $?; tty -s < /dev/null; echo $?'),
  run(
    'uptime',
    "uptime | grep -c 'load average: [0-9.]*, [0-9.]*, [0-9.]*$'; uptime -p | cut -c1-3; uptime -s | wc -c",
  ),
  run(
    'free',
    'free | head -n 1; free -b | cut -d: -f1 | tail -n 2; free -m | wc -l; free -t | tail -n 1 | cut -d: -f1',
  ),
  run('mount', 'mount | grep -c " on / type "', { stdout: '1\n', exitCode: 0 }),
  run('mount makes nothing', 'mkdir d; mount -t tmpfs none d 2>/dev/null; test $? -ne 0; echo $?', {
    stdout: '0\n',
    exitCode: 0,
  }),
  run('clear', 'clear | od -c', {
    stdout: '0000000 033   [   H 033   [   2   J 033   [   3   J\n0000013\n',
    exitCode: 0,
  }),
  run(
    'stty without a terminal',
    'stty -a < /dev/null; echo $?; stty size < /dev/null; echo $?; stty nope < /dev/null; echo $?',
  ),
  run(
    '--help of all is 0',
    'for t in ls cp rm find tar gzip ps date id env timeout stty dd; do $t --help > out 2>&1 || echo $t; test -s out || echo $t; done',
  ),
]

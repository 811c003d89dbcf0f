import { ID, notRun, type Row, row } from './row.ts'

/** Docker's client, where its output is to be this before it is interrupted. */
const heard = (command: string, all: RegExp): Row => row(command, all, { until: all, code: 130 })
const exitCode = (name: string, code: number): Row =>
  row(`inspect -f '{{.State.Status}} {{.State.ExitCode}}' ${name}`, `exited ${code}\n`)
const change = (status: string): Row =>
  heard(
    `events --since 1 --filter container=well --filter 'event=health_status: ${status}' --format '{{.Action}}'`,
    new RegExp(`^health_status: ${status}\\n`),
  )

const TRAPS = `trap "echo bye; exit 3" TERM; trap "echo one" USR1; echo up; while :; do sleep 0.1; done`
const CHECK = `test ! -e /tmp/ill && echo well | tr w W | grep -q Well`

/** Containers of more than one process: a shell, its pipelines, signals, checks, and terminals. */
export const PROCESSES: readonly Row[] = [
  row(`run --rm base sh -c 'seq 1 100000 | grep 7 | sort -rn | head -3'`, '99997\n99987\n99979\n'),
  row(`run --rm -i base sh -c 'tr a-z A-Z | sort -r'`, 'B\nA\n', { stdin: 'a\nb\n' }),
  row(`run --rm -t base sh -c 'test -t 0 && test -t 2 && echo $TERM'`, 'xterm\r\n'),
  row(`run --rm -a stdout base sh -c 'echo out; echo err >&2'`, 'out\n'),
  row(
    `run --rm --env-file "$HOST/env" -e C=3 -w /tmp -u nobody base sh -c 'echo $A $B $C $(pwd) $(id -un)'`,
    '1 two words 3 /tmp nobody\n',
  ),
  // Nobody inside can kill PID 1.
  row(`run --rm base sh -c 'kill -9 $$; echo lives'`, 'lives\n'),
  row(`run --rm --pids-limit 3 base sh -c 'cat | cat | cat | cat'`, '', {
    stderr: /^sh: 1: Cannot fork\n$/,
    code: 2,
  }),
  // PID 1 of a container hears only what it has a handler for, unless an init stands in front of it.
  row('run -d --init --name mild base sleep 600', ID),
  row('stop mild', 'mild\n'),
  exitCode('mild', 143),
  row('run -d --stop-timeout 0 --name hard base sleep 600', ID),
  row('stop hard', 'hard\n'),
  exitCode('hard', 137),
  row(`run -d --name trapped base sh -c '${TRAPS}'`, ID),
  heard('logs -f trapped', /^up\n/),
  row('kill -s USR1 trapped', 'trapped\n'),
  heard('logs -f trapped', /^up\none\n/),
  row('stop trapped', 'trapped\n'),
  exitCode('trapped', 3),
  row('logs trapped', 'up\none\nbye\n'),
  row('restart -t 0 trapped', 'trapped\n'),
  heard('logs -f --tail 1 trapped', /^up\n/),
  row('stop --signal USR1 -t 0 trapped', 'trapped\n'),
  exitCode('trapped', 137),
  row(
    `run -d --name well --health-cmd '${CHECK}' --health-interval 50ms --health-retries 2 --health-timeout 20s --health-start-period 1s base sleep 600`,
    ID,
  ),
  change('healthy'),
  row(
    `inspect -f '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{(index .State.Health.Log 0).ExitCode}}' well`,
    'healthy 0 0\n',
  ),
  row('exec well touch /tmp/ill'),
  change('unhealthy'),
  row(
    `ps --filter health=unhealthy --format '{{.Names}} {{.Status}}'`,
    /^well Up .* \(unhealthy\)\n$/,
  ),
  row(`exec well sh -c 'echo a b c | wc -w'`, '3\n'),
  row(`exec -i well sh -c 'sort | uniq -c | tr -s " "'`, ' 2 a\n 1 b\n', { stdin: 'a\nb\na\n' }),
  row('exec -t well sh -c "test -t 0 && test -t 1 && echo yes"', 'yes\r\n'),
  row(
    `exec -e A=1 --env-file "$HOST/env" -w /tmp -u nobody well sh -c 'echo $A $B $(pwd) $(id -un)'`,
    '1 two words /tmp nobody\n',
  ),
  row(`exec --privileged well sh -c 'exit 9'`, '', { code: 9 }),
  row(`exec -d well sh -c 'echo made | tr m M >/tmp/f'`),
  row(`exec well sh -c 'until test -s /tmp/f; do :; done; cat /tmp/f'`, 'Made\n'),
  row('exec -it well sh', '', { stderr: 'the input device is not a TTY\n', code: 1 }),
  row('rm -f well mild hard trapped', 'well\nmild\nhard\ntrapped\n'),
  row(`create -i --name asked base sh -c 'read -r a; echo "got $a" | tr a-z A-Z'`, ID),
  row('start -ai asked', 'GOT WORDS\n', { stdin: 'words\n' }),
  row('start asked', 'asked\n'),
  row('attach --detach-keys ctrl-a,x asked', /^(GOT MORE\n)?$/, { stdin: 'more\n' }),
  row('wait asked', '0\n'),
  row('logs --tail 1 asked', 'GOT MORE\n'),
  row('rm asked', 'asked\n'),
  notRun(
    'run --rm --health-cmd true --health-timeout 1us base true',
    'Timeout in Healthcheck cannot be less than 1ms',
  ),
]

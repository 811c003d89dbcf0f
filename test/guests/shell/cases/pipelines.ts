import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const pipelines: readonly ShellCase[] = [
  {
    name: 'two and three stages',
    script: sh`printf 'b\na\n' | sort; printf 'b\na\nb\n' | sort | uniq`,
  },
  {
    name: 'builtins as stages',
    script: sh`echo a | cat; echo a | { read x; echo "[$x]"; }`,
  },
  {
    name: 'status is of the last',
    script: sh`false | true; echo $?; true | false; echo $?`,
  },
  {
    name: 'negation',
    script: sh`! true; echo $?; ! false; echo $?; ! false | true; echo $?`,
  },
  {
    name: 'pipefail',
    script: sh`set -o pipefail; false | true; echo $?; (exit 3) | (exit 4) | true; echo $?; true | true; echo $?`,
    expected: { exitCode: 0, stdout: '1\n4\n0\n', because: 'dash has none' },
  },
  {
    name: 'a loop as a stage',
    script: sh`for i in 3 1 2; do echo $i; done | sort | while read x; do echo "<$x>"; done`,
  },
  {
    name: 'variables of a stage stay there',
    script: sh`x=1; echo 2 | read x; echo $x`,
  },
  {
    name: 'assignments inside a stage',
    script: sh`x=1; { x=2; echo $x; } | cat; echo $x`,
  },
  {
    name: 'newlines behind the bar',
    script: sh`echo a |

cat`,
  },
  {
    name: 'a function as a stage',
    script: sh`f() { while read l; do echo "f $l"; done; }; printf '1\n2\n' | f`,
  },
  {
    name: 'an early reader',
    script: sh`i=0; while [ $i -lt 5000 ]; do echo line$i; i=$((i+1)); done 2>/dev/null | head -n 1`,
  },
  {
    name: 'exit in a stage',
    script: sh`(echo a; exit 3; echo b) | cat; echo a | exit 5; echo $?`,
  },
  {
    name: 'a command that is not there as a stage',
    script: sh`nosuchcmd 2>/dev/null | cat; echo $?; echo a | nosuchcmd 2>/dev/null; echo $?`,
  },
  {
    name: 'redirections of stages',
    script: sh`echo a 2>&1 | cat >f; cat f; { echo e >&2; } 2>&1 | cat`,
  },
  {
    name: 'case and if as stages',
    script: sh`echo a | if read x; then echo "[$x]"; fi | cat; echo b | case x in x) cat;; esac`,
  },
  {
    name: 'a subshell as a stage',
    script: sh`(echo b; echo a) | (sort; echo end)`,
  },
  {
    name: 'positional parameters in stages',
    script: sh`set -- a b; echo $1 | cat; for i; do echo $i; done | cat`,
  },
  {
    name: 'long data',
    script: sh`i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done | cat | wc -c | tr -d ' '`,
  },
  {
    name: 'assignments in front of a stage',
    script: sh`x=1 env | grep '^x='; echo a | x=2 cat`,
  },
  {
    name: 'output of printf with a bar',
    script: sh`printf '%s\n' a b c | { read x; cat; echo $x; }`,
  },
  {
    name: 'ten stages',
    script: sh`echo a | cat | cat | cat | cat | cat | cat | cat | cat | cat`,
  },
  {
    name: 'dollar dollar in a stage',
    script: sh`echo $$ | { read x; [ $x = $$ ] && echo same; }`,
  },
  {
    name: 'errexit and pipelines',
    script: sh`set -e; false | true; echo a; (set -e; true | false; echo no); echo $?`,
  },
  {
    name: 'negated pipelines and errexit',
    script: sh`set -e; ! true; echo a; ! true | true; echo b`,
  },
  {
    name: 'a stage that reads nothing',
    script: sh`echo a | true; echo $?`,
  },
  {
    name: 'status in the next command',
    script: sh`echo a | grep -q b; echo $?; echo a | grep -q a; echo $?`,
  },
]

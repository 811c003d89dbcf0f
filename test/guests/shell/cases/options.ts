import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const options: readonly ShellCase[] = [
  {
    name: 'errexit ends the shell',
    script: sh`set -e; echo a; false; echo no`,
  },
  {
    name: 'errexit and conditions',
    script: sh`set -e; if false; then :; fi; while false; do :; done; false || true; false && true; ! true; echo alive`,
  },
  {
    name: 'errexit in the last of an and-list',
    script: sh`set -e; true && false; echo no`,
  },
  {
    name: 'errexit and functions',
    script: sh`set -e; f() { false; echo in; }; f || echo or; f; echo no`,
  },
  {
    name: 'errexit and functions in conditions',
    script: sh`set -e; f() { false; echo in; }; if f; then echo yes; fi; f && echo and; echo end`,
  },
  {
    name: 'errexit and subshells',
    script: sh`set -e; (false; echo no) || echo or; (false); echo no`,
  },
  {
    name: "errexit in a subshell's condition",
    script: sh`set -e; if (false; echo in); then echo yes; fi`,
  },
  {
    name: 'errexit and substitutions',
    script: sh`set -e; x=$(false; echo no); echo after`,
  },
  {
    name: 'errexit and a substitution as an argument',
    script: sh`set -e; echo $(false) a`,
  },
  {
    name: 'errexit and assignments',
    script: sh`set -e; x=$(true); echo a; x=$(exit 3); echo no`,
  },
  {
    name: 'errexit and pipelines',
    script: sh`set -e; false | true; echo a; true | false; echo no`,
  },
  {
    name: 'errexit and loops',
    script: sh`set -e; for i in 1 2; do echo $i; [ $i = 2 ] && false; done; echo no`,
  },
  {
    name: 'errexit and a case',
    script: sh`set -e; case a in a) false;; esac; echo no`,
  },
  {
    name: 'errexit and a group',
    script: sh`set -e; { false; echo no; } || echo or; { true; false; }; echo no`,
  },
  {
    name: 'errexit status',
    script: sh`(set -e; (exit 5); echo no); echo $?`,
  },
  {
    name: 'errexit off again',
    script: sh`set -e; set +e; false; echo a`,
  },
  {
    name: 'errexit in eval and dot',
    script: sh`(set -e; eval false; echo no); echo $?; echo false >f; (set -e; . ./f; echo no); echo $?`,
  },
  {
    name: 'errexit by the command line',
    script: sh`sh -ec 'false; echo no'; echo $?; sh -e -c 'true; echo yes'`,
  },
  {
    name: 'nounset ends the shell',
    script: sh`(set -u; echo $nope; echo no) 2>/dev/null; echo $?`,
  },
  {
    name: 'noexec',
    script: sh`sh -nc 'echo no'; echo $?; sh -nc 'if' 2>/dev/null; echo $?`,
  },
  {
    name: 'allexport',
    script: sh`set -a; x=1; set +a; y=2; env | grep '^[xy]='`,
  },
  {
    name: 'xtrace goes to standard error',
    script: sh`(set -x; echo a) 2>/dev/null; (set -x; echo a b) 2>&1 >/dev/null`,
  },
  {
    name: 'xtrace with PS4',
    script: sh`(PS4='> '; set -x; : a) 2>&1`,
  },
  {
    name: 'verbose',
    script: sh`printf 'echo a\n' >f; sh -v f 2>&1`,
  },
  {
    name: 'dollar dash',
    script: sh`set -ef; case $- in *e*) case $- in *f*) echo both;; esac;; esac; set +e; case $- in *e*) ;; *) echo gone;; esac`,
  },
  {
    name: 'options by name',
    script: sh`set -o noglob; echo *; set +o noglob; set -o errexit; set +o errexit; echo $?`,
  },
  {
    name: 'set -o prints',
    script: sh`set -o | grep -c noglob`,
  },
  {
    name: 'set +o can be read again',
    script: sh`set -f; x=$(set +o); set +f; eval "$x"; echo *`,
  },
  {
    name: 'an option that is none',
    script: sh`(set -o nope; echo no) 2>/dev/null; echo $?; (set -Z) 2>/dev/null; echo $?`,
  },
  {
    name: 'options and parameters at once',
    script: sh`set -f -- a b; echo $# *; set +f c; echo $1`,
  },
  {
    name: 'dash c with a name and arguments',
    script: sh`sh -c 'echo $0 $1 $#' name a b; sh -c 'echo $#'`,
  },
  {
    name: 'dash s with arguments',
    script: sh`echo 'echo $1 $#' | sh -s a b`,
  },
  {
    name: 'standard input as a script',
    script: sh`printf 'echo a\nread x\nline\necho $x\n' | sh`,
    expected: { exitCode: 0, stdout: 'a\nline\n', because: 'dash reads ahead, POSIX forbids it' },
  },
  {
    name: 'a file with arguments',
    script: sh`echo 'echo $0 $1 $#' >f; sh f a b; sh ./f`,
  },
  {
    name: 'a file that is not there',
    script: sh`sh ./nope 2>/dev/null; echo $?`,
    expected: { exitCode: 0, stdout: '127\n', because: 'dash gives 2, POSIX 127' },
  },
  {
    name: 'options in front of a file',
    script: sh`echo 'false; echo no' >f; sh -e f; echo $?`,
  },
  {
    name: 'monitor without a terminal',
    script: sh`set -m; (exit 3) & wait $!; echo $?`,
  },
  {
    name: 'noclobber by name',
    script: sh`set -o noclobber; echo a >f; (echo b >f) 2>/dev/null; cat f`,
  },
  {
    name: 'a plus turns off at the start',
    script: sh`sh +e -c 'false; echo on'`,
  },
  {
    name: 'errexit and negation',
    script: sh`set -e; ! false; echo a`,
  },
  {
    name: 'errexit and the right of or',
    script: sh`set -e; false || false; echo no`,
  },
  {
    name: 'errexit in functions of a substitution',
    script: sh`set -e; f() { false; echo f; }; x=$(f) || echo or; echo "[$x]"`,
  },
]

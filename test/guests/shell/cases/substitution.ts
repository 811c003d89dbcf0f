import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const substitution: readonly ShellCase[] = [
  {
    name: 'the last newlines go',
    script: sh`x=$(printf 'a\n\n\n'); echo "[$x]"`,
  },
  {
    name: 'newlines inside stay in quotes',
    script: sh`x=$(printf 'a\n\nb\n'); echo "$x"; echo $x`,
  },
  {
    name: 'nested',
    script: sh`echo $(echo a $(echo b $(echo c)))`,
  },
  {
    name: 'backquotes nested',
    script: 'echo `echo a \\`echo b\\``',
  },
  {
    name: 'status of an assignment is that of the substitution',
    script: sh`x=$(exit 3); echo $?; x=$(true); echo $?`,
  },
  {
    name: 'status of a command with a substitution is its own',
    script: sh`echo $(exit 3); echo $?`,
  },
  {
    name: 'a subshell does not change the shell',
    script: sh`x=1; y=$(x=2; echo $x); echo $x $y`,
  },
  {
    name: 'cd inside does not move the shell',
    script: sh`mkdir d; x=$(cd d && pwd); [ "\${x##*/}" = d ] && echo in; [ -d d ] && echo out`,
  },
  {
    name: 'a case inside',
    script: sh`x=$(case a in a) echo one;; (b) echo two;; esac); echo $x`,
  },
  {
    name: 'a comment with a parenthesis',
    script: sh`x=$(echo a # )
echo b); echo $x`,
  },
  {
    name: 'quotes inside do not end the outer ones',
    script: sh`echo "$(echo "a  b")" '$(echo c)'`,
  },
  {
    name: 'a here-document inside',
    script: sh`x=$(cat <<E
a $((1+1))
E
); echo "$x"`,
  },
  {
    name: 'a pipeline inside',
    script: sh`echo $(printf 'b\na\n' | sort)`,
  },
  {
    name: 'a loop inside',
    script: sh`echo $(for i in 1 2 3; do echo $i; done)`,
  },
  {
    name: 'a function inside',
    script: sh`f() { echo "f:$1"; }; x=$(f a); echo $x`,
  },
  {
    name: 'functions and variables reach processes inside',
    script: sh`f() { echo "$v:$1"; }; v=1; echo $(f a | cat) $( (f b) )`,
  },
  {
    name: 'exit inside ends the inside only',
    script: sh`x=$(echo a; exit 4; echo b); echo $? $x`,
  },
  {
    name: 'empty',
    script: sh`x=$(); echo "[$x]"; x=$( ); echo "[$x]"; $(:); echo $?`,
  },
  {
    name: 'nothing but a redirection inside',
    script: sh`echo a >f; x=$(<f); echo "[$x]"`,
  },
  {
    name: "the command's name out of a substitution",
    script: sh`$(echo echo) hi`,
  },
  {
    name: 'a name out of nothing keeps the status',
    script: sh`$(false); echo $?; $(true); echo $?`,
  },
  {
    name: 'standard error is not taken',
    script: sh`x=$(echo out; echo err >&2) 2>/dev/null; echo "$x"`,
  },
  {
    name: 'standard error taken too',
    script: sh`x=$( (echo out; echo err >&2) 2>&1 ); echo "$x"`,
  },
  {
    name: 'positional parameters inside',
    script: sh`set -- a b; echo $(echo $# $1; shift; echo $1) $#`,
  },
  {
    name: 'the value is split',
    script: sh`x='a b'; set -- $(echo $x c); echo $#`,
  },
  {
    name: 'the value in quotes is not',
    script: sh`set -- "$(echo a b)"; echo $#`,
  },
  {
    name: 'status inside begins as outside',
    script: sh`false; echo $(echo $?)`,
  },
  {
    name: 'a trap on exit inside runs inside',
    script: sh`x=$(trap 'echo bye' EXIT; echo hi); echo $x`,
  },
  {
    name: 'the exit trap of the shell does not run inside',
    script: sh`trap 'echo outer' EXIT; x=$(echo in); echo $x`,
  },
  {
    name: 'options inside',
    script: sh`set -f; echo $(echo *); set +f`,
  },
  {
    name: "return inside a function's substitution",
    script: sh`f() { x=$(return 5); echo $?; }; f`,
  },
  {
    name: 'assignments to several variables',
    script: sh`a=$(echo 1) b=$(echo 2); echo $a $b`,
  },
  {
    name: 'big output',
    script: sh`x=$(i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done); echo \${#x}`,
  },
  {
    name: 'big output through a pipe',
    script: sh`x=$(i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done | cat); echo \${#x}`,
  },
  {
    name: 'a background process inside',
    script: sh`echo $(echo a & wait)`,
  },
  {
    name: "dollar dollar is the shell's own inside",
    script: sh`[ $(echo $$) = $$ ] && echo same; [ $( (echo $$) | cat) = $$ ] && echo same`,
  },
  {
    name: 'set inside is not outside',
    script: sh`echo $(set -- x y; echo $#) $#`,
  },
  {
    name: 'two levels with quotes in quotes',
    script: sh`echo "a$(echo "b$(echo "c d")e")f"`,
  },
  {
    name: 'local variables are seen inside',
    script: sh`f() { local v=in; echo $(echo $v | cat); }; v=out; f; echo $v`,
  },
  {
    name: 'variables that are not exported are seen inside and not by programs',
    script: sh`v=1; echo $(echo $v | cat) $(env | grep -c '^v=')`,
  },
  {
    name: 'unset variables stay unset',
    script: sh`v=1; echo $(unset v; echo \${v-none}) $v`,
  },
]

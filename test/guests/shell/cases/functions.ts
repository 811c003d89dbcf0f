import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const functions: readonly ShellCase[] = [
  {
    name: 'arguments and status',
    script: sh`f() { echo "$# $1 $2"; return 3; }; f a 'b c'; echo $?`,
  },
  {
    name: 'the parameters come back',
    script: sh`set -- x; f() { set -- 1 2; echo $#; }; f; echo $# $1`,
  },
  {
    name: 'return without a number',
    script: sh`f() { false; return; }; f; echo $?; g() { true; return; }; g; echo $?`,
  },
  {
    name: 'return ends loops and groups',
    script: sh`f() { for i in 1 2; do { return $i; }; done; }; f; echo $?`,
  },
  {
    name: 'local',
    script: sh`f() { local x=2 y; echo $x; x=3; }; x=1; f; echo $x`,
  },
  {
    name: 'local keeps what is outside until set',
    script: sh`x=1; f() { local x; echo "[$x]"; x=2; g; }; g() { echo "$x"; x=4; }; f; echo $x`,
  },
  {
    name: 'local in nested calls',
    script: sh`f() { local n=$1; [ $n -gt 0 ] && f $((n-1)); echo $n; }; f 3`,
  },
  {
    name: 'recursion',
    script: sh`fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 6`,
  },
  {
    name: 'a function over a builtin',
    script: sh`echo() { printf 'my %s\n' "$1"; }; echo a; command echo b; unset -f echo; echo c`,
  },
  {
    name: 'a function over a program',
    script: sh`ls() { echo mine; }; ls; unset -f ls; touch f; ls`,
  },
  {
    name: 'a definition in a function',
    script: sh`f() { g() { echo g; }; }; f; g`,
  },
  {
    name: 'a definition again',
    script: sh`f() { echo 1; }; f; f() { echo 2; }; f`,
  },
  {
    name: 'a function that removes itself',
    script: sh`f() { unset -f f; echo still; }; f; f 2>/dev/null; echo $?`,
  },
  {
    name: 'a function that defines itself anew',
    script: sh`f() { f() { echo new; }; echo old; }; f; f`,
  },
  {
    name: 'assignments in front',
    script: sh`f() { echo $x; }; x=1; x=2 f; echo $x`,
  },
  {
    name: 'assignments in front reach programs',
    script: sh`f() { env | grep '^x='; }; x=1 f`,
  },
  {
    name: 'name with the body on other lines',
    script: sh`f()
{
  echo a
}
f`,
  },
  {
    name: 'the body may be any compound',
    script: sh`f() (x=2; echo $x); x=1; f; echo $x; g() if true; then echo if; fi; g; h() for i in 1 2; do echo $i; done; h`,
  },
  {
    name: 'redirections of a definition',
    script: sh`f() { cat; } <<E
text
E
f; f`,
  },
  {
    name: "dollar zero is the shell's",
    script: sh`f() { echo $0; }; f`,
  },
  {
    name: 'shift in a function',
    script: sh`f() { shift; echo $1; }; set -- x; f a b; echo $1`,
  },
  {
    name: 'unset of a variable and a function of one name',
    script: sh`x=1; x() { echo fn; }; unset x; x; echo \${x-unset}; unset -f x; x 2>/dev/null; echo $?`,
  },
  {
    name: 'status of a definition',
    script: sh`false; f() { false; }; echo $?`,
  },
  {
    name: 'a function in a pipeline sees its parameters',
    script: sh`f() { echo "$@" | cat; }; f a b`,
  },
  {
    name: 'functions in substitutions in functions',
    script: sh`f() { echo $(g $1)x; }; g() { echo $(h $1)y; }; h() { echo \${1}z; }; f a`,
  },
  {
    name: 'special builtins come before functions',
    script: sh`(eval 'return() { echo no; }'; f() { return 4; }; f; echo $?) 2>/dev/null | tail -n 1`,
    expected: { exitCode: 0, stdout: '4\n', because: 'dash refuses the definition' },
  },
  {
    name: 'local of several, with splitting',
    script: sh`f() { local a=1 b="2 3"; echo "$a|$b"; }; f`,
  },
  {
    name: 'local ends with an error too',
    script: sh`f() { local x=2; false; }; x=1; f; echo $? $x`,
  },
  {
    name: 'many calls',
    script: sh`f() { n=$((n+1)); }; n=0; i=0; while [ $i -lt 3000 ]; do f; i=$((i+1)); done; echo $n`,
  },
  {
    name: 'a here-document in a function is kept',
    script: sh`f() {
cat <<E
$1
E
}
f a; f b; (f c) | cat`,
  },
  {
    name: 'all compounds reach a subshell',
    script: sh`f() { if [ $1 = 1 ]; then echo one; elif [ $1 = 2 ]; then echo two; else for i in a b; do case $i in a|x) echo A ;; *) until false; do break; done ;; esac; done; fi; }
(f 1; f 2; f 3) | cat`,
  },
  {
    name: 'all quoting reaches a subshell',
    script:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
      'f() { printf \'[%s]\' \'a b\' "c $1" d\\ e "`echo f`" "$(echo "g h")" "${1#\'x\'}" "${u:-"i j"}" ${u:-\'k l\'} $((1+2)) "\\$\\`\\"\\\\" ~root \'\' ""; echo; }\n(f xy) | cat',
  },
  {
    name: 'all redirections reach a subshell',
    script: sh`f() { { echo a; echo b >&2; } >f 2>&1; cat <f >>g; cat 0<g 2>/dev/null 3>&1; }
(f) | cat`,
  },
  {
    name: 'negation and background reach a subshell',
    script: sh`f() { ! false; echo $?; echo x & wait; echo a && ! true || echo b; }
(f) | cat`,
  },
  {
    name: "a function with a name of keywords' letters",
    script: sh`iff() { echo a; }; iff; done_() { echo b; }; done_`,
  },
]

import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const redirection: readonly ShellCase[] = [
  {
    name: 'output to a file and append',
    script: sh`echo a >f; echo b >>f; cat f; echo c >f; cat f`,
  },
  {
    name: 'input',
    script: sh`echo a >f; cat <f; read x <f; echo $x`,
  },
  {
    name: 'order matters',
    script: sh`{ echo out; echo err >&2; } >f 2>&1; cat f; { echo out; echo err >&2; } 2>&1 >g; cat g`,
  },
  {
    name: 'descriptors by number',
    script: sh`exec 3>f; echo a >&3; exec 3>&-; cat f`,
  },
  {
    name: 'reading a descriptor line by line',
    script: sh`printf 'a\nb\nc\n' >f; exec 4<f; read x <&4; read y <&4; echo $x $y; exec 4<&-`,
  },
  {
    name: 'closing',
    script: sh`{ echo a >&2; } 2>&-; echo $?; (echo a >&-) 2>/dev/null; echo $?`,
  },
  {
    name: 'a descriptor that is not open',
    script: sh`(echo a >&7) 2>/dev/null; echo $?`,
  },
  {
    name: 'read and write',
    script: sh`echo abc >f; { read x; echo $x; } <>f`,
  },
  {
    name: 'noclobber',
    script: sh`set -C; echo a >f; (echo b >f) 2>/dev/null; echo $?; echo c >|f; cat f; echo d >>f; cat f`,
  },
  {
    name: 'noclobber and devices',
    script: sh`set -C; echo a >/dev/null; echo $?`,
  },
  {
    name: 'a redirection alone creates the file',
    script: sh`>f; [ -f f ] && echo made; [ -s f ] || echo empty`,
  },
  {
    name: 'a file that is not there',
    script: sh`cat <nope 2>/dev/null; echo $?; echo after`,
  },
  {
    name: 'a directory that is not there',
    script: sh`(echo a >nope/f) 2>/dev/null; echo $?`,
  },
  {
    name: 'failure before a special builtin ends the shell',
    script: sh`(: <nope; echo no) 2>/dev/null; echo $?`,
  },
  {
    name: 'failure before another builtin does not',
    script: sh`(echo a <nope; echo yes) 2>/dev/null; echo $?`,
  },
  {
    name: 'around a group',
    script: sh`{ echo a; echo b; } >f; cat f`,
  },
  {
    name: 'around a loop',
    script: sh`for i in 1 2; do echo $i; done >f; while read x; do echo "got $x"; done <f`,
  },
  {
    name: "around a function's definition",
    script: sh`f() { echo a; echo b >&2; } >out 2>&1; f; cat out`,
  },
  {
    name: 'around a subshell',
    script: sh`(echo a; echo b) >f; cat f`,
  },
  {
    name: 'around an if and a case',
    script: sh`if true; then echo a; fi >f; case x in x) echo b;; esac >>f; cat f`,
  },
  {
    name: 'expansions in the target',
    script: sh`n=f; echo a >$n.1; cat f.1; echo b >"$n 2"; cat 'f 2'`,
  },
  {
    name: 'a here-document is expanded',
    script: sh`x=1; cat <<E
$x $((x+1)) $(echo s) \`echo b\` \$x
E`,
  },
  {
    name: 'a quoted delimiter keeps the text',
    script: sh`x=1; cat <<'E'
$x $((x+1)) \n
E`,
  },
  {
    name: 'a delimiter quoted otherwise',
    script: sh`x=1; cat <<\E
$x
E
cat <<"E F"
$x
E F`,
  },
  {
    name: 'tabs are stripped',
    script: sh`cat <<-E
	a
		b
	E`,
  },
  {
    name: 'two here-documents on a line',
    script: sh`cat <<A; cat <<B
a
A
b
B`,
  },
  {
    name: 'a here-document in a pipeline',
    script: sh`cat <<E | tr a-z A-Z
abc
E`,
  },
  {
    name: 'a here-document for a descriptor',
    script: sh`exec 3<<E
a
b
E
read x <&3; read y <&3; echo $x $y`,
  },
  {
    name: 'a here-document for a loop and a function',
    script: sh`f() { cat; }
f <<E
in f
E
while read l; do echo "[$l]"; done <<E
1
2
E`,
  },
  {
    name: 'a here-document without its end',
    script: sh`cat <<E
a`,
  },
  {
    name: 'a here-document with quotes in it',
    script: sh`cat <<E
"a" 'b' \${x:-"c"} \${x:-'d'}
E`,
  },
  {
    name: 'a long here-document',
    script: sh`x=$(i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done)
cat <<E | wc -l | tr -d ' '
$x
E`,
  },
  {
    name: 'a here-document in a substitution in a here-document',
    script: sh`cat <<A
a $(cat <<B
b
B
) c
A`,
  },
  {
    name: 'moving a descriptor around',
    script: sh`{ echo a; echo b >&2; } 3>&1 1>&2 2>&3 3>&- | cat 2>/dev/null`,
  },
  {
    name: 'several redirections of one descriptor',
    script: sh`echo a >f >g; cat f; cat g`,
  },
  {
    name: 'redirections in front of the command',
    script: sh`>f echo a; <f cat; 2>/dev/null >g echo b; cat g`,
  },
  {
    name: 'saved descriptors come back',
    script: sh`{ echo a >f; echo b; } ; cat f; echo c`,
  },
  {
    name: 'exec redirects for good',
    script: sh`(exec >f; echo a; echo b); cat f`,
  },
  {
    name: 'builtins write where they are told',
    script: sh`pwd >f; [ -s f ] && echo ok; echo a 3>&1 >&3`,
  },
  {
    name: 'no field splitting in the target',
    script: sh`x='a b'; echo c >$x; ls`,
  },
  {
    name: 'input of a background process',
    script: sh`(cat; echo done) & wait`,
  },
  {
    name: 'an assignment with a redirection',
    script: sh`x=1 >f; echo $x; [ -f f ] && echo made`,
  },
  {
    name: 'a number behind a word is no descriptor',
    script: sh`echo a2>f; cat f; echo 2 >f; cat f`,
  },
  {
    name: 'append to standard output of the shell',
    script: sh`exec 5>&1; echo a >&5; (echo b >&5); exec 5>&-`,
  },
  {
    name: "dup to a variable's descriptor",
    script: sh`n=1; echo a >&$n; exec 3>f; m=3; echo b >&$m; cat f`,
  },
]

import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const compounds: readonly ShellCase[] = [
  {
    name: 'if, elif, else',
    script: sh`for x in 1 2 3; do if [ $x = 1 ]; then echo one; elif [ $x = 2 ]; then echo two; else echo many; fi; done`,
  },
  {
    name: 'an if without a branch taken is 0',
    script: sh`false; if false; then :; fi; echo $?`,
  },
  {
    name: 'while and until',
    script: sh`i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done; until [ $i = 0 ]; do i=$((i-1)); done; echo $i`,
  },
  {
    name: 'a loop that never runs is 0',
    script: sh`false; while false; do :; done; echo $?; for i in; do :; done; echo $?`,
  },
  {
    name: 'status of a loop',
    script: sh`for i in 1 2; do false; done; echo $?; i=0; while [ $i = 0 ]; do i=1; (exit 4); done; echo $?`,
  },
  {
    name: 'break and continue',
    script: sh`for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done`,
  },
  {
    name: 'break and continue by number',
    script: sh`for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; echo no; done; for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j`,
  },
  {
    name: "break in a while's condition",
    script: sh`while break; do echo no; done; echo after`,
  },
  {
    name: 'break beyond the loops',
    script: sh`for i in 1 2; do break 9; done; echo $i`,
  },
  {
    name: 'for over parameters',
    script: sh`set -- a 'b c'; for i do echo "[$i]"; done; for i; do echo "<$i>"; done; for i in "$@"; do echo "$i"; done`,
  },
  {
    name: 'for over lines',
    script: sh`for i in a \
b
do echo $i
done`,
  },
  {
    name: 'the variable stays behind the loop',
    script: sh`for i in 1 2 3; do :; done; echo $i`,
  },
  {
    name: 'case',
    script: sh`for x in a b.c d 1 ''; do case $x in a) echo A;; *.c|*.h) echo C;; [0-9]) echo N;; '') echo E;; *) echo other;; esac; done`,
  },
  {
    name: 'case with parentheses and no items',
    script: sh`case a in (a) echo one;; (b) echo two;; esac; case a in esac; echo $?`,
  },
  {
    name: 'case without a match is 0',
    script: sh`false; case a in b) :;; esac; echo $?`,
  },
  {
    name: 'an empty item',
    script: sh`false; case a in a) ;; esac; echo $?`,
  },
  {
    name: 'case: the last item without its end',
    script: sh`case a in a) echo x
esac`,
  },
  {
    name: 'case with expansions',
    script: sh`x=a; p='[a-c]'; case $x in $p) echo pattern;; esac; case $x in "$p") echo text;; *) echo other;; esac`,
  },
  {
    name: 'case with alternatives over lines',
    script: sh`case b in
  a | b \
  | c ) echo abc ;;
esac`,
  },
  {
    name: 'case takes the first',
    script: sh`case a in a) echo 1;; a) echo 2;; esac`,
  },
  {
    name: 'case is not split',
    script: sh`x='a b'; case $x in 'a b') echo ok;; esac`,
  },
  {
    name: 'fall through',
    script: sh`case a in a) echo 1;& b) echo 2;; c) echo 3;; esac`,
    expected: { exitCode: 0, stdout: '1\n2\n', because: 'dash has no ;&' },
  },
  {
    name: 'groups and subshells',
    script: sh`x=1; { x=2; }; echo $x; (x=3; echo $x); echo $x`,
  },
  {
    name: 'nested compounds',
    script: sh`if { (true); }; then while :; do for i in 1; do case $i in 1) break 2;; esac; done; done; fi; echo $i`,
  },
  {
    name: 'a group needs its blank and semicolon',
    script: sh`{ echo a; }; { echo b
}`,
  },
  {
    name: 'subshells nest',
    script: sh`(((echo a))); ( (echo b); echo c )`,
  },
  {
    name: 'exit in a subshell',
    script: sh`(exit 5); echo $?`,
  },
  {
    name: "a subshell's status is of its last command",
    script: sh`(false; true); echo $?; (true; false); echo $?`,
  },
  {
    name: 'keywords as arguments',
    script: sh`echo if then fi while do done case esac for in { } !`,
  },
  {
    name: 'keywords as values and names',
    script: sh`for in in in; do echo $in; done; if=1; echo $if`,
  },
  {
    name: 'case on keywords',
    script: sh`case in in in) echo in;; esac; case if in if) echo if;; esac`,
  },
  {
    name: 'semicolons and newlines anywhere',
    script: sh`if
true
then
echo a

fi
for i in 1
do


echo $i
done`,
  },
  {
    name: 'variables set in loops stay',
    script: sh`i=0; for x in a b; do i=$((i+1)); done; echo $i; while [ $i -gt 0 ]; do i=$((i-1)); y=$i; done; echo $y`,
  },
  {
    name: 'redirections behind done',
    script: sh`for i in 1 2; do echo $i; done | while read x; do echo $x; done >f; cat f`,
  },
  {
    name: 'deep nesting',
    script: sh`if true; then if true; then if true; then if true; then echo deep; fi; fi; fi; fi`,
  },
  {
    name: 'a loop in a subshell with break',
    script: sh`for i in 1 2; do (for j in 1 2; do break; done; echo $j); done`,
  },
  {
    name: 'a long loop',
    script: sh`i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $i`,
  },
  {
    name: 'the directory of a subshell is its own',
    script: sh`mkdir d; (cd d; touch x); ls d; [ -d d ] && echo here`,
  },
  {
    name: 'functions, aliases and options reach a subshell',
    script: sh`f() { echo f; }; set -f; (f; echo *); set +f`,
  },
  {
    name: 'read only variables reach a subshell',
    script: sh`readonly r=1; (r=2; echo no) 2>/dev/null; echo $? $r`,
  },
  {
    name: 'arrays of parameters with odd characters reach a subshell',
    script: sh`set -- "a'b" 'c"d' 'e
f' '\' '$x'; (printf '[%s]' "$@"; echo) | cat`,
  },
  {
    name: 'variables with odd characters reach a subshell',
    script: 'v="it\'s\na \\$x \\`y\\` \\\\"; (printf \'%s\\n\' "$v") | cat',
  },
]

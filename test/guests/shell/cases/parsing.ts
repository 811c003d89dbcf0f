import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const parsing: readonly ShellCase[] = [
  {
    name: 'blanks and tabs between words',
    script: sh`echo	a   b	 c`,
  },
  {
    name: 'empty lines and comments',
    script: sh`# one

   # two
echo a # three
`,
  },
  {
    name: 'semicolon right behind',
    script: sh`echo a;echo b;(echo c);{ echo d;}`,
  },
  {
    name: 'operators without blanks',
    script: sh`true&&echo a||echo b;false||echo c`,
  },
  {
    name: 'reserved words only where commands begin',
    script: sh`echo then; x=if; echo $x; case do in do) echo done;; esac`,
  },
  {
    name: 'an assignment needs a name',
    script: sh`1x=a 2>/dev/null; echo $?; 'x'=1 2>/dev/null; echo $?`,
  },
  {
    name: 'assignments before and behind the command',
    script: sh`x=1 y=2 env | grep -c '^[xy]='; echo x=1`,
  },
  {
    name: 'an assignment with an empty value',
    script: sh`x= ; echo "[$x]"; x= y=2 ; echo "[$x]$y"`,
  },
  {
    name: 'redirections in the middle',
    script: sh`echo a >f b; cat f`,
  },
  {
    name: 'many on a line',
    script: sh`echo a; echo b; echo c; { echo d; echo e; }; (echo f)`,
  },
  {
    name: 'syntax errors',
    script: sh`for s in 'echo (' ')' 'if true' 'fi' 'while' 'for' 'for 1 in a; do :; done' 'case' 'case a' '{ echo' '( echo' 'echo a | | b' '&& a' '; ;' ';;' 'a &&' 'f() ' '"' "'" '$(' '\${' '\`' 'do' 'done' 'then' 'if true; then fi' 'while true; do done' '>' '<' '<<' 'echo > ; a' '! ' '!' '()' '{ }' 'case a in a) echo' '& a' 'a & & b'; do sh -c "$s" >/dev/null 2>&1 </dev/null; [ $? = 2 ] || echo "accepts: $s"; done`,
  },
  {
    name: 'not syntax errors',
    script: sh`for s in 'echo a;' 'echo a &' '{ :; }' '(:)' 'if :; then :; fi' 'for i in; do :; done' 'for i do :; done' 'case a in esac' 'case a in a) esac' 'f() { :; }' '! :|| :' ': # (' ':;' 'a=b' '>/dev/null' ': <<E
E' 'if :
then :
fi' ': && : || :' ': |
:' 'echo }' 'echo {a' 'x={' 'case a in (a) : ;; esac'; do sh -c "$s" >/dev/null 2>&1 || echo "refuses: $s"; done`,
  },
  {
    name: "a here-document's delimiter at the end of the script",
    script: sh`cat <<E
a
E`,
  },
  {
    name: 'a function over several lines with comments',
    script: sh`f() # comment
# another
{ # third
echo a # fourth
}
f`,
  },
  {
    name: 'a case with comments',
    script: sh`case a in # one
# two
a) echo x ;; # three
# four
esac`,
  },
  {
    name: 'braces in words',
    script: sh`echo a}b {a} }{ x{y`,
  },
  {
    name: 'a continuation between words',
    script: sh`echo a \
  b \
  c`,
  },
  {
    name: 'a script of one line without a newline',
    script: sh`printf 'echo a' >f; sh f`,
  },
  {
    name: 'carriage returns are text',
    script: sh`printf 'echo a\r\n' >f; sh f | od -An -c | tr -d ' \n'; echo`,
  },
  {
    name: 'NUL bytes are dropped',
    script: sh`printf 'ec\000ho a\n' >f; sh f`,
  },
  {
    name: 'input is read line by line',
    script: sh`printf 'cat\nthis is data\n' | sh`,
    expected: {
      exitCode: 0,
      stdout: 'this is data\n',
      because: 'dash reads ahead, POSIX forbids it',
    },
  },
  {
    name: 'input is read line by line from a file',
    script: sh`printf 'cat\nthis is data\n' >f; sh <f`,
    expected: {
      exitCode: 0,
      stdout: 'this is data\n',
      because: 'dash reads ahead, POSIX forbids it',
    },
  },
  {
    name: 'aliases are not known on the line that sets them',
    script: sh`sh -c 'alias q="echo q"; q' 2>/dev/null; echo $?`,
  },
  {
    name: 'a function with one name and an alias',
    script: sh`f() { echo f; }
alias g=f
g`,
  },
  {
    name: 'nested substitutions of both kinds',
    script: sh`echo $(echo \`echo a\` $(echo \`echo b\`))`,
  },
  {
    name: 'parentheses in a case in a substitution',
    script: sh`echo $(case x in x) echo a;; y) echo b;; esac) $(case y in (x) echo a;; (y) echo b;; esac)`,
  },
  {
    name: 'quotes over the border of a substitution',
    script: sh`echo "$(echo 'a"b')" '$(' "$(echo ')')"`,
  },
  {
    name: 'two substitutions in a word',
    script: sh`echo $(echo a)$(echo b)"$(echo c)"x`,
  },
  {
    name: 'a dollar with a parenthesis in single quotes in an arithmetic',
    script: sh`x=3; echo $(( $(echo '2') + \${x} ))`,
  },
  {
    name: 'a very long line',
    script: sh`x=; i=0; while [ $i -lt 1000 ]; do x="$x echo $i;"; i=$((i+1)); done; eval "$x" | tail -n 1`,
  },
  {
    name: 'an ampersand and a newline',
    script: sh`echo a &
wait
echo b`,
  },
  {
    name: 'if with everything on one line',
    script: sh`if true; then echo a; else echo b; fi; if false; then echo a; elif true; then echo c; fi`,
  },
  {
    name: 'a semicolon behind a group',
    script: sh`{ echo a; }; { echo b; } ; ( echo c ) ;`,
  },
  {
    name: 'words that begin with an equals sign',
    script: sh`echo =a == a=`,
  },
  {
    name: 'not as an argument',
    script: sh`echo ! a !b; [ ! a ] || echo c`,
  },
  {
    name: 'digits before a redirection',
    script: sh`echo 1>f; cat f; echo 1 >f; cat f; echo a1 1>f; cat f`,
  },
]

import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const builtins: readonly ShellCase[] = [
  {
    name: 'colon and true and false',
    script: sh`:; echo $?; : a b; echo $?; true; echo $?; false; echo $?`,
  },
  {
    name: 'echo',
    script: sh`echo; echo a  b; echo -n a; echo b; echo 'a\tb\nc'; echo 'a\cb'; echo x`,
  },
  {
    name: 'echo with options of its own',
    script: sh`echo -e 'a\tb'; echo -E 'a\tb'`,
    expected: { exitCode: 0, stdout: 'a\tb\na\\tb\n', because: 'dash has -n alone' },
  },
  {
    name: 'printf',
    script: sh`printf '%s %d %i %u %x %X %o %c|%5s|%-5s|%.2s|%05d|%%\n' a 1 2 3 255 255 8 xyz r l abc 42`,
  },
  {
    name: 'printf goes through its arguments',
    script: sh`printf '%s-%s\n' a b c; printf '[%d]' 1 2 3; echo; printf 'x\n'; printf '%s\n'`,
  },
  {
    name: 'printf escapes',
    script: sh`printf 'a\tb\\\101\n'; printf '%b|' 'a\tb' '\0101' 'x\cy' z; echo`,
  },
  {
    name: 'printf with stars and characters',
    script: sh`printf '%*d|%-*d|%.*s\n' 5 1 5 2 2 abc; printf '%d %d\n' "'A" '"B'`,
  },
  {
    name: 'printf with bad numbers',
    script: sh`printf '%d\n' abc 2>/dev/null; echo $?; printf '%d\n' 12x 2>/dev/null; echo $?`,
  },
  {
    name: 'printf with floats',
    script: sh`printf '%.2f %e %g\n' 3.14159 1500 0.0001`,
  },
  {
    name: 'test of strings',
    script: sh`test a; echo $?; test ''; echo $?; test; echo $?; [ a = a ] && echo eq; [ a != b ] && echo ne; [ -n a ] && [ -z '' ] && echo nz`,
  },
  {
    name: 'test of numbers',
    script: sh`[ 1 -lt 2 ] && [ 2 -le 2 ] && [ 3 -gt 2 ] && [ 3 -ge 3 ] && [ 1 -eq 01 ] && [ 1 -ne 2 ] && echo ok; [ a -eq 1 ] 2>/dev/null; echo $?`,
  },
  {
    name: 'test of files',
    script: sh`touch f; mkdir d; echo a >g; [ -f f ] && [ -d d ] && [ -e f ] && [ ! -e x ] && [ -s g ] && [ ! -s f ] && [ -r f ] && [ -w f ] && [ ! -x f ] && echo ok`,
  },
  {
    name: 'test of links',
    script: sh`touch f; ln -s f l; [ -h l ] && [ -L l ] && [ ! -h f ] && echo ok; ln -s nope m; [ -e m ] || echo broken`,
  },
  {
    name: 'test with operators',
    script: sh`[ a = a -a b = b ] && echo and; [ a = b -o b = b ] && echo or; [ ! a = b ] && echo not; [ \( a = b \) -o \( c = c \) ] && echo paren`,
  },
  {
    name: 'test with few arguments',
    script: sh`[ ! ]; echo $?; [ ! a ]; echo $?; [ -n ]; echo $?; [ = = = ]; echo $?; [ ! '' ]; echo $?; [ '(' a ')' ]; echo $?; [ -z ]; echo $?`,
  },
  {
    name: 'test without its bracket',
    script: sh`[ a 2>/dev/null; echo $?`,
  },
  {
    name: 'test of ages',
    script: sh`touch -t 200001010000 old; touch new; [ new -nt old ] && [ old -ot new ] && [ new -ef new ] && echo ok`,
  },
  {
    name: 'cd and pwd',
    script: sh`mkdir -p d/e; cd d/e; case $PWD in */d/e) echo in;; esac; cd ..; case $(pwd) in */d) echo up;; esac; cd e; cd "$OLDPWD"; case $PWD in */d) echo old;; esac`,
  },
  {
    name: 'cd dash prints',
    script: sh`mkdir d; a=$PWD; cd d; x=$(cd -); [ "$x" = "$a" ] && echo same`,
  },
  {
    name: 'cd to what is not there',
    script: sh`cd nope 2>/dev/null; echo $?`,
  },
  {
    name: 'cd to home',
    script: sh`mkdir h; HOME=$PWD/h; cd; case $PWD in */h) echo home;; esac`,
  },
  {
    name: 'cd by CDPATH',
    script: sh`mkdir -p a/b; CDPATH=$PWD/a; x=$(cd b); case $x in */a/b) echo found;; esac`,
  },
  {
    name: 'cd through a link',
    script: sh`mkdir -p r/s; ln -s r/s l; cd l; case $PWD in */l) echo logical;; esac; cd ..; [ -d r ] && echo back; cd -P l; case $PWD in */r/s) echo physical;; esac`,
  },
  {
    name: 'read splits',
    script: sh`printf 'a b  c d\n' | { read x y z; echo "$x|$y|$z"; }`,
  },
  {
    name: 'read with a colon',
    script: sh`printf 'a:b:c\n' | { IFS=: read x y; echo "$x|$y"; }; printf 'a:b:\n' | { IFS=: read x y; echo "$x|$y"; }; printf 'a::b\n' | { IFS=: read x y z; echo "$x|$y|$z"; }`,
  },
  {
    name: 'read and backslashes',
    script: sh`printf 'a\\ b c\\\nd\n' | { read x y; echo "$x|$y"; }; printf 'a\\tb\n' | { read -r x; printf '%s\n' "$x"; }`,
  },
  {
    name: 'read at the end',
    script: sh`printf 'a' | { read x; echo "$? $x"; read x; echo "$? [$x]"; }`,
  },
  {
    name: 'read of fewer words',
    script: sh`printf 'a\n\n' | { read x y; echo "$x|$y"; read x; echo "[$x]"; }`,
  },
  {
    name: 'read keeps inner blanks and drops outer ones',
    script: sh`printf '  a  b  \n' | { read x; echo "[$x]"; }; printf '  a  b  \n' | { IFS= read x; echo "[$x]"; }`,
  },
  {
    name: 'read leaves the rest for others',
    script: sh`printf '1\n2\n3\n' | { read x; cat; }; printf '1\n2\n3\n' >f; { read x; cat; } <f`,
  },
  {
    name: 'export',
    script: sh`x=1; export x; env | grep '^x='; export y=2; env | grep '^y='; unset x; env | grep '^x='; echo $?`,
  },
  {
    name: 'export -p can be read again',
    script: sh`export q="it's"; export -p | grep '^export q=' >f; unset q; . ./f; echo "$q"`,
  },
  {
    name: 'readonly',
    script: sh`readonly x=1; (x=2) 2>/dev/null; echo $?; (unset x) 2>/dev/null; echo $?; echo $x`,
  },
  {
    name: 'set prints variables that can be read again',
    script: sh`zz="a'b  c"; set | grep '^zz=' >f; unset zz; . ./f; echo "$zz"`,
  },
  {
    name: 'set and shift',
    script: sh`set -- a b c; echo $#; shift; echo $1; set --; echo $#; set a -b; echo $2; (shift 5) 2>/dev/null; echo $?`,
  },
  {
    name: "set dash dash with options' look",
    script: sh`set -- -e -x; printf '%s\n' $1 $2; set - a b; echo $#`,
  },
  {
    name: 'eval',
    script: sh`x=y; y=1; eval echo \$$x; eval 'a=1;' 'b=2'; echo $a $b; eval; echo $?; eval false; echo $?`,
  },
  {
    name: 'eval of a syntax error',
    script: sh`(eval 'if') 2>/dev/null; echo $?`,
  },
  {
    name: 'eval with control flow',
    script: sh`for i in 1 2; do eval 'continue'; echo no; done; f() { eval 'return 3'; echo no; }; f; echo $?`,
  },
  {
    name: 'dot',
    script: sh`echo 'x=5; echo in $x' >f; . ./f; echo $x; echo 'return 3; echo no' >g; . ./g; echo $?`,
  },
  {
    name: 'dot by PATH',
    script: sh`mkdir d; echo 'echo found' >d/script; PATH=$PWD/d:$PATH; . script`,
  },
  {
    name: 'dot of what is not there ends the shell',
    script: sh`(. ./nope; echo no) 2>/dev/null; echo $?`,
  },
  {
    name: 'exec',
    script: sh`(exec echo a; echo no); (exec nosuchcmd) 2>/dev/null; echo $?; exec 2>/dev/null; echo still`,
  },
  {
    name: 'exit',
    script: sh`(exit); echo $?; (exit 3); echo $?; (false; exit); echo $?; (exit 256); echo $?`,
  },
  {
    name: 'unset',
    script: sh`x=1; unset x; echo \${x-gone}; unset nope; echo $?; f() { :; }; unset -f f; f 2>/dev/null; echo $?`,
  },
  {
    name: 'getopts',
    script: sh`set -- -a -b val -cd rest; while getopts ab:cd o; do echo "$o \${OPTARG-none} $OPTIND"; done; echo $OPTIND; shift $((OPTIND-1)); echo $1`,
    expected: {
      exitCode: 0,
      stdout: 'a none 2\nb val 4\nc none 4\nd none 5\n5\nrest\n',
      because: 'dash leaves OPTARG as it was, POSIX unsets it',
    },
  },
  {
    name: 'getopts with errors',
    script: sh`set -- -x -b; while getopts :ab: o; do echo "$o $OPTARG"; done`,
  },
  {
    name: 'getopts loudly',
    script: sh`set -- -x; getopts a o 2>/dev/null; echo "$? $o \${OPTARG-unset}"`,
  },
  {
    name: 'getopts with arguments of its own and an end',
    script: sh`while getopts a o -a -- -a; do echo $o; done; echo $OPTIND`,
  },
  {
    name: 'getopts twice',
    script: sh`f() { OPTIND=1; while getopts xy o; do echo $o; done; }; f -x; f -y -x`,
  },
  {
    name: 'command',
    script: sh`command echo a; command -v echo; command -v nosuch; echo $?; f() { :; }; command -v f; alias q=r; command -v q; command -v if`,
  },
  {
    name: 'command -v of a program',
    script: sh`x=$(command -v cat); case $x in /*/cat) echo path;; esac; x=$(command -v $x); case $x in /*/cat) echo path;; esac`,
  },
  {
    name: "command keeps a special builtin's error harmless",
    script: sh`(command . ./nope; echo yes) 2>/dev/null; (command : <nope; echo also) 2>/dev/null`,
  },
  {
    name: 'command -V and type',
    script: sh`command -V if; command -V echo | head -n 1; f() { :; }; type f; type nosuch >/dev/null 2>&1; echo $?`,
  },
  {
    name: 'type of a program',
    script: sh`type cat | grep -c '/cat$'`,
  },
  {
    name: 'umask',
    script: sh`umask 022; umask; umask 077; umask; umask -S; umask u=rwx,g=rx,o=; umask; umask g+w; umask`,
  },
  {
    name: 'umask reaches files and subshells',
    script: sh`umask 077; touch f; (umask) | cat; ls -l f | cut -c1-10`,
  },
  {
    name: 'alias',
    script: sh`alias e='echo a'; alias e; eval 'e b'; unalias e; eval 'e' 2>/dev/null; echo $?`,
  },
  {
    name: 'alias with a blank at the end',
    script: sh`alias w='command ' x='echo ex'
eval 'w x'`,
  },
  {
    name: 'alias inside itself',
    script: sh`alias echo='echo pre'
eval 'echo a'`,
  },
  {
    name: 'alias takes effect from the next line',
    script: sh`alias z='echo zed'
z`,
  },
  {
    name: 'alias of a keyword',
    script: sh`alias ifs='if true; then'
eval 'ifs echo yes; fi'`,
  },
  {
    name: 'unalias -a',
    script: sh`alias a=b c=d; unalias -a; alias; echo $?`,
  },
  {
    name: 'hash',
    script: sh`hash; echo $?; hash cat; echo $?; hash nosuch 2>/dev/null; echo $?; hash -r; echo $?`,
  },
  {
    name: 'kill -l',
    script: sh`kill -l 9; kill -l 143; kill -l TERM`,
    expected: { exitCode: 0, stdout: 'KILL\nTERM\n15\n', because: 'dash knows no names there' },
  },
  {
    name: 'kill -0',
    script: sh`kill -0 $$; echo $?; kill -0 999999 2>/dev/null; echo $?`,
  },
  {
    name: 'ulimit',
    script: sh`ulimit -n >/dev/null; echo $?; (ulimit -n 50; ulimit -n); ulimit -f`,
  },
  {
    name: 'times',
    script: sh`times | wc -l | tr -d ' '`,
  },
  {
    name: 'jobs in a script',
    script: sh`sleep 60 & x=$(jobs -p); [ "$x" = $! ] && echo same; kill $!`,
    expected: { exitCode: 0, stdout: 'same\n', because: 'a subshell of dash forgets the jobs' },
  },
  {
    name: 'builtins fail on closed output',
    script: sh`(echo a >&-) 2>/dev/null; echo $?; (printf a >&-) 2>/dev/null; echo $?`,
  },
  {
    name: 'break outside of loops',
    script: sh`break; echo $?; continue; echo $?`,
  },
  {
    name: "wait with a job's number",
    script: sh`(exit 3) & wait %1; echo $?`,
  },
  {
    name: 'local outside of functions',
    script: sh`(local x=1; echo no) 2>/dev/null; echo $?`,
  },
  {
    name: 'echo of dashes',
    script: sh`echo - -- --x`,
  },
  {
    name: 'true and false as programs',
    script: sh`env true; echo $?; env false; echo $?; env echo a`,
  },
  {
    name: 'exported variables may be declared without splitting',
    script: sh`x='a b'; export y=$x; echo "$y"`,
  },
  {
    name: 'readonly without splitting',
    script: sh`x='a b'; readonly y=$x; echo "$y"`,
  },
  {
    name: 'read from standard input',
    script: sh`while read -r a b; do echo "$b-$a"; done`,
    stdin: '1 one\n2 two\n3\\x three\n',
  },
  {
    name: 'the rest of standard input is for the next command',
    script: sh`read x; cat; echo "[$x]"`,
    stdin: 'first\nsecond\nthird\n',
  },
]

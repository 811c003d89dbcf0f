import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const expansion: readonly ShellCase[] = [
  {
    name: 'default, unset and empty',
    script: sh`unset u; e=; echo "[\${u-d}] [\${u:-d}] [\${e-d}] [\${e:-d}]"`,
  },
  {
    name: 'assignment, unset and empty',
    script: sh`unset u v; e=; echo "[\${u=a}] [\${v:=b}] [\${e=c}] [\${e:=d}]"; echo "$u $v $e"`,
  },
  {
    name: 'alternative, unset and empty',
    script: sh`unset u; e=; s=1; echo "[\${u+x}] [\${e+x}] [\${e:+x}] [\${s:+x}]"`,
  },
  {
    name: 'an error ends the shell',
    script: sh`unset u; echo a; (echo "\${u?gone}"; echo no); echo $?`,
  },
  {
    name: 'an error with a colon for empty',
    script: sh`e=; (echo "\${e:?empty}") 2>/dev/null; echo $?; (echo "\${e?fine}"); echo $?`,
  },
  {
    name: 'length',
    script: sh`x=hello; echo \${#x} \${#} \${#e}`,
  },
  {
    name: 'length of special parameters',
    script: sh`set -- a bb ccc; echo \${#1} \${#3}`,
  },
  {
    name: 'shortest and longest prefix',
    script: sh`x=/usr/local/bin; echo \${x#*/} \${x##*/} \${x#/usr} \${x#nope}`,
  },
  {
    name: 'shortest and longest suffix',
    script: sh`x=a.tar.gz; echo \${x%.*} \${x%%.*} \${x%gz} \${x%nope}`,
  },
  {
    name: 'a pattern from a variable, with and without quotes',
    script: sh`x='a*b*c'; p='*b'; echo "\${x#$p} \${x#"$p"} \${x##$p}"`,
  },
  {
    name: 'pattern with brackets',
    script: sh`x=abc123; echo \${x%%[0-9]*} \${x##*[a-z]} \${x#[!x]}`,
  },
  {
    name: 'pattern with a quoted star',
    script: sh`x='*a*'; echo "\${x#'*'}" "\${x%\*}"`,
  },
  {
    name: 'nested expansions',
    script: sh`a=1; unset b c; echo \${b:-\${c:-\${a}x}} "\${b:-"$a b"}"`,
  },
  {
    name: 'the word is expanded only when it is used',
    script: sh`x=1; y=0; echo \${x:-$((y=5))} $y; unset x; echo \${x:-$((y=5))} $y`,
  },
  {
    name: 'positional parameters beyond nine',
    script: sh`set -- a b c d e f g h i j k; echo $10 \${10} \${11}`,
  },
  {
    name: 'at and star without quotes',
    script: sh`set -- 'a b' c; printf '[%s]' $@ $*; echo`,
  },
  {
    name: 'at and star in quotes',
    script: sh`set -- 'a b' c ''; printf '[%s]' "$@" "$*"; echo`,
  },
  {
    name: 'at inside a word',
    script: sh`set -- 1 2 3; printf '[%s]' "x$@y" x$@y; echo`,
  },
  {
    name: 'at without parameters is no word',
    script: sh`set --; set -- "$@"; echo $#; set -- "$@" ''; echo $#`,
  },
  {
    name: 'at with other text and no parameters',
    script: sh`set --; printf '[%s]' "a$@b"; echo`,
  },
  {
    name: 'star joins by the first of IFS',
    script: sh`set -- a b c; IFS=,-; echo "$*"; IFS=; echo "$*"; unset IFS; echo "$*"`,
  },
  {
    name: 'alternative with at',
    script: sh`set -- 'a b' c; printf '[%s]' \${1+"$@"}; set --; printf '<%s>' \${1+"$@"} end; echo`,
  },
  {
    name: 'special parameters',
    script: sh`true; echo $?; false; echo $?; echo $#; echo "\${-:+set}" | cat; [ $$ -gt 1 ] && echo pid`,
  },
  {
    name: 'the name of the shell',
    script: sh`echo $0`,
  },
  {
    name: 'splitting by blanks',
    script: sh`x='  a  b	c
d  '; set -- $x; echo $#; printf '[%s]' $x; echo`,
  },
  {
    name: 'splitting by a colon keeps empty fields',
    script: sh`IFS=:; x=:a::b:; set -- $x; echo $#; printf '[%s]' $x; echo`,
  },
  {
    name: 'splitting by a mix of blanks and others',
    script: sh`IFS=' :'; x=' a : b::c '; printf '[%s]' $x; echo`,
  },
  {
    name: 'no splitting without IFS characters',
    script: sh`IFS=; x='a b'; printf '[%s]' $x; echo`,
  },
  {
    name: 'no splitting in an assignment',
    script: sh`x='a   b'; y=$x; echo "$y"`,
  },
  {
    name: 'only results of expansions are split',
    script: sh`IFS=x; printf '[%s]' axb; y=axb; printf '[%s]' $y \${y}z; echo`,
  },
  {
    name: "a default's text is split",
    script: sh`unset u; printf '[%s]' \${u:-a b} "\${u:-a b}"; echo`,
  },
  {
    name: 'pathnames in the order of their bytes',
    script: sh`touch b a C .h; echo *`,
  },
  {
    name: 'hidden files only by a dot',
    script: sh`touch .a b; echo .[a-z]* *`,
  },
  {
    name: 'question marks and brackets',
    script: sh`touch a1 a2 b1; echo a? [ab]1 [!a]*`,
  },
  {
    name: 'a pattern that matches nothing stays',
    script: sh`echo nope* [x y?`,
  },
  {
    name: 'a pattern over directories',
    script: sh`mkdir -p d/e f; touch d/e/1 f/1 d/2; echo */* */*/* d/*`,
  },
  {
    name: 'a quoted star is no pattern',
    script: sh`touch a b; x='*'; echo $x "$x" '*' \*`,
  },
  {
    name: 'no pathnames in assignments',
    script: sh`touch a b; x=*; echo "$x"`,
  },
  {
    name: 'noglob',
    script: sh`touch a b; set -f; echo *; set +f; echo *`,
  },
  {
    name: 'classes',
    script: sh`touch a A 1 _; echo [[:alpha:]] [[:digit:]] [[:upper:]_]`,
  },
  {
    name: 'a bracket with a closing bracket first',
    script: sh`touch ']' a; echo []a] [!]]`,
  },
  {
    name: 'ranges and a dash',
    script: sh`touch a- b c; echo a[-] [a-c]`,
  },
  {
    name: 'a slash must be in the pattern',
    script: sh`mkdir d; touch d/x; echo *x; echo d?x; echo d[/]x`,
  },
  {
    name: 'tilde alone, with a slash and in an assignment',
    script: sh`HOME=/h; echo ~ ~/x x~ "~"; p=~/a:~/b; echo $p`,
  },
  {
    name: 'tilde of a user',
    script: sh`echo ~root/x`,
  },
  {
    name: 'tilde of nobody that is there stays',
    script: sh`echo ~nosuchuser/x`,
  },
  {
    name: 'tilde in a value is text',
    script: sh`HOME=/h; x='~'; echo $x`,
  },
  {
    name: 'a bad substitution',
    script: sh`(echo \${x!y}) 2>/dev/null; echo $?`,
  },
  {
    name: 'nounset',
    script: sh`set -u; x=1; echo $x \${y-d} \${y:+z}; (echo $y) 2>/dev/null; echo $?`,
  },
  {
    name: 'nounset with at',
    script: sh`set -u; set --; echo "$@" $* ok`,
  },
  {
    name: 'a brace inside a quoted default',
    script: sh`unset u; echo \${u:-'}'} "\${u:-\}}" \${u:-\}}`,
  },
  {
    name: 'a default with a newline',
    script: sh`unset u; echo "\${u:-a
b}"`,
  },
  {
    name: 'cut each parameter is of its own value',
    script: sh`x=aXbXc; echo \${x%X*} \${x%%X*} \${x#*X} \${x##*X}`,
  },
  {
    name: 'single quotes in a default, in quotes and not',
    script: sh`unset u; echo \${u:-'a  b'} "\${u:-'a  b'}"`,
  },
  {
    name: 'expansions side by side',
    script: sh`a=1 b=2; echo $a$b \${a}\${b} "$a"$b'$a'`,
  },
  {
    name: 'names end where they can',
    script: sh`ab=1; a=2; echo $ab \${a}b $a.b $a-b`,
  },
  {
    name: 'last argument count after shift',
    script: sh`set -- a b c; shift; echo $# $1; shift 2; echo $#`,
  },
  {
    name: 'the line number',
    script: sh`echo $LINENO
echo $LINENO`,
    expected: { exitCode: 0, stdout: '1\n2\n', because: 'Debian builds dash without LINENO' },
  },
  {
    name: 'an empty value of at in quotes',
    script: sh`set -- ''; for i in "$@"; do echo "[$i]"; done`,
  },
  {
    name: 'star in quotes without parameters is an empty word',
    script: sh`set --; for i in "$*"; do echo "[$i]"; done`,
  },
  {
    name: 'no brace expansion',
    script: sh`echo a{b,c}d {1..3}`,
  },
  {
    name: 'expansions in the words of for',
    script: sh`x='1 2'; for i in $x "$x" 3; do echo "$i"; done`,
  },
  {
    name: 'a value with a backslash as a pattern',
    script: sh`x='a\*b'; case 'a*b' in $x) echo match;; *) echo none;; esac`,
  },
  {
    name: 'backslashes in values stay',
    script: sh`x='a\b'; echo $x "$x" | cat; printf '%s\n' $x`,
  },
  {
    name: 'parameters that the shell was given',
    script: sh`echo $# "$1" "$2"; shift; echo "$@"`,
    args: ['a b', 'c', '*'],
  },
]

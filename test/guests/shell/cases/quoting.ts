import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const quoting: readonly ShellCase[] = [
  {
    name: 'single quotes keep everything',
    script: sh`echo 'a $x \`b\` "c" \d'`,
  },
  {
    name: 'double quotes expand parameters and keep blanks',
    script: sh`x='a   b'; echo "$x" $x`,
  },
  {
    name: 'a backslash in double quotes escapes only what is special',
    script: 'printf \'%s\\n\' "\\$x \\`y\\` \\"z\\" \\\\ \\a"',
  },
  {
    name: 'a backslash outside quotes escapes one byte',
    script: sh`printf '%s\n' a\ b \$x \\ \'`,
  },
  {
    name: 'a backslash and a newline continue a line',
    script: sh`printf '%s\n' ab\
cd "e\
f" 'g\
h'`,
  },
  {
    name: 'a continuation inside an operator and a keyword',
    script: sh`i\
f true &\
& echo yes; then echo no\
pe; fi`,
  },
  {
    name: 'adjacent quotes make one word',
    script: sh`x=v; printf '[%s]' a'b'"c"$x"$x"d; echo`,
  },
  {
    name: 'empty quotes are a word',
    script: sh`set -- '' "" a; echo $#`,
  },
  {
    name: 'an empty expansion without quotes is no word',
    script: sh`x=; set -- $x "$x" $x; echo $#`,
  },
  {
    name: "quotes inside an expansion's value are text",
    script: sh`x="'a b'"; printf '[%s]' $x; echo`,
  },
  {
    name: 'dollar at the end and before a blank is text',
    script: sh`echo a$ $ "$" "a$ b"`,
  },
  {
    name: 'a hash begins a comment only at the start of a word',
    script: sh`echo a#b # comment
echo '#c' \#d "x"#y`,
  },
  {
    name: 'a comment does not go on behind a backslash',
    script: sh`# comment \
echo shown`,
  },
  {
    name: 'a newline inside quotes is kept',
    script: sh`echo "a
b" 'c
d'`,
  },
  {
    name: 'exclamation marks are text',
    script: sh`echo "a!b" !x 'y!'`,
  },
  {
    name: 'double quotes in double quotes end and begin',
    script: sh`x=1; echo "a "b" c" "a"'$x'"b"`,
  },
  {
    name: 'nested quotes in a substitution in quotes',
    script: sh`echo "a $(echo "b  c" 'd  e') f"`,
  },
  {
    name: 'single quotes in double quotes are text',
    script: sh`x=1; echo "'$x'"`,
  },
  {
    name: 'backquotes in double quotes',
    script: sh`echo "\`echo "a  b"\`"`,
  },
  {
    name: 'escapes in backquotes',
    script: sh`echo \`echo \$HOME | tr a-z A-Z\` \`echo \\\\x\``,
  },
  {
    name: 'a backslash at the end of the input',
    script: "printf '%s\\n' a\\",
  },
  {
    name: 'a quoted tilde is text',
    script: sh`printf '%s\n' '~' "~" \~ | cat`,
  },
  {
    name: 'quoted operators are text',
    script: sh`echo ";" '&&' \| ">" \( \)`,
  },
  {
    name: 'a quoted keyword is a command name',
    script: sh`'if' 2>/dev/null; echo $?`,
  },
  {
    name: 'dollar and single quotes',
    script: sh`printf '%s|' $'a\tb' $'\x41\102' $'it\'s' $'\\' $'\e' ; echo`,
    expected: { exitCode: 0, stdout: "a\tb|AB|it's|\\|\u001b|\n", because: "dash has no $'…'" },
  },
  {
    name: 'dollar and single quotes with code points',
    script: sh`printf '%s\n' $'\u00e9\u20ac\U0001F600'`,
    expected: { exitCode: 0, stdout: 'é€😀\n', because: "dash has no $'…'" },
  },
  {
    name: 'quoted pattern characters match themselves in case',
    script: sh`case 'a*' in 'a*') echo one;; esac; case ab in a"*") echo no;; *) echo two;; esac`,
  },
  {
    name: 'backslash newline in a here-document',
    script: sh`cat <<E
a\
b \$x \\ "q"
E`,
  },
  {
    name: 'unbalanced quotes inside a comment',
    script: sh`echo a # it's "fine
echo b`,
  },
  {
    name: 'words split over lines by quotes',
    script: sh`echo "one
  two"   three`,
  },
]

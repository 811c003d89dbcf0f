import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const errors: readonly ShellCase[] = [
  {
    name: 'not found',
    script: sh`nosuchcmd 2>/dev/null; echo $?; ./nosuch 2>/dev/null; echo $?; /no/such/dir/x 2>/dev/null; echo $?`,
  },
  {
    name: 'not executable',
    script: sh`echo 'echo a' >f; ./f 2>/dev/null; echo $?; mkdir d; ./d 2>/dev/null; echo $?`,
  },
  {
    name: 'a script without its first line',
    script: sh`printf 'echo "$0 $1 $#"\nexit 3\n' >f; chmod +x f; ./f a b; echo $?`,
  },
  {
    name: 'a script by PATH',
    script: sh`mkdir d; echo 'echo ran $1' >d/mine; chmod +x d/mine; PATH=$PWD/d:$PATH; mine a`,
  },
  {
    name: 'an empty script',
    script: sh`>f; chmod +x f; ./f; echo $?`,
  },
  {
    name: 'an empty command line',
    script: sh`sh -c ''; echo $?; sh -c '   '; echo $?; sh -c '# comment'; echo $?`,
  },
  {
    name: 'a syntax error ends the shell with 2',
    script: sh`sh -c 'echo a; if' 2>/dev/null; echo $?; sh -c 'echo a
)
echo b' 2>/dev/null; echo $?`,
  },
  {
    name: 'commands before the error run',
    script: sh`printf 'echo a\necho b\nfi\necho c\n' >f; sh f 2>/dev/null; echo $?`,
  },
  {
    name: 'assignment to a read only variable',
    script: sh`sh -c 'readonly x=1; x=2; echo no' 2>/dev/null; echo $?`,
  },
  {
    name: 'an expansion error',
    script: sh`sh -c 'echo \${x?}; echo no' 2>/dev/null; echo $?`,
  },
  {
    name: 'an expansion error in a subshell',
    script: sh`(echo \${x?}; echo no) 2>/dev/null; echo $?; echo alive`,
  },
  {
    name: "an error in a pipeline's stage",
    script: sh`echo \${x?gone} 2>/dev/null | cat; echo alive`,
  },
  {
    name: 'a bad number for a special builtin',
    script: sh`(shift x; echo no) 2>/dev/null; echo $?; (exit x) 2>/dev/null; echo $?; (return x) 2>/dev/null; echo $?`,
  },
  {
    name: 'an empty command name',
    script: sh`'' 2>/dev/null; echo $?; "$nope" 2>/dev/null; echo $?`,
  },
  {
    name: 'a name with a slash that is a directory',
    script: sh`/ 2>/dev/null; echo $?`,
  },
  {
    name: 'errors go to standard error',
    script: sh`x=$(nosuchcmd 2>&1); [ -n "$x" ] && echo said`,
  },
  {
    name: 'PATH is searched anew after a change',
    script: sh`mkdir a b; printf 'echo A\n' >a/t; printf 'echo B\n' >b/t; chmod +x a/t b/t; o=$PATH; PATH=$PWD/a:$o; t; PATH=$PWD/b:$o; t`,
  },
  {
    name: 'PATH in front of a command',
    script: sh`mkdir d; printf 'echo T\n' >d/t; chmod +x d/t; PATH=$PWD/d:$PATH t; t 2>/dev/null; echo $?`,
  },
  {
    name: 'an empty PATH',
    script: sh`PATH=; cat </dev/null 2>/dev/null; echo $?; echo builtin`,
  },
  {
    name: 'a command that vanishes',
    script: sh`mkdir d; printf 'echo T\n' >d/t; chmod +x d/t; PATH=$PWD/d:$PATH; t; rm d/t; t 2>/dev/null; echo $?`,
  },
  {
    name: 'an argument with every byte',
    script: sh`x=$(printf '\001\002\177\200\377'); printf '%s' "$x" | od -An -tx1 | tr -d ' \n'; echo`,
  },
  {
    name: 'long words',
    script: sh`x=0123456789; x=$x$x$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x$x$x; echo \${#x}; echo $x | wc -c | tr -d ' '`,
  },
  {
    name: 'many arguments',
    script: sh`i=0; set --; while [ $i -lt 500 ]; do set -- "$@" $i; i=$((i+1)); done; echo $# \${500}; env echo "$@" | wc -w | tr -d ' '`,
  },
  {
    name: 'a status of 128 and more',
    script: sh`(exit 130); echo $?; sh -c 'exit 255'; echo $?`,
  },
]

import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const lists: readonly ShellCase[] = [
  {
    name: 'and, or',
    script: sh`true && echo a; false && echo b; false || echo c; true || echo d`,
  },
  {
    name: 'left to right',
    script: sh`true || echo a && echo b; false && echo a || echo b; false || false && echo a; echo $?`,
  },
  {
    name: 'newlines behind the operators',
    script: sh`true &&
echo a
false ||

echo b`,
  },
  {
    name: 'semicolons and newlines',
    script: sh`echo a; echo b
echo c;`,
  },
  {
    name: 'background and wait',
    script: sh`echo a & wait; echo b`,
  },
  {
    name: 'wait gives the status',
    script: sh`(exit 3) & wait $!; echo $?`,
  },
  {
    name: 'wait for several',
    script: sh`(exit 1) & a=$!; (exit 2) & b=$!; wait $b; echo $?; wait $a; echo $?`,
  },
  {
    name: 'wait for a process that is none of ours',
    script: sh`wait 999999; echo $?`,
  },
  {
    name: 'wait for all is 0',
    script: sh`(exit 3) & (exit 4) & wait; echo $?`,
  },
  {
    name: 'background pipelines',
    script: sh`echo a | tr a b & wait; echo c`,
  },
  {
    name: 'background compounds',
    script: sh`for i in 1 2; do echo $i; done & wait; { echo g; } & wait; if true; then echo i; fi & wait`,
  },
  {
    name: 'background with and-or',
    script: sh`false || echo a & wait; true && echo b & wait`,
  },
  {
    name: 'the last background process',
    script: sh`: & a=$!; : & b=$!; [ $a != $b ] && echo differ; wait`,
  },
  {
    name: 'status after background',
    script: sh`false; : & echo $?; wait`,
  },
  {
    name: 'background has no input',
    script: sh`echo data | { cat & wait; echo end; }`,
  },
  {
    name: 'status of a list',
    script: sh`true; false; echo $?; false; true; echo $?`,
  },
  {
    name: 'an and-or in a condition',
    script: sh`if true && false || true; then echo a; fi`,
  },
  {
    name: 'background assignments stay there',
    script: sh`x=1; { x=2; } & wait; echo $x`,
  },
  {
    name: 'several commands on a line in the background',
    script: sh`echo a & wait; echo b & wait; echo c`,
  },
  {
    name: 'a subshell in the background with a file',
    script: sh`(echo a >f) & wait; cat f`,
  },
  {
    name: 'kill a background process',
    script: sh`sleep 60 & kill $!; wait $!; echo $?`,
  },
  {
    name: 'kill by another signal',
    script: sh`sleep 60 & kill -9 $!; wait $!; echo $?; sleep 60 & kill -s INT $!; kill -s HUP $!; wait $!; echo $?`,
  },
  {
    name: 'not and and',
    script: sh`! false && echo a; ! true || echo b`,
  },
]

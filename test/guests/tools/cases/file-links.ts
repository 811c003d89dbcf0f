import type { ToolCase } from '../tool-case.ts'

const link = (name: string, script: string): ToolCase => ({
  name,
  script,
  files: { a: 'one\n', b: 'two\n', 'd/x': 'x\n' },
})
/** The directory the case is in stands for a dot. */
const HERE = '| sed "s|^$PWD|.|"'

export const LINKS: readonly ToolCase[] = [
  link('ln makes a second name', 'ln a c; stat -c %h a; cat c'),
  link('ln -s', 'ln -s a c; readlink c; cat c'),
  link('ln -s to nothing', 'ln -s none c; readlink c'),
  link('ln to what is there', 'ln a b; echo $?; ln -s a b; echo $?; cat b'),
  link('ln -f replaces', 'ln -f a b; cat b; ln -sf d/x b; cat b'),
  link('ln into a directory', 'ln a b d; ls d'),
  link('ln -s into a directory', 'ln -s ../a d; cat d/a'),
  link('ln of one operand', 'ln -s d/x; readlink x'),
  link('ln -sfn replaces a link to a directory', 'ln -s d l; ln -sfn a l; readlink l; ls d'),
  link('ln -sf without -n goes into it', 'ln -s d l; ln -sf ../a l; readlink l; ls d'),
  link('ln -sT', 'ln -s d l; ln -sfT a l; readlink l'),
  link('ln -t', 'ln -t d a b; ls d'),
  link('ln -v', 'ln -v a c; ln -sv a e'),
  link('ln of a directory', 'ln d e; echo $?'),
  link('ln of a missing file', 'ln none e; echo $?'),
  link('ln -f of itself', 'ln a c; ln -f a a; echo $?; cat a'),
  link('link', 'link a c; cat c; link a c; echo $?; link a; echo $?'),
  link('readlink of no link', 'readlink a; echo $?'),
  link('readlink -n', 'ln -s a l; readlink -n l; echo .'),
  link('readlink -f', `ln -s d l; ln -s l/x m; readlink -f m ${HERE}`),
  link(
    'readlink -f of a missing last part',
    `readlink -f d/none ${HERE}; readlink -f none/x; echo $?`,
  ),
  link('readlink -e of a missing last part', 'readlink -e none; echo $?'),
  link('readlink -m of anything', `readlink -m none/x/../y ${HERE}`),
  link('readlink -f of a loop', 'ln -s l2 l1; ln -s l1 l2; readlink -f l1; echo $?'),
  link('readlink -f through a file', 'readlink -f a/x; echo $?'),
  link('readlink of several', 'ln -s a l; ln -s b m; readlink l m'),
  link('realpath', `realpath a d/../b d/./x ${HERE}`),
  link('realpath of a missing file', 'realpath -e none; echo $?; realpath none/x; echo $?'),
  link('realpath of the root', 'realpath / /.. //'),
  link('realpath -m', `realpath -m x/y/.. ${HERE}`),
  link(
    'basename',
    'basename /a/b; basename a/b/; basename /; basename //; basename a; basename ""',
  ),
  link(
    'basename with a suffix',
    'basename x.c .c; basename .c .c; basename a/x.c c; basename -s .c x.c y.c',
  ),
  link('basename -a', 'basename -a /a/b c/d; basename -az a/b | od -c'),
  link('basename of nothing', 'basename; echo $?; basename a b c; echo $?'),
  link('dirname', 'dirname /a/b a/b/ / // a a//b /a ""; dirname; echo $?'),
  link(
    'which finds programs',
    'mkdir p; printf "#!/bin/sh\\n" > p/tool; chmod 755 p/tool; PATH="$PWD/p:$PATH" which tool ' +
      HERE,
  ),
  link('which finds nothing', 'which no-such-tool; echo $?'),
  link(
    'which does not find what is no program',
    'mkdir p; touch p/tool; PATH="$PWD/p" /usr/bin/env which tool 2>/dev/null; test $? -ne 0; echo $?',
  ),
]

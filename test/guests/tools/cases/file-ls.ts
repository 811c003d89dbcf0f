import type { ToolCase } from '../tool-case.ts'

/** Files of known times, sizes and kinds. */
const TREE = `mkdir d; printf 12345 > b; printf 1 > a; : > .hidden; printf 123 > c.txt; ln -s a link; ln -s none gone
touch -d '2020-01-03 10:00' a; touch -d '2020-01-01 10:00' b; touch -d '2020-01-02 10:00' c.txt d .hidden
touch -h -d '2020-01-04 10:00' link; touch -h -d '2020-01-05 10:00' gone; chmod 755 b
`
const ls = (name: string, script: string): ToolCase => ({ name, script: TREE + script })

export const LS: readonly ToolCase[] = [
  ls('lists names in order', 'ls'),
  ls('-a shows all', 'ls -a'),
  ls('-A leaves out the dots', 'ls -A'),
  ls('-1 is a name per line', 'ls -1 a b'),
  ls('-d lists directories themselves', 'ls -d d .'),
  ls('-F marks kinds', 'ls -F'),
  ls('-p marks directories', 'ls -p'),
  ls('-r reverses', 'ls -r'),
  ls('-S sorts by size', 'ls -S a b c.txt'),
  ls('-t sorts by time', 'ls -t a b c.txt'),
  ls('-tr is the oldest first', 'ls -tr a b c.txt'),
  ls('-X sorts by ending', 'ls -X a b c.txt'),
  ls('-C fills columns', 'ls -C'),
  ls('-C fills columns of a width', 'ls -C -w 20'),
  ls('-x fills rows', 'ls -x -w 20'),
  ls('-m has commas', 'ls -m -w 20'),
  ls('--color is taken and ignored', 'ls --color=never'),
  ls('files come before directories', 'touch d/x; ls d a'),
  ls('-R goes below', 'mkdir -p d/e; touch d/e/f; ls -R'),
  ls('-R of several', 'mkdir -p d/e; touch d/e/f; ls -R d a'),
  ls('a missing file is 2, the others are listed', 'ls none a; echo $?'),
  ls('several directories have titles', 'mkdir e; ls d e'),
  ls('-l of a file', "ls -l a b | sed 's/ [a-z]* *[a-z]*  *\\([0-9]* Jan\\)/ \\1/'"),
  ls('-n has numbers for owners', 'chown 0:0 a; ls -n a'),
  ls('-l of links', 'ls -n link gone | cut -c1-10; ls -l link | sed "s/.*20 *//;s/.*2020 //"'),
  ls('-l says where links lead', "ls -l link gone | grep -o '[a-z]* -> .*'"),
  ls('-l of the future has a year', "touch -d '2090-05-06' a; ls -n a | grep -o 'May  6  2090'"),
  ls('-lh has units', "truncate -s 1500000 a; ls -nh a | grep -c ' 1.5M '"),
  ls('-l --time-style', 'ls -n --time-style=long-iso a | grep -o "2020.*"'),
  ls('--full-time', 'ls -n --full-time a | grep -o "2020.*"'),
  ls('-s of nothing is 0', 'ls -s .hidden'),
  ls('-i has the same number for two names', 'ln a z; ls -i a z | cut -d" " -f1 | uniq | wc -l'),
  ls('-L looks at what links point to', 'ls -nL link | cut -c1-10'),
  ls('-H follows what is named', 'ln -s d l; touch d/x; ls -H l'),
  ls('a link to a directory is followed', 'ln -s d l; touch d/x; ls l'),
  ls('-l of a link to a directory is the link', 'ln -s d l; ls -n l | cut -c1'),
  ls('--group-directories-first', 'ls --group-directories-first'),
  ls('-q hides what does not print', "touch 'x\ty'; ls -q x*"),
  ls('-Q quotes', "touch 'x\"y'; ls -Q x* a"),
  ls('names with newlines are two lines', "touch 'x\ny'; ls x*"),
  ls('-f is as it comes, and all', 'ls -f | sort'),
  ls('-U of one', 'ls -U d/..//d'),
  ls('-g has no owner', "chgrp 0 a; ls -gn a | cut -d' ' -f1,2,3"),
  ls('an empty directory prints nothing', 'ls d; ls -l d'),
  { name: 'a bad option is 2', script: 'ls --no-such-option >/dev/null' },
]

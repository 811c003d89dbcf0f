import type { ToolCase } from '../tool-case.ts'

const attributes = (name: string, script: string, more: Partial<ToolCase> = {}): ToolCase => ({
  name,
  script,
  files: { a: 'one\n', b: 'two\n', 'd/x': 'x\n' },
  ...more,
})
const chmod = (mode: string, before: string): ToolCase =>
  attributes(
    `chmod ${mode} of ${before}`,
    `chmod ${before} a; chmod ${mode} a; echo $?; stat -c %a a; mkdir m; chmod ${before} m; chmod ${mode} m; stat -c %a m`,
  )

export const ATTRIBUTES: readonly ToolCase[] = [
  chmod('644', '755'),
  chmod('4755', '644'),
  chmod('0', '777'),
  chmod('u+x', '644'),
  chmod('+x', '644'),
  chmod('a+x', '644'),
  chmod('go-rwx', '777'),
  chmod('u=rw,g=r,o=', '777'),
  chmod('g=u', '640'),
  chmod('o=g-w', '675'),
  chmod('u+s,g+s', '755'),
  chmod('u-s', '6755'),
  chmod('+t', '755'),
  chmod('a+X', '644'),
  chmod('a+X', '744'),
  chmod('u=g,g=o', '750'),
  chmod('ug+rw-x', '711'),
  chmod('=r', '777'),
  chmod('-w', '666'),
  chmod('00755', '2700'),
  chmod('755', '2700'),
  attributes(
    'chmod of no mode',
    'chmod 888 a; echo $?; chmod u+q a; echo $?; chmod "" a; echo $?; chmod 77777 a; echo $?',
  ),
  attributes('chmod -R', 'chmod -R go= d; stat -c "%a %n" d d/x'),
  attributes('chmod -R leaves links', 'ln -s ../a d/l; chmod 600 a; chmod -R 777 d; stat -c %a a'),
  attributes(
    'chmod -v',
    'chmod 644 a; chmod -v 600 a; chmod -v 600 a; chmod -c 600 a; chmod -c 640 a',
  ),
  attributes('chmod of a missing file', 'chmod 600 none a; echo $?; stat -c %a a'),
  attributes('chmod --reference', 'chmod 604 b; chmod --reference=b a; stat -c %a a'),
  attributes('chmod follows links', 'ln -s a l; chmod 601 l; stat -c %a a'),
  attributes('chmod +x follows the umask', 'umask 077; chmod 600 a; chmod +rx a; stat -c %a a'),
  attributes(
    'chown by number',
    'chown 12:34 a; stat -c "%u:%g" a; chown 56 a; stat -c "%u:%g" a; chown :78 a; stat -c "%u:%g" a',
  ),
  attributes(
    'chown by name',
    'chown 5:5 a; chown root:root a; stat -c "%u:%g %U:%G" a; chown 5:5 a; chown root: a; stat -c "%u:%g" a',
  ),
  attributes('chown -h', 'ln -s a l; chown -h 5:6 l; stat -c "%u:%g" l a'),
  attributes('chown -R', 'ln -s ../a d/l; chown -R 5:6 d; stat -c "%u:%g" d d/x d/l a'),
  attributes(
    'chown of no one',
    'chown no-such-user a; echo $?; chown :no-such-group a; echo $?; chown 5; echo $?',
  ),
  attributes(
    'chgrp',
    'chgrp 7 a; stat -c "%u:%g" a; chgrp root a; stat -c %g a; chgrp nope a; echo $?',
  ),
  attributes('touch makes files', 'touch n m; ls; stat -c %s n'),
  attributes('touch -c makes none', 'touch -c n; echo $?; ls'),
  attributes('touch -d', "touch -d '2001-02-03 04:05:06.789' a; stat -c '%y %x' a"),
  attributes(
    'touch -d with a zone',
    "touch -d '2001-02-03T04:05:06+02:00' a; stat -c %Y a; touch -d '2001-02-03 04:05Z' a; stat -c %Y a",
  ),
  attributes('touch -d @', 'touch -d @1000000000 a; stat -c "%X %Y" a'),
  attributes(
    'touch -t',
    'touch -t 200102030405.06 a; stat -c %y a; touch -t 0102030405 a; stat -c %y a; touch -t 9902030405 a; stat -c %y a',
  ),
  attributes(
    'touch -t of nonsense',
    'touch -t 123 a; echo $?; touch -t 20011302030405 a; echo $?; touch -t 200113020304 a; echo $?',
  ),
  attributes('touch -d of nonsense', 'touch -d nonsense a; echo $?'),
  attributes('touch -r', 'touch -d @1000 b; touch -r b a; stat -c %Y a'),
  attributes(
    'touch -a and -m',
    'touch -d @1000 a; touch -a -d @2000 a; touch -m -d @3000 a; stat -c "%X %Y" a',
  ),
  attributes('touch -h', 'ln -s a l; touch -d @5 a; touch -h -d @1000 l; stat -c %Y l a'),
  attributes('touch of a way that is none', 'touch none/x; echo $?'),
  attributes(
    'stat -c fields',
    'chmod 640 a; touch -d @1000000000 a; stat -c "%a %A %f %F %h %n %s %X %Y %x %y %%" a',
  ),
  attributes(
    'stat of a directory, a link, a device',
    'ln -s a l; stat -c "%F %n %N" d l; stat -c "%F %t %T" /dev/null',
  ),
  attributes('stat -L', 'ln -s a l; stat -L -c "%F %N" l'),
  attributes('stat of an empty file', ': > e; stat -c %F e'),
  attributes('stat widths', 'stat -c "[%8s][%-8s][%08s][%.2n]" a'),
  attributes('stat --printf', String.raw`stat --printf '%n\t%s\n\x41\101' a`),
  attributes('stat of nothing', 'stat none; echo $?; stat; echo $?; stat -c %n none a; echo $?'),
  attributes(
    'stat prints as always',
    "touch -d @1000000000 a; chmod 644 a; stat a | grep -E 'File|Modify' ; stat a | grep -o 'Size: 4  *.Blocks'; stat a | grep -o 'regular file'; stat a | grep -o '0644/-rw-r--r--'",
  ),
  attributes('stat prints links', 'ln -s a l; stat l | head -n 1'),
  attributes('stat -t', 'chmod 640 a; stat -t a | cut -d" " -f1,2,4'),
  attributes('stat -f -c', 'stat -f -c %n a; test "$(stat -f -c %b a)" -ge 0; echo $?'),
  attributes(
    'truncate sets sizes',
    'truncate -s 10 n; stat -c %s n; truncate -s 1K n; stat -c %s n; truncate -s +5 n; stat -c %s n; truncate -s -1000 n; stat -c %s n',
  ),
  attributes(
    'truncate bounds sizes',
    'truncate -s "<2" a; stat -c %s a; truncate -s ">9" a; stat -c %s a; truncate -s %8 a; stat -c %s a; truncate -s /10 a; stat -c %s a',
  ),
  attributes('truncate keeps what is before', 'truncate -s 2 a; cat a'),
  attributes('truncate -c and -r', 'truncate -c -s 1 n; ls n; truncate -r a b; stat -c %s b'),
  attributes(
    'truncate of nonsense',
    'truncate -s x a; echo $?; truncate a; echo $?; truncate -s 1; echo $?; truncate -s 99999999999999999999 a; echo $?',
  ),
  attributes(
    'mktemp',
    'f=$(mktemp -p .); test -f "$f"; echo $?; stat -c %a "$f"; d=$(mktemp -d -p .); stat -c "%a %F" "$d"',
  ),
  attributes(
    'mktemp of a template',
    'f=$(mktemp n.XXXXXX); echo ${#f}; test -f "$f"; echo $?; mktemp n.XX; echo $?; mktemp nothing; echo $?',
  ),
  attributes(
    'mktemp with a suffix',
    'f=$(mktemp n.XXXXXX.txt); echo "${f##*.}"; f=$(mktemp --suffix=.c nXXX); echo ${#f}',
  ),
  attributes('mktemp -u makes none', 'f=$(mktemp -u n.XXXXXX); test -e "$f"; echo $?'),
  attributes(
    'mktemp -t',
    'TMPDIR=$PWD; export TMPDIR; f=$(mktemp -t n.XXXX); test "${f%/*}" = "$PWD"; echo $?',
  ),
  attributes('mktemp in no directory', 'mktemp -p none 2>/dev/null; echo $?'),
]

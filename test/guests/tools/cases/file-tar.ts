import type { ToolCase } from '../tool-case.ts'

const TREE = `mkdir -p d/e; printf 'one\\n' > d/a; printf 'two\\n' > d/e/b; ln -s a d/l; ln d/a d/z; chmod 640 d/a; chmod 750 d/e
touch -d '2001-02-03 04:05' d/a d/e/b d/e; touch -h -d '2001-02-03 04:05' d/l; touch -d '2001-02-03 04:05' d; mkdir out
`
const tar = (name: string, script: string, expected?: ToolCase['expected']): ToolCase => ({
  name,
  script: TREE + script,
  ...(expected === undefined ? {} : { expected }),
})
const SHOW = 'find . | sort; cat $(find . -type f | sort)'
/** A header as anyone could make one: name, type, link, size. The checksum is that of its bytes. */
const HEADER = `header() {
printf '%s' "$1" > h; truncate -s 100 h; printf '0000644\\0000000000\\0000000000\\000%011o\\00007000000000\\000        %s' "$4" "$2" >> h
printf '%s' "$3" >> h; truncate -s 257 h; printf 'ustar\\00000' >> h; truncate -s 512 h
sum=0; for byte in $(od -An -v -tu1 h); do sum=$((sum + byte)); done
{ head -c 148 h; printf '%06o\\000 ' $sum; tail -c +157 h; } >> evil.tar; rm h; }
data() { printf '%s' "$1" > h; truncate -s 512 h; cat h >> evil.tar; rm h; }
`
const evil = (name: string, script: string, expected?: ToolCase['expected']): ToolCase =>
  tar(name, HEADER + script, expected)

export const TAR: readonly ToolCase[] = [
  tar('c and t', 'tar cf x.tar d; tar tf x.tar | sort'),
  tar(
    'x',
    `tar cf x.tar d; cd out; tar xf ../x.tar; ${SHOW}; stat -c '%a %Y %n' d d/a d/e d/e/b; readlink d/l; stat -c %h d/a`,
  ),
  tar('through a pipe', `tar cf - d | (cd out; tar xf -; ${SHOW})`),
  tar('tv', 'tar cf x.tar d/e/b d/l; tar tvf x.tar'),
  tar(
    'tv of a directory and a hard link',
    "tar cf x.tar d/a d/z d/e; tar tvf x.tar | sed 's/root.root/owner/;s/  */ /g' | sort",
  ),
  tar('cv tells', 'tar cvf x.tar d/e | sort'),
  tar('xv tells', 'tar cf x.tar d/e; tar xvf x.tar -C out | sort'),
  tar('z', 'tar czf x.tgz d; gzip -t x.tgz; echo $?; tar tzf x.tgz | sort; tar tf x.tgz | wc -l'),
  tar('the machine reads ours', 'tar czf x.tgz d; command -p tar tzf x.tgz | sort'),
  tar('a', 'tar caf x.tar.gz d; gzip -t x.tar.gz; echo $?'),
  tar('-C', 'tar cf x.tar -C d a -C e b; tar tf x.tar', { stdout: 'a\nb\n', exitCode: 0 }),
  tar('-C for x', 'tar cf x.tar d; tar xf x.tar -C out; ls out'),
  tar(
    'members by name',
    'tar cf x.tar d; tar tf x.tar d/e | sort; tar xf x.tar -C out d/e; find out | sort',
  ),
  tar('a member that is none', 'tar cf x.tar d; tar tf x.tar none; echo $?'),
  tar('--exclude', "tar cf x.tar --exclude='*.o' --exclude=e d; tar tf x.tar | sort"),
  tar(
    '--exclude for x',
    "tar cf x.tar d; tar xf x.tar -C out --exclude='b'; find out -type f | sort",
  ),
  tar(
    '--strip-components',
    'tar cf x.tar d; tar xf x.tar -C out --strip-components=1; find out | sort',
  ),
  tar(
    '--strip-components=2',
    'tar cf x.tar d; tar xf x.tar -C out --strip-components 2; find out | sort',
  ),
  tar('O', 'tar cf x.tar d; tar xOf x.tar d/e/b'),
  tar('p keeps modes', 'umask 077; tar cf x.tar d/a; tar xpf x.tar -C out; stat -c %a out/d/a'),
  tar('h follows links', 'tar chf x.tar d/l; tar xf x.tar -C out; stat -c %F out/d/l'),
  tar('T', 'printf "d/a\\nd/e/b\\n" > list; tar cf x.tar -T list; tar tf x.tar'),
  tar('X', 'echo e > list; tar cf x.tar -X list d; tar tf x.tar | sort'),
  tar('m is now', 'tar cf x.tar d/a; tar xmf x.tar -C out; find out -name a -mmin -5'),
  tar(
    'k keeps what is there',
    'tar cf x.tar d/a; mkdir out/d; echo old > out/d/a; tar xkf x.tar -C out; echo $?; cat out/d/a',
  ),
  tar(
    'replaces what is there',
    'tar cf x.tar d/a; mkdir out/d; echo old > out/d/a; ln out/d/a out/other; tar xf x.tar -C out; cat out/d/a out/other',
  ),
  tar(
    'an absolute name loses its slash',
    'tar cf x.tar "$PWD/d/e/b" 2>/dev/null; tar tf x.tar | grep -c "^/"; tar tf x.tar | grep -c "d/e/b$"',
  ),
  tar('names up lose their dots', 'cd out; tar cf ../x.tar ../d/a 2>/dev/null; tar tf ../x.tar'),
  tar(
    'long names',
    'n=$(printf "%0150d" 1); mkdir -p out/$n/$n; echo x > out/$n/$n/f; ln -s $n/$n out/l; tar cf x.tar -C out .; mkdir o2; tar xf x.tar -C o2; cat o2/$n/$n/f; readlink o2/l | wc -c',
  ),
  tar(
    'names of 100 bytes and more',
    'for n in 99 100 101 156; do f=$(printf "%0${n}d" 1); echo $n > out/$f; done; tar cf x.tar -C out .; mkdir o2; tar xf x.tar -C o2; cat o2/*',
  ),
  tar(
    'a large file',
    'head -c 200000 /dev/zero > out/z; tar cf x.tar out/z; tar xOf x.tar | cmp - out/z; echo $?',
  ),
  tar(
    'an empty directory and an empty file',
    ': > out/z; mkdir out/y; tar cf x.tar out; tar tf x.tar | sort',
  ),
  tar(
    'names with newlines are escaped in lists',
    "touch 'out/a\nb'; tar cf x.tar out; tar tf x.tar | sort; mkdir o2; tar xf x.tar -C o2; ls o2/out",
  ),
  tar('a missing file goes on', 'tar cf x.tar none d/a; echo $?; tar tf x.tar'),
  tar('no archive', 'tar tf none; echo $?; tar xf none; echo $?'),
  tar(
    'no archive at all',
    'echo nothing > x; tar tf x; echo $?; head -c 1000 /dev/urandom > y; tar tf y; echo $?',
  ),
  tar('an empty archive', 'head -c 10240 /dev/zero > x.tar; tar tf x.tar; echo $?'),
  tar(
    'a cut archive',
    'tar cf x.tar d/e/b; head -c 700 x.tar > y.tar; tar tf y.tar; echo $?; tar xf y.tar -C out; echo $?',
  ),
  tar(
    'a cut packed archive',
    'tar czf x.tgz d; head -c 60 x.tgz > y.tgz; tar tzf y.tgz >/dev/null; echo $?',
  ),
  tar(
    'a broken packed archive',
    "tar czf x.tgz d; printf 'zzzz' | dd of=x.tgz bs=1 seek=40 conv=notrunc 2>/dev/null; tar tzf x.tgz >/dev/null; echo $?",
  ),
  tar('the archive is not in itself', 'tar cf out/x.tar out 2>/dev/null; tar tf out/x.tar'),
  tar('words without a dash', 'tar cfv x.tar d/a; tar tf x.tar'),
  tar(
    'no operation',
    'tar; echo $?; tar f x; echo $?; tar cf x.tar; echo $?; tar ctf x d; echo $?',
  ),
  tar(
    'a directory that may not be written is filled',
    'chmod 555 d/e; tar cf x.tar d; tar xf x.tar -C out; cat out/d/e/b; stat -c %a out/d/e',
  ),
  tar('--no-recursion', 'tar cf x.tar --no-recursion d; tar tf x.tar'),
  tar(
    '--numeric-owner',
    'chown 7:8 d/a; tar cf x.tar d/a; tar tvf x.tar --numeric-owner | cut -d" " -f2',
  ),
  tar('--wildcards', "tar cf x.tar d; tar tf x.tar --wildcards 'd/e*' | sort"),
  evil(
    '.. is refused',
    "header ../escaped 0 '' 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ..",
    { stdout: '2\nd\nevil.tar\nout\n', exitCode: 0 },
  ),
  evil(
    '.. within is refused',
    "header d/../../escaped 0 '' 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; find . ; ls ..",
    { stdout: '2\n.\nd\nevil.tar\nout\n', exitCode: 0 },
  ),
  evil(
    'an absolute name stays inside',
    'header "$PWD/escaped" 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; find . -type f | grep -c escaped; ls ..',
  ),
  evil(
    'a link out and a file through it',
    'header l 2 ../target 0; header l/f 0 "" 4; data 1234; mkdir target; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ../target',
    { stdout: '2\n', exitCode: 0 },
  ),
  evil(
    'an absolute link and a file through it',
    'header l 2 "$PWD/target" 0; header l/f 0 "" 4; data 1234; mkdir target; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ../target',
    { stdout: '2\n', exitCode: 0 },
  ),
  evil(
    'a link to a file and the file again',
    'echo safe > victim; header l 2 ../victim 0; header l 0 "" 4; data 1234; cd out; tar xf ../evil.tar; cat ../victim l; echo; stat -c %F l',
    { stdout: 'safe\n1234\nregular file\n', exitCode: 0 },
  ),
  evil(
    'links in a row',
    'header a 2 . 0; header b 2 a/.. 0; header b/f 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ..',
    { stdout: '2\nd\nevil.tar\nout\n', exitCode: 0 },
  ),
  evil(
    'a link that was there and leads out',
    'header l/f 0 "" 4; data 1234; mkdir target; ln -s ../target out/l; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ../target',
    { stdout: '2\n', exitCode: 0 },
  ),
  evil(
    'a hard link to what is outside',
    'echo safe > victim; header l 1 ../victim 0; header l 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; cat ../victim',
    { stdout: '2\nsafe\n', exitCode: 0 },
  ),
  evil(
    'a hard link through a link',
    'echo safe > victim; header d 2 .. 0; header l 1 d/victim 0; header l 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; cat ../victim',
    { stdout: 'safe\n', exitCode: 0 },
  ),
  evil(
    'a link up is made at the end',
    'header l 2 ../target 0; mkdir target; cd out; tar xf ../evil.tar; echo $?; readlink l',
  ),
  evil(
    'a size that is a lie',
    'header f 0 "" 99999999; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; tar tf ../evil.tar 2>/dev/null; echo $?',
  ),
  evil(
    'a name that is empty',
    'header "" 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; ls -A',
  ),
  evil(
    'a device is refused',
    'header null 3 "" 0; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls -A',
    { stdout: '2\n', exitCode: 0 },
  ),
  evil(
    'a long name of a size that is a lie',
    'header x L "" 999999999; data name; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls',
    { stdout: '2\n', exitCode: 0 },
  ),
  evil(
    'a long name',
    'header x L "" 9; data dir/other; header x 0 "" 4; data 1234; mkdir out/dir; cd out; tar xf ../evil.tar; cat dir/other',
  ),
  evil(
    'a long name that leads up',
    'header x L "" 9; data ../escape; header x 0 "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; echo $?; ls ..',
    { stdout: '2\nd\nevil.tar\nout\n', exitCode: 0 },
  ),
  evil(
    'pax records',
    'header x x "" 22; data "22 path=name-of-pax.c\n"; header x 0 "" 4; data 1234; tar tf evil.tar',
    { stdout: 'name-of-pax.c\n', exitCode: 0 },
  ),
  evil(
    'pax records that are malformed',
    'for r in "99999 path=x" "5 a" "-1 path=x" "12 path=xyz" "0 path=xyz"; do rm -f evil.tar; header x x "" 12; data "$r"; header x 0 "" 4; data 1234; tar tf evil.tar 2>/dev/null; echo $?; done',
    { stdout: '2\n2\n2\n2\n2\n', exitCode: 0 },
  ),
  evil(
    'a checksum that is wrong',
    'header x 0 "" 4; data 1234; header y 0 "" 4; data 1234; printf zz | dd of=evil.tar bs=1 seek=1030 conv=notrunc 2>/dev/null; tar tf evil.tar; echo $?',
  ),
  evil(
    'a type that is none is a file',
    'header x Q "" 4; data 1234; cd out; tar xf ../evil.tar 2>/dev/null; cat x',
  ),
]

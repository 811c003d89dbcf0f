import type { ToolCase } from '../tool-case.ts'

const gzip = (name: string, script: string, more: Partial<ToolCase> = {}): ToolCase => ({
  name,
  script,
  files: { a: 'one\ntwo\none\ntwo\none\n', e: '' },
  ...more,
})
/** Packed by another program: "hello\n", stored, with a name. */
const STORED = String.raw`printf '\037\213\010\010\000\000\000\000\000\003h\000\001\006\000\371\377hello\n\040\060\072\066\006\000\000\000'`

export const GZIP: readonly ToolCase[] = [
  gzip('packs and unpacks', 'gzip a; ls; gunzip a.gz; ls; cat a'),
  gzip('-c and -d', 'gzip -c a | gzip -dc; ls'),
  gzip('zcat', 'gzip a; zcat a.gz; zcat a; ls'),
  gzip('-k keeps', 'gzip -k a; ls; gunzip -k a.gz 2>/dev/null; echo $?; rm a; gunzip -k a.gz; ls'),
  gzip(
    '-f replaces',
    'gzip -k a; echo x > a; gzip a 2>/dev/null </dev/null; echo $?; gzip -f a; zcat a.gz',
  ),
  gzip(
    'all levels',
    'seq 1 5000 > s; for l in 1 2 3 4 5 6 7 8 9; do gzip -$l -c s | gzip -dc | cmp - s; echo $?; done',
  ),
  gzip('nothing', 'gzip -c e | gzip -dc | wc -c; gzip -c < e | wc -c'),
  gzip(
    'what does not shrink',
    'head -c 100000 /dev/urandom > r; gzip -c r | gzip -dc | cmp - r; echo $?; test $(gzip -c r | wc -c) -lt 100200; echo $?',
  ),
  gzip(
    'what shrinks much',
    'head -c 1000000 /dev/zero > z; test $(gzip -c z | wc -c) -lt 2000; echo $?; gzip -c z | gzip -dc | cmp - z; echo $?',
  ),
  gzip(
    'long matches over blocks',
    'seq 1 40000 > s; cat s s s > t; gzip -c t | gzip -dc | cmp - t; echo $?',
  ),
  gzip('-t', 'gzip a; gzip -t a.gz; echo $?; gunzip -t a.gz; echo $?'),
  gzip(
    '-l',
    'seq 1 1000 > s; gzip -c s > s.gz; gzip -l s.gz | head -n 1; gzip -l s.gz | grep -o "3893 .*" | cut -d" " -f1',
  ),
  gzip(
    'keeps mode and time',
    'chmod 640 a; touch -d @1000000000 a; gzip a; stat -c "%a %Y" a.gz; gunzip a.gz; stat -c "%a %Y" a',
  ),
  gzip(
    'members one after the other',
    'gzip -c a > x.gz; echo more | gzip >> x.gz; zcat x.gz; gzip -t x.gz; echo $?',
  ),
  gzip(
    'padding of zeros',
    'gzip -c a > x.gz; head -c 1000 /dev/zero >> x.gz; zcat x.gz | wc -l; gzip -t x.gz; echo $?',
  ),
  gzip('garbage behind is a warning', 'gzip -c a > x.gz; echo garbage >> x.gz; zcat x.gz; echo $?'),
  gzip(
    'a cut file',
    'gzip -c a > x.gz; head -c 20 x.gz > y.gz; gzip -t y.gz; echo $?; head -c 5 x.gz | gzip -dc; echo $?; head -c -4 x.gz | gzip -t; echo $?',
  ),
  gzip(
    'a wrong checksum',
    "gzip -c a > x.gz; n=$(wc -c < x.gz); printf 'zz' | dd of=x.gz bs=1 seek=$((n - 8)) conv=notrunc 2>/dev/null; gzip -t x.gz; echo $?",
  ),
  gzip(
    'a wrong length',
    "gzip -c a > x.gz; n=$(wc -c < x.gz); printf 'zz' | dd of=x.gz bs=1 seek=$((n - 4)) conv=notrunc 2>/dev/null; gzip -t x.gz; echo $?",
  ),
  gzip('no gzip at all', 'gzip -dc a; echo $?; echo | gunzip; echo $?; gzip -dc < e; echo $?'),
  gzip(
    'a broken file is not unpacked, and stays',
    "gzip -k a; printf 'zzzzzz' | dd of=a.gz bs=1 seek=12 conv=notrunc 2>/dev/null; rm a; gunzip a.gz; echo $?; ls",
  ),
  gzip(
    'every cut of a file is an error',
    'seq 1 300 | gzip -n > x.gz; n=$(wc -c < x.gz); good=0; i=1; while [ $i -lt $n ]; do head -c $i x.gz | gzip -t 2>/dev/null && good=$((good + 1)); i=$((i + 37)); done; echo $good',
  ),
  gzip('a stored block', `${STORED} | gzip -dc; echo $?`),
  gzip(
    'a stored block with a wrong length',
    String.raw`printf '\037\213\010\000\000\000\000\000\000\003\001\006\000\000\000hello\n' | gzip -dc; echo $?`,
  ),
  gzip(
    'a block of no kind',
    String.raw`printf '\037\213\010\000\000\000\000\000\000\003\007\000' | gzip -dc; echo $?`,
  ),
  gzip(
    'a distance before the start',
    String.raw`printf '\037\213\010\000\000\000\000\000\000\003\143\000\042\000\000\000\000\000\000\000\000' | gzip -dc >/dev/null; echo $?`,
  ),
  gzip(
    'a method that is unknown',
    String.raw`printf '\037\213\007\000\000\000\000\000\000\003\003\000' | gzip -dc; echo $?`,
  ),
  gzip('a name that has the ending', 'gzip a; gzip a.gz; echo $?; ls'),
  gzip('a name that has none', 'gzip -d a; echo $?; ls'),
  gzip('.tgz becomes .tar', 'gzip -c a > x.tgz; gunzip x.tgz; ls'),
  gzip('-S', 'gzip -S .z a; ls; gunzip -S .z a.z; ls'),
  gzip('a missing file goes on', 'gzip none a; echo $?; ls'),
  gzip('a directory', 'mkdir d; gzip d; echo $?'),
  gzip('-r', 'mkdir d; echo 1 > d/x; gzip -r d; ls d; gunzip -r d; ls d'),
  gzip('a link', 'ln -s a l; gzip l 2>/dev/null; echo $?; ls'),
  gzip(
    '-n has no name',
    'gzip -nc a | od -An -tx1 | head -n 1 | cut -c1-13; gzip -c a | od -c | grep -c "a  *.0"',
  ),
  gzip('standard input has no name', 'gzip -c < a | od -An -tx1 | head -n 1 | cut -c1-13'),
  gzip('a bad option', 'gzip --no-such 2>/dev/null; echo $?'),
]

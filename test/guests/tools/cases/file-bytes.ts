import type { ToolCase } from '../tool-case.ts'

const bytes = (name: string, script: string, more: Partial<ToolCase> = {}): ToolCase => ({
  name,
  script,
  files: { a: 'one\ntwo\nthree\n', b: 'one\ntWo\nthree\n', c: 'one\n' },
  ...more,
})
const QUIET = '2>/dev/null'

export const BYTES: readonly ToolCase[] = [
  bytes('tee writes twice', 'tee x y; cat x y', { stdin: 'text\n' }),
  bytes('tee -a', 'echo 1 > x; tee -a x >/dev/null; cat x', { stdin: '2\n' }),
  bytes('tee to a place that is none goes on', 'tee none/x y; echo $?; cat y', { stdin: 'text\n' }),
  bytes('dd copies', `dd if=a of=x ${QUIET}; cat x`),
  bytes('dd from input to output', `dd ${QUIET}`, { stdin: 'text' }),
  bytes('dd counts records', 'dd if=a of=x bs=4 2>&1 | head -n 2'),
  bytes('dd skip and count', `dd if=a bs=1 skip=4 count=3 ${QUIET}`),
  bytes('dd seek', `dd if=c of=x bs=1 seek=3 ${QUIET}; od -c x`),
  bytes('dd conv=notrunc', `dd if=c of=a bs=1 conv=notrunc count=2 seek=1 ${QUIET}; cat a`),
  bytes('dd cuts without notrunc', `dd if=c of=a bs=1 count=2 seek=1 ${QUIET}; od -c a`),
  bytes('dd conv=sync', `printf abc | dd bs=8 conv=sync ${QUIET} | od -c`),
  bytes(
    'dd conv=ucase,swab',
    `printf abcd | dd conv=ucase ${QUIET}; printf abcd | dd conv=swab ${QUIET}`,
  ),
  bytes('dd obs gathers', 'printf abcdef | dd ibs=2 obs=4 2>&1 >/dev/null | head -n 2'),
  bytes('dd of zeros', `dd if=/dev/zero bs=1k count=3 ${QUIET} | wc -c`),
  bytes('dd sizes with factors', `dd if=/dev/zero bs=2x3w count=1 ${QUIET} | wc -c`),
  bytes('dd iflag=count_bytes', `dd if=a bs=10 count=3 iflag=count_bytes ${QUIET}`),
  bytes('dd iflag=skip_bytes', `dd if=a bs=10 skip=4 count=1 iflag=skip_bytes ${QUIET}`),
  bytes('dd conv=excl', `dd if=a of=b conv=excl ${QUIET}; echo $?`),
  bytes('dd of a missing file', `dd if=none ${QUIET}; echo $?`),
  bytes(
    'dd of nonsense',
    `dd bs=0 ${QUIET}; echo $?; dd bs=x ${QUIET}; echo $?; dd nonsense ${QUIET}; echo $?; dd conv=what ${QUIET}; echo $?`,
  ),
  bytes(
    'dd of a size that overflows',
    `dd bs=99999999999999999999 ${QUIET}; echo $?; dd count=9999999999999E if=c ${QUIET}; echo $?`,
  ),
  bytes('dd status=none', 'dd if=c of=x status=none 2>&1; echo $?'),
  bytes('cmp of the same', 'cmp a a; echo $?; cmp a - < a; echo $?'),
  bytes('cmp tells where', 'cmp a b; echo $?'),
  bytes('cmp -s', 'cmp -s a b; echo $?'),
  bytes('cmp -l', 'cmp -l a b; echo $?'),
  bytes('cmp of a shorter file', 'cmp a c 2>&1; echo $?'),
  bytes('cmp of an empty file', ': > e; cmp a e 2>&1; echo $?'),
  bytes('cmp -n', 'cmp -n 5 a b; echo $?; cmp -n 6 a b; echo $?'),
  bytes('cmp -i', 'cmp -i 8 a b; echo $?'),
  bytes('cmp of a missing file', 'cmp a none; echo $?; cmp -s a none; echo $?'),
  bytes('du of nothing', 'mkdir d; : > d/e; du -a d | wc -l; du --apparent-size -b c'),
  bytes('du -b of files', 'truncate -s 1000 x; du -b x; du -bc x a | tail -n 1'),
  bytes(
    'du counts a file once',
    'truncate -s 1000 x; ln x y; du -bc x y | tail -n 1; du -bcl x y | tail -n 1',
  ),
  bytes(
    'du -s and -d',
    'mkdir -p d/e/f; du -s d | cut -f2; du -d 1 d | cut -f2; du -d 0 d | cut -f2',
  ),
  bytes('du of a missing file', 'du none; echo $?'),
  bytes(
    'du -h of apparent sizes',
    'truncate -s 1500000 x; du -h --apparent-size x; truncate -s 10240 y; du -h --apparent-size y',
  ),
  bytes(
    'df has titles',
    'df -P . | head -n 1 | tr -s " "; df -h . | head -n 1 | cut -c1-10; df -PT . | head -n 1 | cut -c12-18',
  ),
  bytes('df of one place is one row', 'df . | wc -l; df none; echo $?; df -i / | wc -l'),
  bytes('sync', 'sync; echo $?; sync a; echo $?; sync none; echo $?'),
]

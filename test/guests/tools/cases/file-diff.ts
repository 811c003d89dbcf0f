import type { ToolCase } from '../tool-case.ts'

const OLD = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n'
const diff = (name: string, script: string, files: ToolCase['files'] = {}): ToolCase => ({
  name,
  script: `${script}; echo $?`,
  files: { old: OLD, ...files },
})
const LABELS = '-L old -L new'

export const DIFF: readonly ToolCase[] = [
  diff('the same', 'diff old old; diff -u old old; diff -s old old'),
  diff('a line changed', 'diff old new', { new: OLD.replace('c\n', 'C\n') }),
  diff('lines added', 'diff old new', { new: OLD.replace('c\n', 'c\nx\ny\n') }),
  diff('lines deleted', 'diff old new', { new: OLD.replace('c\nd\n', '') }),
  diff('lines at both ends', 'diff old new', { new: `x\n${OLD}y\n` }),
  diff('against nothing', 'diff old new; diff new old', { new: '' }),
  diff('unified', `diff -u ${LABELS} old new`, { new: OLD.replace('c\n', 'C\n') }),
  diff('unified with two hunks', `diff -u ${LABELS} old new`, {
    new: OLD.replace('b\n', 'B\n').replace('l\n', ''),
  }),
  diff('unified with hunks that touch', `diff -u ${LABELS} old new`, {
    new: OLD.replace('c\n', 'C\n').replace('j\n', 'J\n'),
  }),
  diff('unified with less around', `diff -U 1 ${LABELS} old new; diff -U0 ${LABELS} old new`, {
    new: OLD.replace('e\n', 'E\nF\n'),
  }),
  diff('unified against nothing', `diff -u ${LABELS} old new; diff -u ${LABELS} new old`, {
    new: '',
  }),
  diff(
    'a file without an end',
    `diff old new; diff -u ${LABELS} old new; diff -u ${LABELS} new old`,
    { new: OLD.slice(0, -1) },
  ),
  diff('two files without an end', `diff -u ${LABELS} x y`, { x: 'a\nb', y: 'a\nc' }),
  diff('unified titles', 'touch -d @1000000000 old new; diff -u old new | head -n 2', {
    new: 'x\n',
  }),
  diff('a block that moved', 'diff old new', { new: 'd\ne\nf\na\nb\nc\ng\nh\ni\nj\nk\nl\nm\n' }),
  diff('a repeated block', `diff -u ${LABELS} x y`, {
    x: '{\n  1\n}\n{\n  3\n}\n',
    y: '{\n  1\n}\n{\n  2\n}\n{\n  3\n}\n',
  }),
  diff('-q', 'diff -q old new; diff -q old old', { new: 'x\n' }),
  diff('-i', 'diff -i x y', { x: 'abc\n', y: 'ABC\n' }),
  diff('-w', 'diff -w x y', { x: 'a b c\n', y: 'ab  c \n' }),
  diff('-b', 'diff -b x y; diff -b x z', { x: 'a b\n', y: 'a   b  \n', z: 'ab\n' }),
  diff('-B', 'diff -B x y', { x: 'a\nb\n', y: 'a\n\n\nb\n' }),
  diff('binary files', 'printf "a\\000b" > x; printf "a\\000c" > y; diff x y; diff -q x y'),
  diff(
    '-a takes all as text',
    'printf "a\\000b\\n" > x; printf "a\\000c\\n" > y; diff -a x y | od -c',
  ),
  diff('standard input', 'printf "a\\n" | diff - x', { x: 'b\n' }),
  diff('a missing file', 'diff old none; diff -N -u -L a -L b none x', { x: 'x\n' }),
  diff('directories', 'diff d e', {
    'd/a': '1\n',
    'e/a': '2\n',
    'd/only': '',
    'e/other': '',
    'd/s/x': '',
    'e/s/x': '',
  }),
  diff('directories with -r', 'diff -r d e', {
    'd/a': '1\n',
    'e/a': '2\n',
    'd/s/x': '1\n',
    'e/s/x': '2\n',
    'd/s/y': '',
  }),
  diff('directories with -rq', 'diff -rq d e', {
    'd/a': '1\n',
    'e/a': '2\n',
    'd/s/x': '1\n',
    'e/s/x': '1\n',
    'e/t/z': '',
  }),
  diff('directories with -rN', 'diff -rN d e', {
    'd/a': '1\n',
    'e/a': '1\n',
    'd/n': 'new\n',
    'e/s/x': 'x\n',
  }),
  diff('a file and a directory of one name', 'diff -r d e', { 'd/a': '1\n', 'e/a/x': '2\n' }),
  diff('a file and the one in a directory', 'diff old d', { 'd/old': 'x\n' }),
  diff('an operand too few', 'diff old; echo $?; diff a b c'),
  diff('an option that is none', 'diff --no-such old old 2>/dev/null'),
  diff('many changes', 'seq 1 3000 > x; seq 1 3 3000 > y; diff x y | wc -l; diff -u x y | wc -l'),
  diff('nothing in common', 'seq 1 2000 > x; seq 3001 5000 > y; diff x y | wc -l'),
]

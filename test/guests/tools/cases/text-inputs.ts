/** What the cases of the text tools read, by name. */
const INPUTS = {
  s: '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n22\n23\n24\n25\n26\n27\n28\n29\n30\n',
  n3: '1\n2\n3\n',
  n5: '2\n3\n4\n5\n',
  g: 'hello world\nfoo bar\nHello again\nword_foo foo\nfoobar\n\nlast foo',
  gb: 'abc\u0000def\nfoo\n',
  pats: 'foo\nhello\n',
  'd/a.txt': 'foo\n',
  'd/b.c': 'foo\n',
  'd/e/c.txt': 'bar\n',
  tabs: 'a\tb\n\tc  d\n        e\n',
  ne: 'no end',
  em: '',
  u: 'a\na\nb\nb\nb\nc\nA\n',
  u2: 'x 1\nx 2\ny 1\n',
  c: 'a:b:c\nd:e:f\nnodelim\n',
  j1: '1 a\n2 b\n4 d\n',
  j2: '1 x\n2 y\n2 z\n3 w\n',
  para: 'This is a  long line of text that should be wrapped\nby fmt and fold, since it is long.\n\n  Indented para that is\n  two lines.\n',
  so: 'b 3\na 10\nc 2\na 9\n',
  num: '1.5\n-2\n10\nabc\n1e3\n0x10\n\n-0\n.5\n+3\n',
  hum: '1K\n2M\n512\n1G\n-1K\n0\n3k\n',
  ver: 'v1.10\nv1.9\nv1.2~rc\nv1.2\na.b\nfile10.txt\nfile9.txt\n',
  mon: 'Mar\njan\nDEC\nxx\n feb\n',
  cs: 'B\na\nC\nb\nA\n',
  co: 'x:3:b\ny:1:a\nz:2:c\nw:1:b\n',
  bl: ' b\na\n  c\n',
} as const

/** Those of them that a case reads. */
export const pick = (...names: readonly (keyof typeof INPUTS)[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, INPUTS[name]]))

import type { ToolCase } from '../tool-case.ts'

const LINES = 'one\n\n\n\ntwo\n'

export const CAT: readonly ToolCase[] = [
  { name: 'copies standard input', script: 'cat', stdin: 'x\ny' },
  { name: 'a dash is standard input', script: 'cat a - a', files: { a: '1\n' }, stdin: '2\n' },
  { name: 'numbers all lines', script: 'cat -n a b', files: { a: 'x\n\ny', b: 'z\n' } },
  { name: 'numbers lines that are not empty', script: 'cat -b a', files: { a: LINES } },
  { name: '-b wins over -n', script: 'cat -bn a', files: { a: LINES } },
  { name: 'squeezes empty lines', script: 'cat -s a a', files: { a: LINES } },
  { name: 'shows ends and tabs', script: 'cat -A a', files: { a: 'a\tb\n\n' } },
  {
    name: 'shows what does not print',
    script: "printf '\\001\\177\\200\\237\\240\\377\\r\\n' | cat -v",
  },
  { name: '-e is -vE', script: "printf '\\001\\t\\n' | cat -e" },
  { name: '-t is -vT', script: "printf '\\001\\t\\n' | cat -t" },
  { name: '-u changes nothing', script: 'cat -u a', files: { a: 'x' } },
  { name: 'a missing file fails, the others are shown', script: 'cat no a', files: { a: 'x' } },
  { name: 'a directory fails', script: 'mkdir d; cat d' },
  { name: 'keeps zero bytes', script: "printf 'a\\000b' | cat | od -c" },
  { name: '-- ends the options', script: 'cat -- -n', files: { '-n': 'x\n' } },
]

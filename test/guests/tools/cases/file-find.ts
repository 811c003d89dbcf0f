import type { ToolCase } from '../tool-case.ts'

const TREE = `mkdir -p d/e/f g; printf 12345 > d/x.c; : > d/e/empty; printf 1 > d/e/f/y.txt; printf 1 > .h; ln -s d link; ln -s none gone
chmod 640 d/x.c; touch -d '2001-01-01' d/x.c; touch -d '10 minutes ago' d/e/empty; touch -d '3 days ago' d/e/f/y.txt
`
const find = (name: string, script: string): ToolCase => ({ name, script: TREE + script })

export const FIND: readonly ToolCase[] = [
  find('prints all', 'find | sort'),
  find('of operands', 'find d g | sort; find d/ | sort'),
  find('of a file', 'find .h'),
  find('of a missing operand goes on', 'find none g; echo $?'),
  find('-name', "find . -name '*.c'; find . -name 'x*' -o -name 'y*' | sort"),
  find('-name matches dots', "find . -name '*h'"),
  find('-iname', "find . -iname 'X.C'"),
  find('-path', "find . -path './d/e*' | sort; find . -ipath './D/X*'"),
  find('-type', 'find . -type d | sort; find . -type f | sort; find . -type l | sort'),
  find('-type of several', 'find . -type d,l | sort'),
  find('-type of none', 'find . -type q; echo $?'),
  find('-xtype', 'find . -xtype d -name link; find . -xtype l'),
  find(
    '-size',
    'find . -type f -size 1 | sort; find . -size -5c -type f | sort; find . -size 5c; find . -type f -size +4c',
  ),
  find('-size rounds up', 'find . -type f -size -1k; find . -type f -size 1k | sort'),
  find('-empty', 'find . -empty | sort'),
  find(
    '-mtime',
    'find . -type f -mtime +1000; find . -type f -mtime 3; find . -type f -mtime -1 | sort',
  ),
  find('-mmin', 'find . -type f -mmin -5; find . -type f -mmin +5 -mmin -15'),
  find('-newer', 'find . -type f -newer d/e/f/y.txt | sort; find . -newer none; echo $?'),
  find('-newermt', "find . -type f ! -newermt '2005-01-01'"),
  find(
    '-perm',
    'find . -perm 640; find . -type f -perm -600 | sort; find . -type f -perm /001; find . -perm u=rw,g=r',
  ),
  find('-perm of nonsense', 'find . -perm 999; echo $?'),
  find(
    '-user and -group',
    'chown 0:0 d/x.c; find . -name x.c -user root -group root; find . -user nobody; find . -user no-such; echo $?',
  ),
  find('-uid', 'chown 5 d/x.c; find . -uid 5; find . -uid +4 -uid -6'),
  find('-maxdepth', 'find . -maxdepth 1 | sort; find . -maxdepth 0'),
  find('-mindepth', 'find . -mindepth 3 | sort'),
  find('-depth', 'find d -depth | tail -n 1; find d -depth -name e -o -depth -name empty'),
  find('-prune', 'find . -name e -prune -o -type f -print | sort'),
  find('-delete', 'find d -delete; echo $?; ls'),
  find('-delete of what is not empty', 'find d -name e -delete; echo $?; find d | sort'),
  find('-delete after a test', "find . -name '*.c' -delete; find d -type f | sort"),
  find('-print0', "find d -name 'x*' -print0 | od -c"),
  find('-exec ;', "find . -name '*.c' -exec echo '<{}>' {} \\;"),
  find(
    '-exec is a test',
    'find . -name "*.c" -exec false \\; -print; echo $?; find . -name "*.c" -exec true \\; -print',
  ),
  find('-exec +', "find d -type f -exec printf '%s\\n' {} + | sort"),
  find('-exec + that fails', 'find d -type f -exec false {} +; echo $?'),
  find('-exec of what is not there', 'find d -name x.c -exec no-such-tool {} \\; ; echo $?'),
  find('-exec without an end', 'find d -exec echo {}; echo $?'),
  find('-execdir', 'find d -name y.txt -execdir echo {} \\; ; find d -name y.txt -execdir ls \\;'),
  find(
    '-ok',
    'echo y | find d -name x.c -ok echo yes \\; 2>/dev/null; echo n | find d -name x.c -ok echo no \\; 2>/dev/null',
  ),
  find(
    'and, or, not, parentheses',
    "find . \\( -name '*.c' -o -name '*.txt' \\) -a ! -name 'y*'; find . -not -name '*' ; find . -type f -name x.c -o -name link | sort",
  ),
  find('the comma', 'find . -name x.c -print , -name y.txt -print | sort'),
  find(
    'print is implied for all of an or',
    'find . -name x.c -o -name y.txt | sort; find . -name x.c -print -o -name y.txt',
  ),
  find('-quit', 'find d -name x.c -print -quit; find d -quit'),
  find(
    '-links and -inum',
    'ln d/x.c z; find . -links 2 -type f | sort; find . -inum $(stat -c %i z) | sort',
  ),
  find('-samefile', 'ln d/x.c z; find . -samefile z | sort'),
  find(
    '-regex',
    "find . -regex '.*/[xy]\\..*' | sort; find . -regex 'x'; find . -regextype posix-extended -regex '.*(x.c|empty)' | sort",
  ),
  find(
    '-regex of emacs',
    "find . -regex '.*y\\.tx?t+'; find . -regex '.*\\(x.c\\|empty\\)' | sort; find . -iregex '.*X.C'",
  ),
  find('-L follows', 'find -L link -type f | sort; find -L . -type l'),
  find(
    '-L in a loop ends',
    'ln -s .. d/up; find -L . -name x.c 2>/dev/null | head -n 1 | grep -c x.c',
  ),
  find('-H follows what is named', 'find -H link -type f | sort; find link -type f'),
  find('-lname', "find . -lname 'no*'"),
  find('-xdev', 'find d -xdev | sort'),
  find(
    '-executable and its like',
    'find d -name x.c -readable -writable; find d -type f -executable',
  ),
  find(
    '-printf',
    "find d -name x.c -printf '%p %f %h %s %m %M %y %d %P %H %%\\n'; find link -printf '%l\\n'",
  ),
  find('-printf of times', "find d -name x.c -printf '%T@ %TY-%Tm-%Td %TH:%TM %t\\n'"),
  find('-printf with widths', "find d -name x.c -printf '[%10f][%-10s]\\n\\t\\101\\n'"),
  find(
    'names with newlines',
    "touch 'd/a\nb'; find d -name 'a*'; find d -name '*\n*' -print0 | od -c | head -n 1",
  ),
  find(
    'an operator without an operand',
    'find . -name; echo $?; find . \\( -name x; echo $?; find . -o -name x; echo $?; find . !; echo $?',
  ),
  find('a word that is none', 'find . -no-such; echo $?; find . -name x y; echo $?'),
  find('nothing found is good', 'find . -name nothing; echo $?'),
  find('-true and -false', 'find g -true; find g -false; find g -false -o -print'),
  find('-nouser', 'chown 54321:54321 g; find . -nouser; find . -nogroup'),
]

const xargs = (name: string, script: string, stdin?: string): ToolCase => ({
  name,
  script,
  ...(stdin === undefined ? {} : { stdin }),
})
export const XARGS: readonly ToolCase[] = [
  xargs('hands on words', 'xargs echo', 'a b\nc  d\n'),
  xargs('echo is implied', 'xargs', 'a b\n'),
  xargs('quotes and backslashes', "xargs printf '<%s>\\n'", `'a b' "c d" e\\ f 'g'h"i"\n`),
  xargs('an open quote', 'xargs echo; echo $?', "'a b\n"),
  xargs('-0', "printf 'a b\\000c\\nd\\000' | xargs -0 printf '<%s>'"),
  xargs('-d', "xargs -d , printf '<%s>'", 'a,b c,d'),
  xargs('-d of a newline', "xargs -d '\\n' printf '<%s>\\n'", "a 'b\nc d\n"),
  xargs('-n', 'xargs -n 2 echo', 'a b c d e\n'),
  xargs('-L', 'xargs -L 1 echo', 'a b\nc d \ne\nf\n'),
  xargs('-I', 'xargs -I {} echo "<{}>" {}', 'a b\n c\n'),
  xargs('-I of another text', 'xargs -I % echo x%y%', '1\n2\n'),
  xargs('runs once for nothing', 'xargs echo x', ''),
  xargs('-r does not', 'xargs -r echo x', ''),
  xargs('-t tells', 'xargs -t echo 2>&1', 'a b\n'),
  xargs('-E ends', 'xargs -E end echo', 'a end b\n'),
  xargs('-s bounds', 'xargs -s 20 echo', 'aaaa bbbb cccc dddd\n'),
  xargs('an item that is too long', 'xargs -s 10 echo; echo $?', 'aaaaaaaaaaaaaaaaaaaaaaa\n'),
  xargs('-P runs side by side', 'xargs -n 1 -P 3 echo | sort', 'a b c d\n'),
  xargs('123 when one fails', 'xargs -n 1 false; echo $?', 'a b\n'),
  xargs('124 when one says 255', 'xargs -n 1 sh -c "exit 255"; echo $?', 'a b\n'),
  xargs('125 when one is killed', "xargs -n 1 sh -c 'kill -9 $$'; echo $?", 'a b\n'),
  xargs(
    '126 and 127',
    'xargs no-such-tool; echo $?; echo a > f; chmod 644 f; echo | xargs ./f; echo $?',
    'a\n',
  ),
  xargs('the command has no input', 'xargs sh -c cat', 'a b\n'),
  xargs('many items', 'seq 1 20000 | xargs echo | wc -w'),
  xargs('bad numbers', 'xargs -n 0 echo; echo $?; xargs -n x echo; echo $?', 'a\n'),
  xargs('-a', 'echo a b > f; xargs -a f echo'),
]

import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const AWK_TEXT: readonly ToolCase[] = [
  {
    name: 'awk \'BEGIN{x; print x+0, "[" x "]", length(x)}\'',
    script: 'awk \'BEGIN{x; print x+0, "[" x "]", length(x)}\'',
    expected: { stdout: '0 [] 0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print length("hello"), index("hello","l"), substr("hello",2,3), substr("hello",0,2), substr("hello",-1), substr("hello",4,100)}\'',
    script:
      'awk \'BEGIN{print length("hello"), index("hello","l"), substr("hello",2,3), substr("hello",0,2), substr("hello",-1), substr("hello",4,100)}\'',
    expected: { stdout: '5 3 ell h hello lo\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print toupper("abc"), tolower("ABC")}\'',
    script: 'awk \'BEGIN{print toupper("abc"), tolower("ABC")}\'',
    expected: { stdout: 'ABC abc\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{s="aaa"; n=gsub(/a/,"b",s); print n, s}\'',
    script: 'awk \'BEGIN{s="aaa"; n=gsub(/a/,"b",s); print n, s}\'',
    files: pick('s'),
    expected: { stdout: '3 bbb\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{s="hello"; sub(/l+/,"[&]",s); print s}\'',
    script: 'awk \'BEGIN{s="hello"; sub(/l+/,"[&]",s); print s}\'',
    files: pick('s'),
    expected: { stdout: 'he[ll]o\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{s="hello"; gsub(/l/,"\\\\&",s); print s}\'',
    script: 'awk \'BEGIN{s="hello"; gsub(/l/,"\\\\&",s); print s}\'',
    files: pick('s'),
    expected: { stdout: 'he&&o\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{s="abc"; gsub(//,"-",s); print s}\'',
    script: 'awk \'BEGIN{s="abc"; gsub(//,"-",s); print s}\'',
    files: pick('s'),
    expected: { stdout: '-a-b-c-\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{s="abc"; gsub(/x*/,"-",s); print s}\'',
    script: 'awk \'BEGIN{s="abc"; gsub(/x*/,"-",s); print s}\'',
    files: pick('s'),
    expected: { stdout: '-a-b-c-\n', exitCode: 0 },
  },
  {
    name: 'awk \'{gsub(/o/,"0"); print}\' g',
    script: 'awk \'{gsub(/o/,"0"); print}\' g',
    files: pick('g'),
    expected: {
      stdout: 'hell0 w0rld\nf00 bar\nHell0 again\nw0rd_f00 f00\nf00bar\n\nlast f00\n',
      exitCode: 0,
    },
  },
  {
    name: 'awk \'BEGIN{print match("foobar",/o+/), RSTART, RLENGTH; print match("x",/y/), RSTART, RLENGTH}\'',
    script:
      'awk \'BEGIN{print match("foobar",/o+/), RSTART, RLENGTH; print match("x",/y/), RSTART, RLENGTH}\'',
    expected: { stdout: '2 2 2\n0 0 -1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{n=split("a:b:c",a,":"); print n, a[1], a[3]; n=split(" a b ",b); print n, b[1]; n=split("",c); print n}\'',
    script:
      'awk \'BEGIN{n=split("a:b:c",a,":"); print n, a[1], a[3]; n=split("  a b ",b); print n, b[1]; n=split("",c); print n}\'',
    files: pick('c'),
    expected: { stdout: '3 a c\n2 a\n0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{n=split("a1b22c",a,/[0-9]+/); print n, a[1], a[2], a[3]}\'',
    script: 'awk \'BEGIN{n=split("a1b22c",a,/[0-9]+/); print n, a[1], a[2], a[3]}\'',
    expected: { stdout: '3 a b c\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{printf "%d %i %5d|%-5d|%05d %x %X %o %c %c %s %5s|%-5s|%.2s %e %g %f %.2f %%\\n", 3.9, -3.9, 42, 42, 42, 255, 255, 8, 65, "hello", "s", "ab", "ab", "abc", 1.5, 1.5, 1.5, 2.345}\'',
    script:
      'awk \'BEGIN{printf "%d %i %5d|%-5d|%05d %x %X %o %c %c %s %5s|%-5s|%.2s %e %g %f %.2f %%\\n", 3.9, -3.9, 42, 42, 42, 255, 255, 8, 65, "hello", "s", "ab", "ab", "abc", 1.5, 1.5, 1.5, 2.345}\'',
    files: pick('s', 'd/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: {
      stdout:
        '3 -3    42|42   |00042 ff FF 10 A h s    ab|ab   |ab 1.500000e+00 1.5 1.500000 2.35 %\n',
      exitCode: 0,
    },
  },
  {
    name: 'awk \'BEGIN{printf "%*d|%-*d|%.*f\\n", 5, 42, 5, 42, 2, 3.14159}\'',
    script: 'awk \'BEGIN{printf "%*d|%-*d|%.*f\\n", 5, 42, 5, 42, 2, 3.14159}\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '   42|42   |3.14\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{printf "%s %s\\n", "only"}\'',
    script: 'awk \'BEGIN{printf "%s %s\\n", "only"}\'',
    expected: { stdout: 'only \n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{x[1,2]=3; for (k in x) {split(k,p,SUBSEP); print p[1], p[2]}; if ((1,2) in x) print "yes"}\'',
    script:
      'awk \'BEGIN{x[1,2]=3; for (k in x) {split(k,p,SUBSEP); print p[1], p[2]}; if ((1,2) in x) print "yes"}\'',
    expected: { stdout: '1 2\nyes\n', exitCode: 0 },
  },
  {
    name: "echo 'a b c' | awk '{$0=toupper($0); print $1}'",
    script: "echo 'a b c' | awk '{$0=toupper($0); print $1}'",
    files: pick('c'),
    expected: { stdout: 'A\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{printf "%s"}\'',
    script: 'awk \'BEGIN{printf "%s"}\'',
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { print length() }' ; echo abc | awk '{print length, length()}'",
    script: "awk 'BEGIN { print length() }' ; echo abc | awk '{print length, length()}'",
    expected: { stdout: '0\n3 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{CONVFMT="%.2g"; a=3.14159; b=a ""; print b; x[0.1]=1; for (k in x) print k}\'',
    script:
      'awk \'BEGIN{CONVFMT="%.2g"; a=3.14159; b=a ""; print b; x[0.1]=1; for (k in x) print k}\'',
    expected: { stdout: '3.1\n0.1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{OFMT="%.2f"; print 3.14159, 3}\'',
    script: 'awk \'BEGIN{OFMT="%.2f"; print 3.14159, 3}\'',
    expected: { stdout: '3.14 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print substr("hello",2); print substr("hello",1.5,1.5); print substr("hello", 10)}\'',
    script:
      'awk \'BEGIN{print substr("hello",2); print substr("hello",1.5,1.5); print substr("hello", 10)}\'',
    expected: { stdout: 'ello\nel\n\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print sprintf("%03d", 7); x = sprintf("%s-%s", "a", "b"); print x}\'',
    script: 'awk \'BEGIN{print sprintf("%03d", 7); x = sprintf("%s-%s", "a", "b"); print x}\'',
    expected: { stdout: '007\na-b\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print index("abc",""), "a\\"b\\\\c\\/d\\101"}\'',
    script: 'awk \'BEGIN{print index("abc",""), "a\\"b\\\\c\\/d\\101"}\'',
    expected: { stdout: '1 a"b\\c/dA\n', exitCode: 0 },
  },
  {
    name: "awk '$1 ~ /^[a-c]$/ {n++} END{print n+0}' so",
    script: "awk '$1 ~ /^[a-c]$/ {n++} END{print n+0}' so",
    files: pick('c', 'so'),
    expected: { stdout: '4\n', exitCode: 0 },
  },
  {
    name: 'awk \'$1 ~ "a"\' so',
    script: 'awk \'$1 ~ "a"\' so',
    files: pick('so'),
    expected: { stdout: 'a 10\na 9\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{re="^a.c$"; if ("abc" ~ re) print "m"; if ("a.c" ~ "a\\\\.c") print "m2"; if ("abc" ~ "a\\.c") print "m3"}\'',
    script:
      'awk \'BEGIN{re="^a.c$"; if ("abc" ~ re) print "m"; if ("a.c" ~ "a\\\\.c") print "m2"; if ("abc" ~ "a\\.c") print "m3"}\'',
    expected: { stdout: 'm\nm2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{if ("a/b" ~ /a\\/b/) print "ok"; if ("a/b" ~ "a/b") print "ok"; if ("]" ~ /[]]/) print "ok"; if ("a]" ~ /[\\]]/) print "ok"; if ("\\\\" ~ /[\\\\]/) print "ok"}\'',
    script:
      'awk \'BEGIN{if ("a/b" ~ /a\\/b/) print "ok"; if ("a/b" ~ "a/b") print "ok"; if ("]" ~ /[]]/) print "ok"; if ("a]" ~ /[\\]]/) print "ok"; if ("\\\\" ~ /[\\\\]/) print "ok"}\'',
    expected: { stdout: 'ok\nok\nok\nok\nok\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{if ("x^y" ~ /x\\^y/) print 1; if ("^" ~ /[\\^]/) print 2; if ("a-b" ~ /a[\\-]b/) print 3; if ("a/b" ~ /[/]/) print 4}\'',
    script:
      'awk \'BEGIN{if ("x^y" ~ /x\\^y/) print 1; if ("^" ~ /[\\^]/) print 2; if ("a-b" ~ /a[\\-]b/) print 3; if ("a/b" ~ /[/]/) print 4}\'',
    expected: { stdout: '1\n2\n3\n4\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{if ("aab" ~ /^a{2}b$/) print "int"; if ("foo(" ~ /\\(/) print 1; if ("ab" ~ /(a)(b)/) print 2}\'',
    script:
      'awk \'BEGIN{if ("aab" ~ /^a{2}b$/) print "int"; if ("foo(" ~ /\\(/) print 1; if ("ab" ~ /(a)(b)/) print 2}\'',
    expected: { stdout: 'int\n1\n2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print length("héllo")}\'',
    script: 'awk \'BEGIN{print length("héllo")}\'',
    expected: { stdout: '6\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%c%c", 256+65, "" }\' | od -c',
    script: 'awk \'BEGIN { printf "%c%c", 256+65, "" }\' | od -c',
    files: pick('c'),
    expected: { stdout: '0000000   A\n0000001\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print substr("hello", 0), substr("hello", -1, 3) }\'',
    script: 'awk \'BEGIN { print substr("hello", 0), substr("hello", -1, 3) }\'',
    expected: { stdout: 'hello h\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { delete a; a[1]=1; delete a; print length(a) }'",
    script: "awk 'BEGIN { delete a; a[1]=1; delete a; print length(a) }'",
    expected: { stdout: '0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print toupper(substr("abc", 1, 1)) substr("abc", 2) }\'',
    script: 'awk \'BEGIN { print toupper(substr("abc", 1, 1)) substr("abc", 2) }\'',
    expected: { stdout: 'Abc\n', exitCode: 0 },
  },
  {
    name: "awk 'length > 5' g",
    script: "awk 'length > 5' g",
    files: pick('g'),
    expected: {
      stdout: 'hello world\nfoo bar\nHello again\nword_foo foo\nfoobar\nlast foo\n',
      exitCode: 0,
    },
  },
  {
    name: 'printf \'print "from file"\\n\' > p.awk; printf \'BEGIN { print "f" }\\n\' > p2.awk; awk -f p2.awk',
    script:
      'printf \'print "from file"\\n\' > p.awk; printf \'BEGIN { print "f" }\\n\' > p2.awk; awk -f p2.awk',
    expected: { stdout: 'f\n', exitCode: 0 },
  },
  {
    name: "printf 'a b' | awk '{print $2}'",
    script: "printf 'a b' | awk '{print $2}'",
    expected: { stdout: 'b\n', exitCode: 0 },
  },
  {
    name: "printf 'a\\0b c\\n' | awk '{print $2}'",
    script: "printf 'a\\0b c\\n' | awk '{print $2}'",
    files: pick('c'),
    expected: { stdout: 'c\n', exitCode: 0 },
  },
  {
    name: "printf '\\n\\n' | awk '{print NF}'",
    script: "printf '\\n\\n' | awk '{print NF}'",
    expected: { stdout: '0\n0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print index("foobar", "bar") ? "yes" : "no" }\'',
    script: 'awk \'BEGIN { print index("foobar", "bar") ? "yes" : "no" }\'',
    expected: { stdout: 'yes\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf("%s %d\\n", "par", 3) }\'',
    script: 'awk \'BEGIN { printf("%s %d\\n", "par", 3) }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: 'par 3\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { print length(12345), length(1/4) }'",
    script: "awk 'BEGIN { print length(12345), length(1/4) }'",
    expected: { stdout: '5 4\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%d %d\\n", "0x1A", 1e18 }\'',
    script: 'awk \'BEGIN { printf "%d %d\\n", "0x1A", 1e18 }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '0 1000000000000000000\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%5.1f|%-8.3e|%G\\n", 3.14159, 31415.9, 1e-10 }\'',
    script: 'awk \'BEGIN { printf "%5.1f|%-8.3e|%G\\n", 3.14159, 31415.9, 1e-10 }\'',
    expected: { stdout: '  3.1|3.142e+04|1E-10\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%+d % d %#o %#x\\n", 5, 5, 8, 255 }\'',
    script: 'awk \'BEGIN { printf "%+d % d %#o %#x\\n", 5, 5, 8, 255 }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '+5  5 010 0xff\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%s\\n", 1e6; printf "%s\\n", 0.1; printf "%d\\n", 2147483648; printf "%d\\n", -2147483649 }\'',
    script:
      'awk \'BEGIN { printf "%s\\n", 1e6; printf "%s\\n", 0.1; printf "%d\\n", 2147483648; printf "%d\\n", -2147483649 }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '1000000\n0.1\n2147483648\n-2147483649\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { printf "%u\\n", 5 }\'',
    script: 'awk \'BEGIN { printf "%u\\n", 5 }\'',
    expected: { stdout: '5\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { if (!(3 in a)) print "no"; print length(a) }\'',
    script: 'awk \'BEGIN { if (!(3 in a)) print "no"; print length(a) }\'',
    expected: { stdout: 'no\n0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print substr("hello", 2, -1) "." }\'',
    script: 'awk \'BEGIN { print substr("hello", 2, -1) "." }\'',
    expected: { stdout: '.\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { n = split("2024-01-02", d, "-"); printf "%s/%s/%s %d\\n", d[2], d[3], d[1], n }\'',
    script:
      'awk \'BEGIN { n = split("2024-01-02", d, "-"); printf "%s/%s/%s %d\\n", d[2], d[3], d[1], n }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '01/02/2024 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { s = "a.b.c"; gsub(/\\./, "/", s); print s; gsub("/", ".", s); print s; gsub("[.]", "", s); print s }\'',
    script:
      'awk \'BEGIN { s = "a.b.c"; gsub(/\\./, "/", s); print s; gsub("/", ".", s); print s; gsub("[.]", "", s); print s }\'',
    files: pick('s'),
    expected: { stdout: 'a/b/c\na.b.c\nabc\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { s = "path/to/file"; sub(/.*\\//, "", s); print s }\'',
    script: 'awk \'BEGIN { s = "path/to/file"; sub(/.*\\//, "", s); print s }\'',
    files: pick('s'),
    expected: { stdout: 'file\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { s = "hello world"; print gsub(/o/, "\\\\\\\\&", s), s }\'',
    script: 'awk \'BEGIN { s = "hello world"; print gsub(/o/, "\\\\\\\\&", s), s }\'',
    files: pick('s'),
    expected: { stdout: '2 hell\\o w\\orld\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { s = "x"; sub(/x/, "a\\\\\\\\b", s); print s }\'',
    script: 'awk \'BEGIN { s = "x"; sub(/x/, "a\\\\\\\\b", s); print s }\'',
    files: pick('s'),
    expected: { stdout: 'a\\b\n', exitCode: 0 },
  },
  {
    name: 'awk \'{ sub(/#.*/, "") } NF { print }\' g',
    script: 'awk \'{ sub(/#.*/, "") } NF { print }\' g',
    files: pick('g'),
    expected: {
      stdout: 'hello world\nfoo bar\nHello again\nword_foo foo\nfoobar\nlast foo\n',
      exitCode: 0,
    },
  },
  {
    name: 'awk \'BEGIN { printf "a\\tb\\\\n\\n" }\'',
    script: 'awk \'BEGIN { printf "a\\tb\\\\n\\n" }\'',
    expected: { stdout: 'a\tb\\n\n', exitCode: 0 },
  },
  {
    name: "awk 'function f(x) { x[1] = 5 } BEGIN { f(a); f(a); print a[1], length(a) }'",
    script: "awk 'function f(x) { x[1] = 5 } BEGIN { f(a); f(a); print a[1], length(a) }'",
    expected: { stdout: '5 1\n', exitCode: 0 },
  },
  {
    name: 'awk \'function r(n) { if (n > 0) { r(n - 1); printf "%d ", n } } BEGIN { r(5); print "" }\'',
    script:
      'awk \'function r(n) { if (n > 0) { r(n - 1); printf "%d ", n } } BEGIN { r(5); print "" }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '1 2 3 4 5 \n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { regex = "b+"; s = "abbbc"; if (match(s, regex)) print substr(s, RSTART, RLENGTH) }\'',
    script:
      'awk \'BEGIN { regex = "b+"; s = "abbbc"; if (match(s, regex)) print substr(s, RSTART, RLENGTH) }\'',
    files: pick('s'),
    expected: { stdout: 'bbb\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print length "x" }\'',
    script: 'awk \'BEGIN { print length "x" }\'',
    expected: { stdout: '0x\n', exitCode: 0 },
  },
]

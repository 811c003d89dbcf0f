import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const AWK_LANGUAGE: readonly ToolCase[] = [
  {
    name: "awk '{print $1}' so",
    script: "awk '{print $1}' so",
    files: pick('so'),
    expected: { stdout: 'b\na\nc\na\n', exitCode: 0 },
  },
  {
    name: "awk '{print $NF}' g",
    script: "awk '{print $NF}' g",
    files: pick('g'),
    expected: { stdout: 'world\nbar\nagain\nfoo\nfoobar\n\nfoo\n', exitCode: 0 },
  },
  {
    name: "awk '{print NF, NR, FNR}' g n3",
    script: "awk '{print NF, NR, FNR}' g n3",
    files: pick('n3', 'g'),
    expected: {
      stdout: '2 1 1\n2 2 2\n2 3 3\n2 4 4\n1 5 5\n0 6 6\n2 7 7\n1 8 1\n1 9 2\n1 10 3\n',
      exitCode: 0,
    },
  },
  {
    name: "awk 'BEGIN{print 1+2*3, 2^10, 7%3, -2^2, 2**3, 1/4}'",
    script: "awk 'BEGIN{print 1+2*3, 2^10, 7%3, -2^2, 2**3, 1/4}'",
    expected: { stdout: '7 1024 1 -4 8 0.25\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{print 1e6, 1000000, 0.1+0.2, 100000000000000000000, 1e300, 3.0}'",
    script: "awk 'BEGIN{print 1e6, 1000000, 0.1+0.2, 100000000000000000000, 1e300, 3.0}'",
    expected: { stdout: '1000000 1000000 0.3 100000000000000000000 1e+300 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{x["a"]=1; x["b"]=2; for (k in x) s += x[k]; print s; delete x["a"]; print ("a" in x), ("b" in x)}\'',
    script:
      'awk \'BEGIN{x["a"]=1; x["b"]=2; for (k in x) s += x[k]; print s; delete x["a"]; print ("a" in x), ("b" in x)}\'',
    files: pick('s'),
    expected: { stdout: '3\n0 1\n', exitCode: 0 },
  },
  {
    name: "awk '{c[$1]++} END{for (k in c) print k, c[k]}' so | sort",
    script: "awk '{c[$1]++} END{for (k in c) print k, c[k]}' so | sort",
    files: pick('c', 'so'),
    expected: { stdout: 'a 2\nb 1\nc 1\n', exitCode: 0 },
  },
  {
    name: "awk 'NR==2' g",
    script: "awk 'NR==2' g",
    files: pick('g'),
    expected: { stdout: 'foo bar\n', exitCode: 0 },
  },
  {
    name: "awk 'NR==2,NR==4' g",
    script: "awk 'NR==2,NR==4' g",
    files: pick('g'),
    expected: { stdout: 'foo bar\nHello again\nword_foo foo\n', exitCode: 0 },
  },
  {
    name: "awk '/foo/' g",
    script: "awk '/foo/' g",
    files: pick('g'),
    expected: { stdout: 'foo bar\nword_foo foo\nfoobar\nlast foo\n', exitCode: 0 },
  },
  {
    name: "awk '!/foo/' g",
    script: "awk '!/foo/' g",
    files: pick('g'),
    expected: { stdout: 'hello world\nHello again\n\n', exitCode: 0 },
  },
  {
    name: "awk '/foo/,/bar/' g",
    script: "awk '/foo/,/bar/' g",
    files: pick('g'),
    expected: { stdout: 'foo bar\nword_foo foo\nfoobar\nlast foo\n', exitCode: 0 },
  },
  {
    name: "awk '$2 > 5' so",
    script: "awk '$2 > 5' so",
    files: pick('so'),
    expected: { stdout: 'a 10\na 9\n', exitCode: 0 },
  },
  {
    name: 'awk \'$1 == "a"\' so',
    script: 'awk \'$1 == "a"\' so',
    files: pick('so'),
    expected: { stdout: 'a 10\na 9\n', exitCode: 0 },
  },
  {
    name: "awk 'END{print NR}' g",
    script: "awk 'END{print NR}' g",
    files: pick('g'),
    expected: { stdout: '7\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{while (i<3) print i++; do print i--; while (i>1)}'",
    script: "awk 'BEGIN{while (i<3) print i++; do print i--; while (i>1)}'",
    expected: { stdout: '0\n1\n2\n3\n2\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{for (i=0;i<5;i++) {if (i==1) continue; if (i==3) break; print i}}'",
    script: "awk 'BEGIN{for (i=0;i<5;i++) {if (i==1) continue; if (i==3) break; print i}}'",
    expected: { stdout: '0\n2\n', exitCode: 0 },
  },
  {
    name: "awk 'function f(n) {return n<=1?1:n*f(n-1)} BEGIN{print f(10)}'",
    script: "awk 'function f(n) {return n<=1?1:n*f(n-1)} BEGIN{print f(10)}'",
    expected: { stdout: '3628800\n', exitCode: 0 },
  },
  {
    name: 'awk \'function g(a) {a["x"]=1} BEGIN{g(z); print z["x"]}\'',
    script: 'awk \'function g(a) {a["x"]=1} BEGIN{g(z); print z["x"]}\'',
    files: pick('g'),
    expected: { stdout: '1\n', exitCode: 0 },
  },
  {
    name: "awk 'function h(a, i) {i=5; a=6} BEGIN{i=1; a=2; h(a); print i, a}'",
    script: "awk 'function h(a,  i) {i=5; a=6} BEGIN{i=1; a=2; h(a); print i, a}'",
    expected: { stdout: '1 2\n', exitCode: 0 },
  },
  {
    name: "awk 'function fib(n) {return n<2?n:fib(n-1)+fib(n-2)} BEGIN{print fib(20)}'",
    script: "awk 'function fib(n) {return n<2?n:fib(n-1)+fib(n-2)} BEGIN{print fib(20)}'",
    expected: { stdout: '6765\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{exit 4} END{print "end"}\'',
    script: 'awk \'BEGIN{exit 4} END{print "end"}\'',
    expected: { stdout: 'end\n', exitCode: 4 },
  },
  {
    name: "awk '{exit} END{print NR}' n3",
    script: "awk '{exit} END{print NR}' n3",
    files: pick('n3'),
    expected: { stdout: '1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print -3 % 2, int(-3.7), int("3abc"), "3x"+1}\'',
    script: 'awk \'BEGIN{print -3 % 2, int(-3.7), int("3abc"), "3x"+1}\'',
    expected: { stdout: '-1 -3 3 4\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print 1==1.0, "a"<"b", 10<9, "10"<"9", 2<10}\'',
    script: 'awk \'BEGIN{print 1==1.0, "a"<"b", 10<9, "10"<"9", 2<10}\'',
    expected: { stdout: '1 1 0 1 1\n', exitCode: 0 },
  },
  {
    name: "echo '10 9' | awk '{print ($1<$2), ($1<\"9\"), $1==10.0}'",
    script: "echo '10 9' | awk '{print ($1<$2), ($1<\"9\"), $1==10.0}'",
    expected: { stdout: '0 1 1\n', exitCode: 0 },
  },
  {
    name: "echo '0x10 1e2 +5 abc' | awk '{print $1+0, $2+0, $3+0, $4+0}'",
    script: "echo '0x10 1e2 +5 abc' | awk '{print $1+0, $2+0, $3+0, $4+0}'",
    expected: { stdout: '0 100 5 0\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print "a" "b" 1 2; print 1 " " 2; print 1 -1, 1 " " -1}\'',
    script: 'awk \'BEGIN{print "a" "b" 1 2; print 1 " " 2; print 1 -1, 1 " " -1}\'',
    expected: { stdout: 'ab12\n1 2\n0 1-1\n', exitCode: 0 },
  },
  {
    name: "echo 'a b c' | awk '{$2=\"X\"; print; print NF}'",
    script: "echo 'a b c' | awk '{$2=\"X\"; print; print NF}'",
    files: pick('c'),
    expected: { stdout: 'a X c\n3\n', exitCode: 0 },
  },
  {
    name: "echo 'a b c' | awk '{$5=\"X\"; print; print NF}'",
    script: "echo 'a b c' | awk '{$5=\"X\"; print; print NF}'",
    files: pick('c'),
    expected: { stdout: 'a b c  X\n5\n', exitCode: 0 },
  },
  {
    name: "echo 'a b c' | awk '{NF=2; print; $0=\"x y\"; print $2, NF}'",
    script: "echo 'a b c' | awk '{NF=2; print; $0=\"x y\"; print $2, NF}'",
    files: pick('c'),
    expected: { stdout: 'a b\ny 2\n', exitCode: 0 },
  },
  {
    name: "awk -v x=5 'BEGIN{print x+1}'",
    script: "awk -v x=5 'BEGIN{print x+1}'",
    expected: { stdout: '6\n', exitCode: 0 },
  },
  {
    name: "awk -v 's=a\\tb' 'BEGIN{print s}'",
    script: "awk -v 's=a\\tb' 'BEGIN{print s}'",
    files: pick('s'),
    expected: { stdout: 'a\tb\n', exitCode: 0 },
  },
  {
    name: "awk 'END{print $0, NF}' g",
    script: "awk 'END{print $0, NF}' g",
    files: pick('g'),
    expected: { stdout: 'last foo 2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { if (!("x" in a)) print "no"; a["x"]; if ("x" in a) print "yes" }\'',
    script: 'awk \'BEGIN { if (!("x" in a)) print "no"; a["x"]; if ("x" in a) print "yes" }\'',
    expected: { stdout: 'no\nyes\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{a="x"; a = a a a; print a; b = c = 3; print b+c; a += 5; print a}\'',
    script: 'awk \'BEGIN{a="x"; a = a a a; print a; b = c = 3; print b+c; a += 5; print a}\'',
    files: pick('c'),
    expected: { stdout: 'xxx\n6\n5\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{i=5; print i++ + ++i, i--, --i; $0="3 4"; print $1++ + $2, $0}\'',
    script: 'awk \'BEGIN{i=5; print i++ + ++i, i--, --i; $0="3 4"; print $1++ + $2, $0}\'',
    expected: { stdout: '12 7 5\n7 4 4\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print !0, !1, !"", !"a", !x; print 1&&0, 1||0}\'',
    script: 'awk \'BEGIN{print !0, !1, !"", !"a", !x; print 1&&0, 1||0}\'',
    expected: { stdout: '1 0 1 0 1\n0 1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print 1>2?"a":"b"; print (1>2)?"a":"b"}\'; cat 2; rm -f 2',
    script: 'awk \'BEGIN{print 1>2?"a":"b"; print (1>2)?"a":"b"}\'; cat 2; rm -f 2',
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{x = 1 > 0 ? "y" : "n"; print x}\'',
    script: 'awk \'BEGIN{x = 1 > 0 ? "y" : "n"; print x}\'',
    expected: { stdout: 'y\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{print 2^3^2, -2^2, 2^-1, !1+1}'",
    script: "awk 'BEGIN{print 2^3^2, -2^2, 2^-1, !1+1}'",
    expected: { stdout: '512 -4 0.5 1\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{print log(1), exp(0), sqrt(16), sin(0), cos(0), atan2(0,-1)}'",
    script: "awk 'BEGIN{print log(1), exp(0), sqrt(16), sin(0), cos(0), atan2(0,-1)}'",
    expected: { stdout: '0 1 4 0 1 3.14159\n', exitCode: 0 },
  },
  {
    name: 'awk \' # comment function add(a,b) # c { return a + b } BEGIN { x = add(1, 2) if (x == 3) print "three" else print "other" for (;;) break while (0) ; y = 1 + \\ 2 print y }\'',
    script:
      'awk \'\n# comment\nfunction add(a,b) # c\n{\n  return a + b\n}\nBEGIN {\n  x = add(1,\n      2)\n  if (x == 3)\n    print "three"\n  else\n    print "other"\n  for (;;)\n    break\n  while (0) ;\n  y = 1 + \\\n    2\n  print y\n}\'',
    files: pick('c'),
    expected: { stdout: 'three\n3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { if (1) print "a"; else print "b" }\'',
    script: 'awk \'BEGIN { if (1) print "a"; else print "b" }\'',
    expected: { stdout: 'a\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { if (1) { print "a" } else print "b"; print "c" }\'',
    script: 'awk \'BEGIN { if (1) { print "a" } else print "b"; print "c" }\'',
    files: pick('c'),
    expected: { stdout: 'a\nc\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { if (0) ; else print "b" }\'',
    script: 'awk \'BEGIN { if (0) ; else print "b" }\'',
    expected: { stdout: 'b\n', exitCode: 0 },
  },
  {
    name: 'awk \'{ $3 = ""; print }\' so',
    script: 'awk \'{ $3 = ""; print }\' so',
    files: pick('so'),
    expected: { stdout: 'b 3 \na 10 \nc 2 \na 9 \n', exitCode: 0 },
  },
  {
    name: "awk 'NF' g",
    script: "awk 'NF' g",
    files: pick('g'),
    expected: {
      stdout: 'hello world\nfoo bar\nHello again\nword_foo foo\nfoobar\nlast foo\n',
      exitCode: 0,
    },
  },
  {
    name: "awk 'NR%2' g",
    script: "awk 'NR%2' g",
    files: pick('g'),
    expected: { stdout: 'hello world\nHello again\nfoobar\nlast foo\n', exitCode: 0 },
  },
  {
    name: "awk '1' g",
    script: "awk '1' g",
    files: pick('g'),
    expected: {
      stdout: 'hello world\nfoo bar\nHello again\nword_foo foo\nfoobar\n\nlast foo\n',
      exitCode: 0,
    },
  },
  {
    name: "awk '0' g",
    script: "awk '0' g",
    files: pick('g'),
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: "awk 'NR==1{next} {print}' n3",
    script: "awk 'NR==1{next} {print}' n3",
    files: pick('n3'),
    expected: { stdout: '2\n3\n', exitCode: 0 },
  },
  {
    name: "awk 'function f() { next } NR==2 { f() } { print }' n3",
    script: "awk 'function f() { next } NR==2 { f() } { print }' n3",
    files: pick('n3'),
    expected: { stdout: '1\n3\n', exitCode: 0 },
  },
  {
    name: 'awk \'{ s = s $0 "," } END { print s }\' n3',
    script: 'awk \'{ s = s $0 "," } END { print s }\' n3',
    files: pick('s', 'n3'),
    expected: { stdout: '1,2,3,\n', exitCode: 0 },
  },
  {
    name: "awk '{ a[NR] = $0 } END { for (i = NR; i > 0; i--) print a[i] }' n3",
    script: "awk '{ a[NR] = $0 } END { for (i = NR; i > 0; i--) print a[i] }' n3",
    files: pick('n3'),
    expected: { stdout: '3\n2\n1\n', exitCode: 0 },
  },
  {
    name: "awk '!seen[$0]++' u",
    script: "awk '!seen[$0]++' u",
    files: pick('u'),
    expected: { stdout: 'a\nb\nc\nA\n', exitCode: 0 },
  },
  {
    name: "awk '{ sum += $2 } END { print sum, sum/NR }' so",
    script: "awk '{ sum += $2 } END { print sum, sum/NR }' so",
    files: pick('so'),
    expected: { stdout: '24 6\n', exitCode: 0 },
  },
  {
    name: 'awk \'{ print; print "---" }\' n3',
    script: 'awk \'{ print; print "---" }\' n3',
    files: pick('n3'),
    expected: { stdout: '1\n---\n2\n---\n3\n---\n', exitCode: 0 },
  },
  { name: "awk '{print'", script: "awk '{print'", expected: { stdout: '', exitCode: 2 } },
  {
    name: "awk 'BEGIN{print 1/0}'",
    script: "awk 'BEGIN{print 1/0}'",
    expected: { stdout: '', exitCode: 2 },
  },
  {
    name: "awk 'BEGIN { f(1) }'",
    script: "awk 'BEGIN { f(1) }'",
    expected: { stdout: '', exitCode: 2 },
  },
  {
    name: "awk 'BEGIN { print \"unterminated }'",
    script: "awk 'BEGIN { print \"unterminated }'",
    expected: { stdout: '', exitCode: 2 },
  },
  {
    name: "awk 'BEGIN { x = /[/ }'",
    script: "awk 'BEGIN { x = /[/ }'",
    expected: { stdout: '', exitCode: 2 },
  },
  { name: 'awk', script: 'awk', expected: { stdout: '', exitCode: 2 } },
  {
    name: 'awk \'BEGIN { $0 = "a b c"; print NF, $2 }\'',
    script: 'awk \'BEGIN { $0 = "a b c"; print NF, $2 }\'',
    files: pick('c'),
    expected: { stdout: '3 b\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { $3 = "x"; print NF, $0 }\'',
    script: 'awk \'BEGIN { $3 = "x"; print NF, $0 }\'',
    expected: { stdout: '3   x\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { a["x"] = 1; f(a); print a["x"] } function f(b) { b["x"] = 2 }\'',
    script: 'awk \'BEGIN { a["x"] = 1; f(a); print a["x"] } function f(b) { b["x"] = 2 }\'',
    expected: { stdout: '2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print("a", "b") }\'',
    script: 'awk \'BEGIN { print("a", "b") }\'',
    expected: { stdout: 'a b\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print("a")("b") }\'',
    script: 'awk \'BEGIN { print("a")("b") }\'',
    expected: { stdout: 'ab\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { x = "A"; y = x++; print x, y }\'',
    script: 'awk \'BEGIN { x = "A"; y = x++; print x, y }\'',
    expected: { stdout: '1 0\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { print 010, 1e3, .5, 5. }'",
    script: "awk 'BEGIN { print 010, 1e3, .5, 5. }'",
    expected: { stdout: '10 1000 0.5 5\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print "3" + "4", "3" "4", "1e2" * 1 }\'',
    script: 'awk \'BEGIN { print "3" + "4", "3" "4", "1e2" * 1 }\'',
    expected: { stdout: '7 34 100\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print 1 == "1", "a" == "a", "" == 0, x == 0, x == "" }\'',
    script: 'awk \'BEGIN { print 1 == "1", "a" == "a", "" == 0, x == 0, x == "" }\'',
    expected: { stdout: '1 1 0 1 1\n', exitCode: 0 },
  },
  {
    name: "echo ' +1 ' | awk '{ print ($1 == 1), ($0 == 1) }'",
    script: "echo ' +1 ' | awk '{ print ($1 == 1), ($0 == 1) }'",
    expected: { stdout: '1 1\n', exitCode: 0 },
  },
  {
    name: "echo '1.0' | awk '{ print ($1 == 1), ($1 == \"1\") }'",
    script: "echo '1.0' | awk '{ print ($1 == 1), ($1 == \"1\") }'",
    expected: { stdout: '1 0\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{for (i = 1; i <= 3; i++) for (j = 1; j <= 2; j++) m[i, j] = i * j; print m[3, 2]}'",
    script:
      "awk 'BEGIN{for (i = 1; i <= 3; i++) for (j = 1; j <= 2; j++) m[i, j] = i * j; print m[3, 2]}'",
    expected: { stdout: '6\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { print 1000000 * 1000000, 2^31, 2^53, 2^53 + 1 }'",
    script: "awk 'BEGIN { print 1000000 * 1000000, 2^31, 2^53, 2^53 + 1 }'",
    expected: {
      stdout: '1000000000000 2147483648 9007199254740992 9007199254740992\n',
      exitCode: 0,
    },
  },
  {
    name: "awk 'BEGIN { print 123456789, 1234567.5, 0.000001, 1e-7, 123456.789 }'",
    script: "awk 'BEGIN { print 123456789, 1234567.5, 0.000001, 1e-7, 123456.789 }'",
    expected: { stdout: '123456789 1.23457e+06 1e-06 1e-07 123457\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { x["a"]; for (k in x) delete x[k]; n = 0; for (k in x) n++; print n }\'',
    script: 'awk \'BEGIN { x["a"]; for (k in x) delete x[k]; n = 0; for (k in x) n++; print n }\'',
    expected: { stdout: '0\n', exitCode: 0 },
  },
  {
    name: "awk '/a/ || /c/ { print NR }' so",
    script: "awk '/a/ || /c/ { print NR }' so",
    files: pick('c', 'so'),
    expected: { stdout: '2\n3\n4\n', exitCode: 0 },
  },
  {
    name: "awk '/a/ && /1/' so",
    script: "awk '/a/ && /1/' so",
    files: pick('so'),
    expected: { stdout: 'a 10\n', exitCode: 0 },
  },
  {
    name: 'awk \'$2 >= 3 && $1 != "c" { print $0 ": ok" }\' so',
    script: 'awk \'$2 >= 3 && $1 != "c" { print $0 ": ok" }\' so',
    files: pick('c', 'so'),
    expected: { stdout: 'b 3: ok\na 10: ok\na 9: ok\n', exitCode: 0 },
  },
  {
    name: "awk 'NR > 1 { print prev } { prev = $0 }' n3",
    script: "awk 'NR > 1 { print prev } { prev = $0 }' n3",
    files: pick('n3'),
    expected: { stdout: '1\n2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print -"3", +"4x", - -3}\'',
    script: 'awk \'BEGIN{print -"3", +"4x", - -3}\'',
    expected: { stdout: '-3 4 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print 5 " items"; print 5" items" }\'',
    script: 'awk \'BEGIN { print 5 " items"; print 5" items" }\'',
    expected: { stdout: '5 items\n5 items\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{a=1;b=2; print a" "b; print a b; print a+b c}\'',
    script: 'awk \'BEGIN{a=1;b=2; print a" "b; print a b; print a+b c}\'',
    files: pick('c'),
    expected: { stdout: '1 2\n12\n3\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { for (i = 0; i < 3; i++) { x = x i; if (i == 1) next_ = 1 } print x, next_ }'",
    script:
      "awk 'BEGIN { for (i = 0; i < 3; i++) { x = x i; if (i == 1) next_ = 1 } print x, next_ }'",
    expected: { stdout: '012 1\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN { while (1) { if (++n > 5) break }; print n }'",
    script: "awk 'BEGIN { while (1) { if (++n > 5) break }; print n }'",
    expected: { stdout: '6\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{ do { n++; if (n == 2) continue; if (n > 4) break } while (n < 10); print n }'",
    script:
      "awk 'BEGIN{ do { n++; if (n == 2) continue; if (n > 4) break } while (n < 10); print n }'",
    expected: { stdout: '5\n', exitCode: 0 },
  },
  {
    name: 'awk \'function f(x) { return g(x) } function g(y) { y["k"] = 7; return 1 } BEGIN { f(arr); print arr["k"] }\'',
    script:
      'awk \'function f(x) { return g(x) } function g(y) { y["k"] = 7; return 1 } BEGIN { f(arr); print arr["k"] }\'',
    files: pick('g'),
    expected: { stdout: '7\n', exitCode: 0 },
  },
  {
    name: 'awk \'function f(a) { a = a + 1; return } BEGIN { x = 1; y = f(x); print x, "[" y "]" }\'',
    script:
      'awk \'function f(a) { a = a + 1; return } BEGIN { x = 1; y = f(x); print x, "[" y "]" }\'',
    expected: { stdout: '1 []\n', exitCode: 0 },
  },
  {
    name: "awk '{ $(NF + 1) = NR } 1' n3",
    script: "awk '{ $(NF + 1) = NR } 1' n3",
    files: pick('n3'),
    expected: { stdout: '1 1\n2 2\n3 3\n', exitCode: 0 },
  },
  {
    name: "awk '{ print $(NF-1) }' so",
    script: "awk '{ print $(NF-1) }' so",
    files: pick('so'),
    expected: { stdout: 'b\na\nc\na\n', exitCode: 0 },
  },
  {
    name: "awk '{ print $NF-1, $(1) }' so",
    script: "awk '{ print $NF-1, $(1) }' so",
    files: pick('so'),
    expected: { stdout: '2 b\n9 a\n1 c\n8 a\n', exitCode: 0 },
  },
  {
    name: "awk '{ $2++; print }' so",
    script: "awk '{ $2++; print }' so",
    files: pick('so'),
    expected: { stdout: 'b 4\na 11\nc 3\na 10\n', exitCode: 0 },
  },
]

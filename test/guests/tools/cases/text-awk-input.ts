import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const AWK_INPUT: readonly ToolCase[] = [
  {
    name: "awk -F: '{print $2}' c",
    script: "awk -F: '{print $2}' c",
    files: pick('c'),
    expected: { stdout: 'b\ne\n\n', exitCode: 0 },
  },
  {
    name: "awk -F : -v OFS=- '{$1=$1; print}' c",
    script: "awk -F : -v OFS=- '{$1=$1; print}' c",
    files: pick('c'),
    expected: { stdout: 'a-b-c\nd-e-f\nnodelim\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{"echo hi" | getline x; print x}\'',
    script: 'awk \'BEGIN{"echo hi" | getline x; print x}\'',
    expected: { stdout: 'hi\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{while (("cat n3" | getline l) > 0) print "got", l; close("cat n3")}\'',
    script: 'awk \'BEGIN{while (("cat n3" | getline l) > 0) print "got", l; close("cat n3")}\'',
    files: pick('n3'),
    expected: { stdout: 'got 1\ngot 2\ngot 3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{while ((getline l < "n3") > 0) print l; print (getline l < "nofile")}\'',
    script: 'awk \'BEGIN{while ((getline l < "n3") > 0) print l; print (getline l < "nofile")}\'',
    files: pick('n3'),
    expected: { stdout: '1\n2\n3\n-1\n', exitCode: 0 },
  },
  {
    name: 'awk \'NR==1{getline; print "after", $0, NR}\' n3',
    script: 'awk \'NR==1{getline; print "after", $0, NR}\' n3',
    files: pick('n3'),
    expected: { stdout: 'after 2 2\n', exitCode: 0 },
  },
  {
    name: "awk 'NR==1{getline x; print x, $0, NR}' n3",
    script: "awk 'NR==1{getline x; print x, $0, NR}' n3",
    files: pick('n3'),
    expected: { stdout: '2 1 2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print "b\\na" | "sort"; close("sort"); print "done"}\'',
    script: 'awk \'BEGIN{print "b\\na" | "sort"; close("sort"); print "done"}\'',
    expected: { stdout: 'a\nb\ndone\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print "x" > "of"; print "y" > "of"; close("of"); while ((getline l < "of")>0) print l}\'',
    script:
      'awk \'BEGIN{print "x" > "of"; print "y" > "of"; close("of"); while ((getline l < "of")>0) print l}\'',
    expected: { stdout: 'x\ny\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print "a" >> "of2"; close("of2"); print "b" >> "of2"}\' ; cat of2; rm of2',
    script: 'awk \'BEGIN{print "a" >> "of2"; close("of2"); print "b" >> "of2"}\' ; cat of2; rm of2',
    expected: { stdout: 'a\nb\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{r = system("exit 3"); print r}\'',
    script: 'awk \'BEGIN{r = system("exit 3"); print r}\'',
    expected: { stdout: '3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{system("echo from sh"); print "after"}\'',
    script: 'awk \'BEGIN{system("echo from sh"); print "after"}\'',
    expected: { stdout: 'from sh\nafter\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print 1,2 > "/dev/stdout"}\'',
    script: 'awk \'BEGIN{print 1,2 > "/dev/stdout"}\'',
    expected: { stdout: '1 2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{OFS="-"; ORS="!\\n"; print 1,2}\'',
    script: 'awk \'BEGIN{OFS="-"; ORS="!\\n"; print 1,2}\'',
    expected: { stdout: '1-2!\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{FS=","} {print $2}\' n3',
    script: 'awk \'BEGIN{FS=","} {print $2}\' n3',
    files: pick('n3'),
    expected: { stdout: '\n\n\n', exitCode: 0 },
  },
  {
    name: 'printf \'a b\\nc\\n\\nd e\\nf\\n\' | awk \'BEGIN{RS=""}{print NR": "$1"-"$NF" "NF}\'',
    script: 'printf \'a b\\nc\\n\\nd e\\nf\\n\' | awk \'BEGIN{RS=""}{print NR": "$1"-"$NF" "NF}\'',
    expected: { stdout: '1: a-c 3\n2: d-f 3\n', exitCode: 0 },
  },
  {
    name: "printf 'a b\\nc\\n\\n\\n\\nd e\\nf\\n\\n' | awk -v RS= -F'\\n' '{print $1; print NF}'",
    script: "printf 'a b\\nc\\n\\n\\n\\nd e\\nf\\n\\n' | awk -v RS= -F'\\n' '{print $1; print NF}'",
    expected: { stdout: 'a b\n2\nd e\n2\n', exitCode: 0 },
  },
  {
    name: "printf 'a;b;c' | awk 'BEGIN{RS=\";\"}{print}'",
    script: "printf 'a;b;c' | awk 'BEGIN{RS=\";\"}{print}'",
    files: pick('c'),
    expected: { stdout: 'a\nb\nc\n', exitCode: 0 },
  },
  {
    name: "printf 'a12b345c\\n' | awk 'BEGIN{RS=\"[0-9]+\"}{print}'",
    script: "printf 'a12b345c\\n' | awk 'BEGIN{RS=\"[0-9]+\"}{print}'",
    expected: { stdout: 'a\nb\nc\n\n', exitCode: 0 },
  },
  {
    name: "printf 'a,b\\tc d\\n' | awk -F'[,\\t ]' '{print $2, $3, NF}'",
    script: "printf 'a,b\\tc d\\n' | awk -F'[,\\t ]' '{print $2, $3, NF}'",
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: 'b c 4\n', exitCode: 0 },
  },
  {
    name: "printf 'a|b|c\\n' | awk -F'|' '{print $2}'",
    script: "printf 'a|b|c\\n' | awk -F'|' '{print $2}'",
    files: pick('c'),
    expected: { stdout: 'b\n', exitCode: 0 },
  },
  {
    name: "printf 'a.b.c\\n' | awk -F. '{print $2}'",
    script: "printf 'a.b.c\\n' | awk -F. '{print $2}'",
    expected: { stdout: 'b\n', exitCode: 0 },
  },
  {
    name: "printf 'a\\tb c\\td\\n' | awk -F'\\t' '{print $2}'",
    script: "printf 'a\\tb c\\td\\n' | awk -F'\\t' '{print $2}'",
    files: pick('c'),
    expected: { stdout: 'b c\n', exitCode: 0 },
  },
  {
    name: "printf 'a\\tb\\n' | awk -Ft '{print $2}'",
    script: "printf 'a\\tb\\n' | awk -Ft '{print $2}'",
    expected: { stdout: 'b\n', exitCode: 0 },
  },
  {
    name: "printf 'abc\\n' | awk -F '' '{print $2, NF}'",
    script: "printf 'abc\\n' | awk -F '' '{print $2, NF}'",
    expected: { stdout: 'b 3\n', exitCode: 0 },
  },
  {
    name: "awk '{print x}' x=1 n3 x=2 n3",
    script: "awk '{print x}' x=1 n3 x=2 n3",
    files: pick('n3'),
    expected: { stdout: '1\n1\n1\n2\n2\n2\n', exitCode: 0 },
  },
  {
    name: "awk 'BEGIN{print ARGC, ARGV[1], ARGV[2]}' a b",
    script: "awk 'BEGIN{print ARGC, ARGV[1], ARGV[2]}' a b",
    expected: { stdout: '3 a b\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{ARGV[1]="n3"} {print}\' nofile',
    script: 'awk \'BEGIN{ARGV[1]="n3"} {print}\' nofile',
    files: pick('n3'),
    expected: { stdout: '1\n2\n3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print ENVIRON["LC_ALL"]}\'',
    script: 'awk \'BEGIN{print ENVIRON["LC_ALL"]}\'',
    expected: { stdout: 'C\n', exitCode: 0 },
  },
  {
    name: "awk '{print FILENAME}' n3",
    script: "awk '{print FILENAME}' n3",
    files: pick('n3'),
    expected: { stdout: 'n3\nn3\nn3\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{print "a" > "/dev/stderr"}\'',
    script: 'awk \'BEGIN{print "a" > "/dev/stderr"}\'',
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN{getline; print "got " $0}\' n3',
    script: 'awk \'BEGIN{getline; print "got " $0}\' n3',
    files: pick('n3'),
    expected: { stdout: 'got 1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { "date +%Y" | getline y; print (y > 2000) }\'',
    script: 'awk \'BEGIN { "date +%Y" | getline y; print (y > 2000) }\'',
    expected: { stdout: '1\n', exitCode: 0 },
  },
  {
    name: 'awk \'{print > ("out_" $1)}\' so; cat out_a; rm out_*',
    script: 'awk \'{print > ("out_" $1)}\' so; cat out_a; rm out_*',
    files: pick('so'),
    expected: { stdout: 'a 10\na 9\n', exitCode: 0 },
  },
  {
    name: 'awk \'{ nextfile; print "no" } END { print FNR, NR }\' n3 n5',
    script: 'awk \'{ nextfile; print "no" } END { print FNR, NR }\' n3 n5',
    files: pick('n3', 'n5'),
    expected: { stdout: '1 2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { while ("echo a; echo b" | getline line) n++; print n }\'',
    script: 'awk \'BEGIN { while ("echo a; echo b" | getline line) n++; print n }\'',
    expected: { stdout: '2\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print substr("x", 1, 0) "|" }\'',
    script: 'awk \'BEGIN { print substr("x", 1, 0) "|" }\'',
    expected: { stdout: '|\n', exitCode: 0 },
  },
  { name: 'awk -f nofile.awk', script: 'awk -f nofile.awk', expected: { stdout: '', exitCode: 2 } },
  {
    name: "awk '{print}' nofile",
    script: "awk '{print}' nofile",
    expected: { stdout: '', exitCode: 2 },
  },
  {
    name: "awk '{print}' nofile n3",
    script: "awk '{print}' nofile n3",
    files: pick('n3'),
    expected: { stdout: '1\n2\n3\n', exitCode: 2 },
  },
  {
    name: 'echo \'a:b\' | awk \'{ split($0, p, ":"); print p[2]; FS=":"; $0 = $0; print $2 }\'',
    script: 'echo \'a:b\' | awk \'{ split($0, p, ":"); print p[2]; FS=":"; $0 = $0; print $2 }\'',
    expected: { stdout: 'b\nb\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { "pwd" | getline d; close("pwd"); print (d != "") }\'',
    script: 'awk \'BEGIN { "pwd" | getline d; close("pwd"); print (d != "") }\'',
    files: pick('d/a.txt', 'd/b.c', 'd/e/c.txt'),
    expected: { stdout: '1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { "echo 1 2" | getline; print $2; "echo 1 2" | getline a[1]; print a[1] "|" }\'',
    script:
      'awk \'BEGIN { "echo 1 2" | getline; print $2; "echo 1 2" | getline a[1]; print a[1] "|" }\'',
    expected: { stdout: '2\n|\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { cmd = "cat"; print "x" | cmd; close(cmd); print "y" }\'',
    script: 'awk \'BEGIN { cmd = "cat"; print "x" | cmd; close(cmd); print "y" }\'',
    expected: { stdout: 'x\ny\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { print "to cat" | "cat 1>&2" }\'',
    script: 'awk \'BEGIN { print "to cat" | "cat 1>&2" }\'',
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { s = "foo bar"; gsub(/[aeiou]/, "<&>", s); print s; gsub(/^/, ">", s); print s; gsub(/$/, "<", s); print s }\'',
    script:
      'awk \'BEGIN { s = "foo bar"; gsub(/[aeiou]/, "<&>", s); print s; gsub(/^/, ">", s); print s; gsub(/$/, "<", s); print s }\'',
    files: pick('s'),
    expected: { stdout: 'f<o><o> b<a>r\n>f<o><o> b<a>r\n>f<o><o> b<a>r<\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { getline x < "/dev/null"; print "[" x "]" }\'',
    script: 'awk \'BEGIN { getline x < "/dev/null"; print "[" x "]" }\'',
    expected: { stdout: '[]\n', exitCode: 0 },
  },
  {
    name: 'cat n3 | awk \'{ print } END { while ((getline l < "-") > 0) print "more" }\'',
    script: 'cat n3 | awk \'{ print } END { while ((getline l < "-") > 0) print "more" }\'',
    files: pick('n3'),
    expected: { stdout: '1\n2\n3\n', exitCode: 0 },
  },
  {
    name: "awk -F'a+' '{ print $2 }' co",
    script: "awk -F'a+' '{ print $2 }' co",
    files: pick('co'),
    expected: { stdout: '\n\n\n\n', exitCode: 0 },
  },
  {
    name: "awk -F '\\\\|' '{ print NF }' co",
    script: "awk -F '\\\\|' '{ print NF }' co",
    files: pick('co'),
    expected: { stdout: '1\n1\n1\n1\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { FS = ":" } ; { print $1 } ; END { print NR }\' co',
    script: 'awk \'BEGIN { FS = ":" } ; { print $1 } ; END { print NR }\' co',
    files: pick('co'),
    expected: { stdout: 'x\ny\nz\nw\n4\n', exitCode: 0 },
  },
  {
    name: 'awk \'BEGIN { OFS = ":" } { $1 = $1 } 1\' so',
    script: 'awk \'BEGIN { OFS = ":" } { $1 = $1 } 1\' so',
    files: pick('so'),
    expected: { stdout: 'b:3\na:10\nc:2\na:9\n', exitCode: 0 },
  },
]

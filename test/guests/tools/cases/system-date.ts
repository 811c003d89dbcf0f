import type { ToolCase } from '../tool-case.ts'

const date = (name: string, script: string): ToolCase => ({ name, script })
const parsed = (text: string): ToolCase =>
  date(`reads ${text}`, `date -d '${text}' '+%F %T %s'; echo $?`)

export const DATE: readonly ToolCase[] = [
  date('prints as always', 'date -d @0; date -u -d @1234567890'),
  date(
    'all letters',
    "date -d @1234567890 '+%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %p %P %r %R %s %S %T %u %U %V %w %W %x %X %y %Y %z %Z %%'",
  ),
  date('%n and %t', "date -d @0 '+%n%t' | od -c"),
  date('%N', "date -d @0.123456789 '+%N %3N %s.%N'"),
  date(
    'flags',
    "date -d '2001-02-03 04:05:06' '+%-d %_d %-m %^a %#a %-H %_H %5Y %-j %e %-e %03d %^B %#Z'",
  ),
  date('zones', "date -d @0 '+%z %:z %::z %:::z'"),
  date('what is no letter', "date -d @0 '+%! %'"),
  date('-R', 'date -R -d @0'),
  date(
    '-I',
    'date -Idate -d @0; date -I -d @0; date -Ihours -d @0; date -Iminutes -d @0; date -Iseconds -d @0; date -Ins -d @0; date -Ix; echo $?',
  ),
  date('--rfc-3339', 'date --rfc-3339=seconds -d @0; date --rfc-3339=date -d @0'),
  date('-r', 'touch -d @1000000000 f; date -r f; date -r none; echo $?'),
  parsed('2001-02-03'),
  parsed('2001-02-03 04:05'),
  parsed('2001-02-03 04:05:06.5'),
  parsed('2001-02-03T04:05:06Z'),
  parsed('2001-02-03T04:05:06+01:30'),
  parsed('2001-02-03 04:05:06 -0800'),
  parsed('2001-02-03 04:05 UTC'),
  parsed('20010203'),
  parsed('2/3/2001'),
  parsed('2001/2/3'),
  parsed('3 Feb 2001'),
  parsed('Feb 3 2001 04:05'),
  parsed('Sat, 03 Feb 2001 04:05:06 +0000'),
  parsed('2001-02-03 1 day ago'),
  parsed('2001-02-03 2 weeks'),
  parsed('2001-01-31 1 month'),
  parsed('2001-02-03 next year'),
  parsed('2001-02-03 last week'),
  parsed('2001-02-03 yesterday'),
  parsed('2001-02-03 12:00 tomorrow'),
  parsed('2001-02-03 +3 hours'),
  parsed('2001-02-03 -90 minutes'),
  parsed('@1000000000'),
  parsed('@-1'),
  parsed('2000-02-29'),
  parsed('2001-02-29'),
  parsed('2001-13-01'),
  parsed('2001-02-03 25:00'),
  parsed('2001-02-03 10:61'),
  parsed('nonsense'),
  parsed('1969-12-31 23:59:59'),
  date('now is about now', 'a=$(date +%s); b=$(date -d now +%s); test $((b - a)) -lt 30; echo $?'),
  date(
    'relative to now',
    'a=$(date +%s); b=$(date -d "1 hour ago" +%s); c=$((a - b)); test $c -ge 3590 -a $c -le 3601; echo $?',
  ),
  date(
    'the clock is not set',
    'date -s @0 2>/dev/null >/dev/null; test $(date +%s) -gt 1000000; echo $?',
  ),
  date('an operand too many', 'date +%Y x; echo $?'),
]

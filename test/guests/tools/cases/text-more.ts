import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const MORE: readonly ToolCase[] = [
  {
    name: 'hexdump s',
    script: 'hexdump s',
    files: pick('s'),
    expected: {
      stdout:
        '0000000 0a31 0a32 0a33 0a34 0a35 0a36 0a37 0a38\n0000010 0a39 3031 310a 0a31 3231 310a 0a33 3431\n0000020 310a 0a35 3631 310a 0a37 3831 310a 0a39\n0000030 3032 320a 0a31 3232 320a 0a33 3432 320a\n0000040 0a35 3632 320a 0a37 3832 320a 0a39 3033\n0000050 000a                                   \n0000051\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -C s',
    script: 'hexdump -C s',
    files: pick('s'),
    expected: {
      stdout:
        '00000000  31 0a 32 0a 33 0a 34 0a  35 0a 36 0a 37 0a 38 0a  |1.2.3.4.5.6.7.8.|\n00000010  39 0a 31 30 0a 31 31 0a  31 32 0a 31 33 0a 31 34  |9.10.11.12.13.14|\n00000020  0a 31 35 0a 31 36 0a 31  37 0a 31 38 0a 31 39 0a  |.15.16.17.18.19.|\n00000030  32 30 0a 32 31 0a 32 32  0a 32 33 0a 32 34 0a 32  |20.21.22.23.24.2|\n00000040  35 0a 32 36 0a 32 37 0a  32 38 0a 32 39 0a 33 30  |5.26.27.28.29.30|\n00000050  0a                                                |.|\n00000051\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -c para',
    script: 'hexdump -c para',
    files: pick('c', 'para'),
    expected: {
      stdout:
        '0000000   T   h   i   s       i   s       a           l   o   n   g    \n0000010   l   i   n   e       o   f       t   e   x   t       t   h   a\n0000020   t       s   h   o   u   l   d       b   e       w   r   a   p\n0000030   p   e   d  \\n   b   y       f   m   t       a   n   d       f\n0000040   o   l   d   ,       s   i   n   c   e       i   t       i   s\n0000050       l   o   n   g   .  \\n  \\n           I   n   d   e   n   t\n0000060   e   d       p   a   r   a       t   h   a   t       i   s  \\n\n0000070           t   w   o       l   i   n   e   s   .  \\n            \n000007d\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -b ne',
    script: 'hexdump -b ne',
    files: pick('ne'),
    expected: {
      stdout: '0000000 156 157 040 145 156 144                                        \n0000006\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -d ne',
    script: 'hexdump -d ne',
    files: pick('ne'),
    expected: {
      stdout: '0000000   28526   25888   25710                                        \n0000006\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -o ne',
    script: 'hexdump -o ne',
    files: pick('ne'),
    expected: {
      stdout: '0000000  067556  062440  062156                                        \n0000006\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -x ne',
    script: 'hexdump -x ne',
    files: pick('ne'),
    expected: {
      stdout: '0000000    6f6e    6520    646e                                        \n0000006\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -n 5 -C s',
    script: 'hexdump -n 5 -C s',
    files: pick('s'),
    expected: {
      stdout: '00000000  31 0a 32 0a 33                                    |1.2.3|\n00000005\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -s 5 -C s',
    script: 'hexdump -s 5 -C s',
    files: pick('s'),
    expected: {
      stdout:
        '00000005  0a 34 0a 35 0a 36 0a 37  0a 38 0a 39 0a 31 30 0a  |.4.5.6.7.8.9.10.|\n00000015  31 31 0a 31 32 0a 31 33  0a 31 34 0a 31 35 0a 31  |11.12.13.14.15.1|\n00000025  36 0a 31 37 0a 31 38 0a  31 39 0a 32 30 0a 32 31  |6.17.18.19.20.21|\n00000035  0a 32 32 0a 32 33 0a 32  34 0a 32 35 0a 32 36 0a  |.22.23.24.25.26.|\n00000045  32 37 0a 32 38 0a 32 39  0a 33 30 0a              |27.28.29.30.|\n00000051\n',
      exitCode: 0,
    },
  },
  {
    name: 'hexdump -C em',
    script: 'hexdump -C em',
    files: pick('em'),
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'head -c 100 /dev/zero | hexdump -C',
    script: 'head -c 100 /dev/zero | hexdump -C',
    files: pick('c'),
    expected: {
      stdout:
        '00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000060  00 00 00 00                                       |....|\n00000064\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd para',
    script: 'xxd para',
    files: pick('para'),
    expected: {
      stdout:
        '00000000: 5468 6973 2069 7320 6120 206c 6f6e 6720  This is a  long \n00000010: 6c69 6e65 206f 6620 7465 7874 2074 6861  line of text tha\n00000020: 7420 7368 6f75 6c64 2062 6520 7772 6170  t should be wrap\n00000030: 7065 640a 6279 2066 6d74 2061 6e64 2066  ped.by fmt and f\n00000040: 6f6c 642c 2073 696e 6365 2069 7420 6973  old, since it is\n00000050: 206c 6f6e 672e 0a0a 2020 496e 6465 6e74   long...  Indent\n00000060: 6564 2070 6172 6120 7468 6174 2069 730a  ed para that is.\n00000070: 2020 7477 6f20 6c69 6e65 732e 0a           two lines..\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -p para',
    script: 'xxd -p para',
    files: pick('para'),
    expected: {
      stdout:
        '54686973206973206120206c6f6e67206c696e65206f6620746578742074\n6861742073686f756c6420626520777261707065640a627920666d742061\n6e6420666f6c642c2073696e6365206974206973206c6f6e672e0a0a2020\n496e64656e746564207061726120746861742069730a202074776f206c69\n6e65732e0a\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -i n3',
    script: 'xxd -i n3',
    files: pick('n3'),
    expected: {
      stdout:
        'unsigned char n3[] = {\n  0x31, 0x0a, 0x32, 0x0a, 0x33, 0x0a\n};\nunsigned int n3_len = 6;\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd < s',
    script: 'xxd < s',
    files: pick('s'),
    expected: {
      stdout:
        '00000000: 310a 320a 330a 340a 350a 360a 370a 380a  1.2.3.4.5.6.7.8.\n00000010: 390a 3130 0a31 310a 3132 0a31 330a 3134  9.10.11.12.13.14\n00000020: 0a31 350a 3136 0a31 370a 3138 0a31 390a  .15.16.17.18.19.\n00000030: 3230 0a32 310a 3232 0a32 330a 3234 0a32  20.21.22.23.24.2\n00000040: 350a 3236 0a32 370a 3238 0a32 390a 3330  5.26.27.28.29.30\n00000050: 0a                                       .\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -u -c 8 s',
    script: 'xxd -u -c 8 s',
    files: pick('s', 'u', 'c'),
    expected: {
      stdout:
        '00000000: 310A 320A 330A 340A  1.2.3.4.\n00000008: 350A 360A 370A 380A  5.6.7.8.\n00000010: 390A 3130 0A31 310A  9.10.11.\n00000018: 3132 0A31 330A 3134  12.13.14\n00000020: 0A31 350A 3136 0A31  .15.16.1\n00000028: 370A 3138 0A31 390A  7.18.19.\n00000030: 3230 0A32 310A 3232  20.21.22\n00000038: 0A32 330A 3234 0A32  .23.24.2\n00000040: 350A 3236 0A32 370A  5.26.27.\n00000048: 3238 0A32 390A 3330  28.29.30\n00000050: 0A                   .\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -g 1 s',
    script: 'xxd -g 1 s',
    files: pick('s', 'g'),
    expected: {
      stdout:
        '00000000: 31 0a 32 0a 33 0a 34 0a 35 0a 36 0a 37 0a 38 0a  1.2.3.4.5.6.7.8.\n00000010: 39 0a 31 30 0a 31 31 0a 31 32 0a 31 33 0a 31 34  9.10.11.12.13.14\n00000020: 0a 31 35 0a 31 36 0a 31 37 0a 31 38 0a 31 39 0a  .15.16.17.18.19.\n00000030: 32 30 0a 32 31 0a 32 32 0a 32 33 0a 32 34 0a 32  20.21.22.23.24.2\n00000040: 35 0a 32 36 0a 32 37 0a 32 38 0a 32 39 0a 33 30  5.26.27.28.29.30\n00000050: 0a                                               .\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -l 5 s',
    script: 'xxd -l 5 s',
    files: pick('s'),
    expected: { stdout: '00000000: 310a 320a 33                             1.2.3\n', exitCode: 0 },
  },
  {
    name: 'xxd -s 5 s',
    script: 'xxd -s 5 s',
    files: pick('s'),
    expected: {
      stdout:
        '00000005: 0a34 0a35 0a36 0a37 0a38 0a39 0a31 300a  .4.5.6.7.8.9.10.\n00000015: 3131 0a31 320a 3133 0a31 340a 3135 0a31  11.12.13.14.15.1\n00000025: 360a 3137 0a31 380a 3139 0a32 300a 3231  6.17.18.19.20.21\n00000035: 0a32 320a 3233 0a32 340a 3235 0a32 360a  .22.23.24.25.26.\n00000045: 3237 0a32 380a 3239 0a33 300a            27.28.29.30.\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd -b n3',
    script: 'xxd -b n3',
    files: pick('n3'),
    expected: {
      stdout: '00000000: 00110001 00001010 00110010 00001010 00110011 00001010  1.2.3.\n',
      exitCode: 0,
    },
  },
  {
    name: 'xxd s | xxd -r | cmp - s',
    script: 'xxd s | xxd -r | cmp - s',
    files: pick('s'),
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'xxd -p s | xxd -r -p | cmp - s',
    script: 'xxd -p s | xxd -r -p | cmp - s',
    files: pick('s'),
    expected: { stdout: '', exitCode: 0 },
  },
  {
    name: 'echo 48656c6c6f | xxd -r -p',
    script: 'echo 48656c6c6f | xxd -r -p',
    expected: { stdout: 'Hello', exitCode: 0 },
  },
  {
    name: "printf 'abcd\\0efghij\\001kl\\n' | strings",
    script: "printf 'abcd\\0efghij\\001kl\\n' | strings",
    expected: { stdout: 'abcd\nefghij\n', exitCode: 0 },
  },
  {
    name: "printf 'abcd\\0efghij\\001kl\\n' | strings -n 5 -t x",
    script: "printf 'abcd\\0efghij\\001kl\\n' | strings -n 5 -t x",
    expected: { stdout: '      5 efghij\n', exitCode: 0 },
  },
  {
    name: 'column s',
    script: 'column s',
    files: pick('s'),
    expected: {
      stdout:
        '1\t4\t7\t10\t13\t16\t19\t22\t25\t28\n2\t5\t8\t11\t14\t17\t20\t23\t26\t29\n3\t6\t9\t12\t15\t18\t21\t24\t27\t30\n',
      exitCode: 0,
    },
  },
  {
    name: 'column -t j1',
    script: 'column -t j1',
    files: pick('j1'),
    expected: { stdout: '1  a\n2  b\n4  d\n', exitCode: 0 },
  },
  {
    name: 'column -t -s: c',
    script: 'column -t -s: c',
    files: pick('s', 'c'),
    expected: { stdout: 'a        b  c\nd        e  f\nnodelim     \n', exitCode: 0 },
  },
  {
    name: 'column -c 40 s',
    script: 'column -c 40 s',
    files: pick('s', 'c'),
    expected: {
      stdout:
        '1\t7\t13\t19\t25\n2\t8\t14\t20\t26\n3\t9\t15\t21\t27\n4\t10\t16\t22\t28\n5\t11\t17\t23\t29\n6\t12\t18\t24\t30\n',
      exitCode: 0,
    },
  },
  {
    name: "column -t -s: -o ' | ' c",
    script: "column -t -s: -o ' | ' c",
    files: pick('s', 'c'),
    expected: { stdout: 'a       | b | c\nd       | e | f\nnodelim |   | \n', exitCode: 0 },
  },
  {
    name: "echo 'a $HOME ${HOME} $NOPE $1 ${' | envsubst",
    script: "echo 'a $HOME ${HOME} $NOPE $1 ${' | envsubst",
    expected: { stdout: 'a / /  $1 ${\n', exitCode: 0 },
  },
  {
    name: "echo '$A $B' | A=1 B=2 envsubst '$A'",
    script: "echo '$A $B' | A=1 B=2 envsubst '$A'",
    expected: { stdout: '1 $B\n', exitCode: 0 },
  },
]

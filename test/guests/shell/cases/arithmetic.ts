import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const arithmetic: readonly ShellCase[] = [
  {
    name: 'precedence',
    script: sh`echo $((1+2*3)) $(((1+2)*3)) $((2-3-4)) $((100/10/2)) $((7%4*2))`,
  },
  {
    name: 'unary',
    script: sh`echo $((-5)) $((+5)) $((!5)) $((!0)) $((~5)) $((- -5)) $((!!7))`,
  },
  {
    name: 'comparison',
    script: sh`echo $((1<2)) $((2<=2)) $((3>4)) $((4>=5)) $((5==5)) $((5!=5))`,
  },
  {
    name: 'logic',
    script: sh`echo $((1&&0)) $((1||0)) $((0||0)) $((2&&3))`,
  },
  {
    name: 'logic does not evaluate what is decided',
    script: sh`x=1; echo $((0&&(x=5))) $x $((1||(x=6))) $x`,
  },
  {
    name: 'bits',
    script: sh`echo $((5&3)) $((5|3)) $((5^3)) $((1<<10)) $((1024>>3)) $((-8>>1))`,
  },
  {
    name: 'condition',
    script: sh`x=3; echo $((x>2?10:20)) $((x>5?10:x>2?30:40))`,
  },
  {
    name: 'assignment operators',
    script: sh`x=10; echo $((x+=5)) $((x-=3)) $((x*=2)) $((x/=4)) $((x%=4)) $x; echo $((x<<=3)) $((x>>=1)) $((x|=1)) $((x&=5)) $((x^=7)) $x`,
  },
  {
    name: 'bases',
    script: sh`echo $((0x1F)) $((017)) $((0xff+010))`,
  },
  {
    name: 'variables with and without dollar',
    script: sh`a=3 b=4; echo $((a*b)) $(($a*$b)) $((\${a}\${b}+1))`,
  },
  {
    name: 'unset and empty variables are 0',
    script: sh`unset u; e=; echo $((u+1)) $((e+1))`,
  },
  {
    name: 'blanks and newlines',
    script: sh`echo $((  1 +
  2 ))`,
  },
  {
    name: 'an empty expression',
    script: sh`echo $(( ))`,
    expected: { exitCode: 0, stdout: '0\n', because: 'dash wants an operand' },
  },
  {
    name: 'nested',
    script: sh`echo $((1+$((2+$((3)))))) $(( $(echo 4) + 1 ))`,
  },
  {
    name: '64 bits',
    script: sh`echo $((1<<62)) $((9223372036854775807)) $((-9223372036854775807-1))`,
  },
  {
    name: 'overflow wraps',
    script: sh`echo $((9223372036854775807+1))`,
  },
  {
    name: 'division truncates to zero',
    script: sh`echo $((-7/2)) $((-7%2)) $((7/-2)) $((7%-2))`,
  },
  {
    name: 'division by zero',
    script: sh`(echo $((1/0))) 2>/dev/null; echo $?`,
  },
  {
    name: 'a value that is no number',
    script: sh`x=abc; (echo $((x+1))) 2>/dev/null; echo $?`,
  },
  {
    name: 'a syntax error',
    script: sh`(eval 'echo $((1+))') 2>/dev/null; echo $?`,
  },
  {
    name: 'in quotes',
    script: sh`x=5; echo "$((x+1))" "a$((x))b"`,
  },
  {
    name: 'the result is split by IFS',
    script: sh`IFS=1; echo $((212)); printf '[%s]' $((212)); echo`,
  },
  {
    name: 'in a condition of a loop',
    script: sh`i=0; while [ $((i+=1)) -le 3 ]; do echo $i; done`,
  },
  {
    name: 'increment and decrement',
    script: sh`x=5; echo $((x++)) $x $((++x)) $x $((x--)) $((--x)) $x`,
    expected: { exitCode: 0, stdout: '5 6 7 7 7 5 5\n', because: 'dash has neither' },
  },
  {
    name: 'comma',
    script: sh`echo $((x=2, y=3, x*y)) $x $y`,
    expected: { exitCode: 0, stdout: '6 2 3\n', because: 'dash has none' },
  },
  {
    name: 'parentheses that are a subshell in a substitution',
    script: sh`echo $( (echo a); (echo b) ) $((echo c); (echo d))`,
    expected: {
      exitCode: 0,
      stdout: 'a b c d\n',
      because: 'dash takes $(( for arithmetic without trying',
    },
  },
  {
    name: 'negative numbers in variables',
    script: sh`x=-5; echo $((x)) $((x*2)) $((10+x)) $((10-x))`,
  },
  {
    name: 'a value with blanks around',
    script: sh`x=' 7 '; echo $((x+1))`,
  },
  {
    name: 'deep parentheses',
    script: sh`echo $((((((1+1))))))`,
  },
  {
    name: 'nothing is evaluated in the branch not taken',
    script: sh`x=0; echo $((1?2:(x=3))) $x $((0?(x=4):5)) $x`,
  },
]

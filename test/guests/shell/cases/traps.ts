import { type ShellCase, sh } from '../../../support/shell/cases.ts'

export const traps: readonly ShellCase[] = [
  {
    name: 'on exit',
    script: sh`trap 'echo bye' EXIT; echo hi`,
  },
  {
    name: 'on exit by number, and status',
    script: sh`sh -c "trap 'echo bye' 0; exit 3"; echo $?`,
  },
  {
    name: 'the status in the exit trap',
    script: sh`sh -c "trap 'echo \$?' EXIT; exit 4"; echo $?; sh -c "trap 'exit 7' EXIT; exit 4"; echo $?`,
  },
  {
    name: 'on a signal',
    script: sh`trap 'echo term' TERM; kill -TERM $$; echo after`,
  },
  {
    name: 'on a signal by number and with SIG',
    script: sh`trap 'echo usr' 10; kill -USR1 $$; trap 'echo x' SIGUSR2; kill -USR2 $$; echo end`,
    expected: { exitCode: 0, stdout: 'usr\nx\nend\n', because: 'dash takes no SIG in front' },
  },
  {
    name: 'ignored',
    script: sh`trap '' TERM; kill -TERM $$; echo alive`,
  },
  {
    name: 'ignored in children',
    script: sh`trap '' TERM; sh -c 'kill -TERM $$; echo alive'; (kill -TERM $$; echo too)`,
  },
  {
    name: 'reset',
    script: sh`trap 'echo term' TERM; trap - TERM; sh -c 'kill -TERM $$; echo no'; echo $?`,
  },
  {
    name: 'traps are reset in subshells',
    script: sh`trap 'echo outer' EXIT; (echo in); trap 'echo usr' USR1; (trap) | grep -c USR1`,
  },
  {
    name: 'printing',
    script: sh`trap 'echo a b' EXIT INT; trap; trap - EXIT INT; trap`,
  },
  {
    name: 'printing can be read again',
    script: sh`trap "echo it\\'s" USR1; x=$(trap); trap - USR1; eval "$x"; kill -USR1 $$`,
    expected: { exitCode: 0, stdout: "it's\n", because: 'a subshell of dash forgets the traps' },
  },
  {
    name: 'several signals',
    script: sh`trap 'echo sig' USR1 USR2; kill -USR1 $$; kill -USR2 $$`,
  },
  {
    name: 'a trap sees and keeps the status',
    script: sh`trap 'false' USR1; true; kill -USR1 $$; echo $?`,
  },
  {
    name: 'exit in a trap',
    script: sh`sh -c "trap 'exit 5' TERM; kill -TERM \$\$; echo no"; echo $?`,
  },
  {
    name: 'a signal that ends the shell',
    script: sh`sh -c 'kill -TERM $$'; echo $?; sh -c 'kill -KILL $$'; echo $?; sh -c 'kill -INT $$'; echo $?`,
  },
  {
    name: 'the exit trap after an error',
    script: sh`sh -c "trap 'echo bye' EXIT; set -e; false; echo no"; echo $?; sh -c "trap 'echo bye' EXIT; set -u; echo \$nope" 2>/dev/null; echo $?`,
  },
  {
    name: 'the exit trap after a syntax error in eval',
    script: sh`sh -c "trap 'echo bye' EXIT; eval 'if'" 2>/dev/null; echo $?`,
  },
  {
    name: 'a trap during wait',
    script: sh`trap 'kill $p' USR1; sleep 60 & p=$!; (kill -USR1 $$) & wait $p; [ $? -gt 128 ] && echo woken`,
  },
  {
    name: 'a trap in a loop',
    script: sh`trap 'n=1' USR1; n=0; i=0; while [ $n = 0 ] && [ $i -lt 1000 ]; do kill -USR1 $$; i=$((i+1)); done; [ $n = 0 ] || echo $i`,
  },
  {
    name: 'a trap after a foreground command',
    script: sh`trap 'echo usr' USR1; sh -c "kill -USR1 $$; echo child"; echo after`,
  },
  {
    name: 'a bad signal',
    script: sh`trap 'echo x' NOPE 2>/dev/null; echo $?`,
  },
  {
    name: "break in a trap's own loop",
    script: sh`trap 'for i in 1 2; do break; done; echo $i' USR1; kill -USR1 $$; echo end`,
  },
  {
    name: 'functions in traps',
    script: sh`f() { echo "f $1"; }; trap 'f x' USR1; kill -USR1 $$`,
  },
  {
    name: 'a trap set in a function',
    script: sh`f() { trap 'echo bye' EXIT; }; f; echo end`,
  },
  {
    name: 'the exit trap of a subshell',
    script: sh`(trap 'echo sub' EXIT; echo in); echo out`,
  },
  {
    name: 'exec does not run the exit trap',
    script: sh`sh -c "trap 'echo no' EXIT; exec echo yes"`,
  },
  {
    name: 'a trap that resets itself',
    script: sh`trap 'trap - USR1; echo once' USR1; kill -USR1 $$; echo end`,
  },
  {
    name: 'INT in a script',
    script: sh`trap 'echo int' INT; kill -INT $$; echo end`,
  },
  {
    name: 'names in any case',
    script: sh`trap 'echo a' usr1 2>/dev/null && kill -USR1 $$; echo end`,
  },
  {
    name: 'the number of a killed child',
    script: sh`sh -c 'kill -HUP $$'; echo $?; (sh -c 'kill -9 $$'); echo $?`,
  },
]

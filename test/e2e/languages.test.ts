import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host, type RunSpec } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  host = await createHost({ dataDir: DATA_DIRECTORY })
  // The data directory outlives a change of the catalogue.
  for (const name of host.images.known()) await host.images.pull(name)
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

type How = Omit<RunSpec, 'image' | 'cmd'>

/** Runs a program of the catalogue; what it left, as text. */
async function run(image: string, cmd: readonly string[], how: How = {}) {
  const done = await host.run({ image, cmd, ...how })
  const stderr = new TextDecoder().decode(done.stderr)
  return { code: done.exitCode, stdout: done.text(), stderr }
}
const ended = (stdout: string, code = 0) => ({ code, stdout, stderr: '' })

/**
 * What a program costs once, its rewrite above all, has the time of a hook. Its answer does not
 * matter here.
 */
const prepare = (image: string, how: How = {}): void =>
  beforeAll(async () => {
    await run(image, ['--version'], how)
  })

/** A directory of the host as /data of the container, with these files. */
function bind(name: string, files: Readonly<Record<string, string>> = {}): How {
  const source = mkdtempSync(join(directory, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(source, file), text)
  return { mounts: [{ type: 'bind', source, target: '/data' }] }
}

describe('python', () => {
  prepare('python')
  it.each<[string, readonly string[], How, ReturnType<typeof ended>]>([
    ['a command', ['-c', 'print(6*7)'], {}, ended('42\n')],
    [
      'a script with arguments',
      ['/t.py', 'a', 'ü'],
      { files: { '/t.py': 'import sys; print(sys.argv)' } },
      ended("['/t.py', 'a', 'ü']\n"),
    ],
    ['no site', ['-I', '-S', '-c', 'import sys; print(sys.flags.isolated)'], {}, ended('1\n')],
    ['a program on standard input', ['-'], { stdin: 'print("in")' }, ended('in\n')],
  ])('runs %s', async (_, cmd, how, end) => {
    expect(await run('python', cmd, how)).toEqual(end)
  })
})

describe('ruby', () => {
  prepare('ruby')
  it.each<[string, readonly string[], How, ReturnType<typeof ended>]>([
    ['a command', ['-e', 'puts 6*7, [1, 2].sum'], {}, ended('42\n3\n')],
    [
      'a script with arguments, without gems',
      ['--disable-gems', '/a.rb', 'x'],
      { files: { '/a.rb': 'puts ARGV.inspect, __FILE__' } },
      ended('["x"]\n/a.rb\n'),
    ],
    [
      'its standard library',
      ['-e', 'require "json"; require "set"; puts JSON.dump({a: Set[1, 1].size})'],
      {},
      ended('{"a":1}\n'),
    ],
    ['exit 3', ['--disable-gems', '-e', 'print 1; exit 3'], {}, ended('1', 3)],
    [
      'standard input',
      ['--disable-gems', '-e', 'print STDIN.read.upcase'],
      { stdin: 'in' },
      ended('IN'),
    ],
  ])('runs %s', async (_, cmd, how, end) => {
    expect(await run('ruby', cmd, how)).toEqual(end)
  })
  it('ends with 1 and a backtrace for an exception nobody rescues', async () => {
    const done = await run('ruby', ['--disable-gems', '-e', 'def f = raise("why")\nf'])
    expect(done).toMatchObject({ code: 1, stdout: '' })
    expect(done.stderr).toContain("-e:1:in `f': why (RuntimeError)")
  })
})

describe('php', () => {
  prepare('php')
  /** php-cgi prints headers before everything else. */
  const page = (body: string) => new RegExp(`^(.+\r\n)+\r\n${body}$`)
  const script = (text: string): How => ({ files: { '/t.php': text } })
  const cgi = (method: string, more: Readonly<Record<string, string>>, text: string): How => ({
    ...script(text),
    env: { REQUEST_METHOD: method, SCRIPT_FILENAME: '/t.php', REDIRECT_STATUS: '200', ...more },
  })
  const form = {
    CONTENT_TYPE: 'application/x-www-form-urlencoded',
    CONTENT_LENGTH: '7',
  }
  it.each<[string, readonly string[], How, number, string]>([
    ['a script', ['/t.php', 'a=1'], script('<?php echo 6*7, $_GET["a"];'), 0, '421'],
    ['a script on standard input', [], { stdin: '<?php echo "in";' }, 0, 'in'],
    [
      'a GET as CGI',
      [],
      cgi('GET', { QUERY_STRING: 'a=%C3%BC&b=2' }, '<?php echo $_GET["a"], $_GET["b"];'),
      0,
      'ü2',
    ],
    [
      'a POST as CGI',
      [],
      {
        ...cgi('POST', form, '<?php echo $_POST["a"], "|", file_get_contents("php://input");'),
        stdin: 'a=1&b=2',
      },
      0,
      '1\\|a=1&b=2',
    ],
    ['exit(3)', ['/t.php'], script('<?php echo "x"; exit(3);'), 3, 'x'],
    [
      'an error nobody catches',
      ['/t.php'],
      script('<?php none();'),
      255,
      '[\\s\\S]*undefined function none[\\s\\S]*',
    ],
  ])('runs %s', async (_, cmd, how, code, body) => {
    const done = await run('php', cmd, how)
    expect(done.stdout).toMatch(page(body))
    expect(done.code).toBe(code)
  })
  it('answers 404 for a script that is missing, and ends with its -1', async () => {
    const done = await run('php', ['/none.php'])
    expect(done.code).toBe(255)
    expect(done.stdout).toMatch(/^Status: 404/m)
  })
  it('sleeps in poll_oneoff, and not longer than it must', async () => {
    const text = '<?php $t = hrtime(true); usleep(30000); echo intdiv(hrtime(true) - $t, 1000000);'
    const { stdout } = await run('php', ['/t.php'], script(text))
    expect(Number(stdout.split('\r\n\r\n')[1])).toBeGreaterThanOrEqual(30)
  })
})

const LARGE_SORT = `
  create table t(a, b);
  with recursive c(x) as (select 1 union all select x + 1 from c where x < 150000)
    insert into t select x, hex(randomblob(40)) from c;
  select count(*) from (select * from t order by b);
`
describe('sqlite', () => {
  prepare('sqlite')
  it.each<[string, readonly string[], How, ReturnType<typeof ended>]>([
    [
      'in memory, statements as an argument',
      [':memory:', 'create table t(a); insert into t values (1), (2); select sum(a) from t;'],
      {},
      ended('3\n'),
    ],
    ['statements on standard input', [], { stdin: 'select 6*7;\nselect "ü";\n' }, ended('42\nü\n')],
    [
      'a script',
      [':memory:', '-cmd', '.read /t.sql', 'select a from t;'],
      { files: { '/t.sql': 'create table t(a); insert into t values (9);' } },
      ended('9\n'),
    ],
    // More than fits into its cache: without the pragma of the image it wants a temporary file, and has none.
    ['a large sort', [':memory:', LARGE_SORT], {}, ended('150000\n')],
  ])('runs %s', async (_, cmd, how, end) => {
    expect(await run('sqlite', cmd, how)).toEqual(end)
  })
  it('keeps a database in a bind mount from one run to the next', async () => {
    const data = bind('sqlite')
    const sql = 'create table t(a integer primary key, b); begin;'
    const rows = Array.from({ length: 2_000 }, (_, n) => `insert into t values (${n}, hex(${n}));`)
    const first = await run('sqlite', ['/data/t.db'], {
      ...data,
      stdin: `${sql}\n${rows.join('\n')}\ncommit;\n`,
    })
    expect(first).toEqual(ended(''))
    // No pragma: its file layer swallows them all.
    const check = 'select count(*), sum(a) from t; update t set b = 1;'
    expect(await run('sqlite', ['/data/t.db', check], data)).toEqual(ended('2000|1999000\n'))
    const last = await run('sqlite', ['/data/t.db', 'select count(*) from t where b = 1;'], data)
    expect(last).toEqual(ended('2000\n'))
  })
  it('ends with 1 for a statement that is wrong', async () => {
    const done = await run('sqlite', [':memory:', 'select from;'])
    expect(done).toMatchObject({ code: 1, stdout: '' })
    expect(done.stderr).toContain('syntax error')
  })
})

describe('quickjs', () => {
  prepare('quickjs')
  const script = (text: string): How => ({ files: { '/t.js': text } })
  it.each<[string, string, ReturnType<typeof ended>]>([
    ['a script with arguments', 'print(6*7, args.slice(1))', ended('42 x\n')],
    ['a module', 'import * as std from "std"; std.out.printf("%d\\n", 7)', ended('7\n')],
    [
      'timers, in their order',
      'setTimeout(() => print("late"), 30); setTimeout(() => print("soon"), 1); print("now")',
      ended('now\nsoon\nlate\n'),
    ],
  ])('runs %s', async (_, text, end) => {
    expect(await run('quickjs', ['/t.js', 'x'], script(text))).toEqual(end)
  })
  it('prints an error nobody catches and ends with 0, as it is built', async () => {
    const done = await run('quickjs', ['/t.js'], script('print("before"); throw new Error("why")'))
    expect(done.code).toBe(0)
    expect(done.stdout + done.stderr).toMatch(/before\n[\s\S]*Error: why/)
  })
  it('tells its usage without a script', async () => {
    expect((await run('quickjs', [])).code).toBe(2)
  })
})

describe('clang', () => {
  prepare('clang')
  prepare('clang', { entrypoint: ['wasm-ld'] })
  const LINK = [
    ...['--no-threads', '--export-dynamic', '-z', 'stack-size=1048576', '-L/sys/lib/wasm32-wasi'],
    '/sys/lib/wasm32-wasi/crt1.o',
  ]
  const HELLO = `#include <stdio.h>
int main(int argc, char **argv) {
  FILE *file = fopen("/data/out.txt", "w");
  fprintf(file, "%d", argc);
  fclose(file);
  printf("hello %s %.2f\\n", argv[1], 6.5 * argc);
  return 7;
}
`
  const link = (cmd: readonly string[], data: How) =>
    run('clang', [...LINK, ...cmd], { ...data, entrypoint: ['wasm-ld'] })
  const sourceOf = ({ mounts }: How): string => {
    const [mount] = mounts ?? []
    return mount?.type === 'bind' ? mount.source : ''
  }

  it('compiles C in a bind mount, wasm-ld links it, and the result runs', async () => {
    const data = bind('clang', { 'hello.c': HELLO })
    const compile = ['-O2', '-emit-obj', '-o', '/data/hello.o', '/data/hello.c']
    expect(await run('clang', compile, data)).toEqual(ended(''))
    expect(await link(['/data/hello.o', '-lc', '-o', '/data/out.wasm'], data)).toEqual(ended(''))
    // clang writes to a name of its own first: nothing of that may be left.
    const source = sourceOf(data)
    expect(readdirSync(source).sort()).toEqual(['hello.c', 'hello.o', 'out.wasm'])
    const done = await host.run({ module: join(source, 'out.wasm'), args: ['you'], ...data })
    expect([done.text(), done.exitCode]).toEqual(['hello you 13.00\n', 7])
  })
  it('ends with 1 and a diagnosis for C that is wrong', async () => {
    const data = bind('clang', { 'wrong.c': 'int main() { return x; }' })
    const done = await run('clang', ['-emit-obj', '-o', '/data/o', '/data/wrong.c'], data)
    expect(done).toMatchObject({ code: 1, stdout: '' })
    expect(done.stderr).toContain("wrong.c:1:21: error: use of undeclared identifier 'x'")
    expect(readdirSync(sourceOf(data))).toEqual(['wrong.c'])
  })
  it('streams an object to standard output', async () => {
    const done = await host.run({
      image: 'clang',
      cmd: ['-emit-obj', '-o', '-', '-x', 'c', '-'],
      stdin: 'int f(void) { return 1; }',
    })
    expect([...done.stdout.subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d])
  })
  it('says what it cannot link', async () => {
    const data = bind('clang', { 'none.o': '' })
    const done = await link(['/data/none.o', '-o', '/data/out.wasm'], data)
    expect(done).toMatchObject({ code: 1 })
    expect(done.stderr).toContain('none.o')
  })
})

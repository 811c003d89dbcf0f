import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, EngineError, type Host } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

const FILES = {
  'helper.py': 'ANSWER = 42\n',
  'script.py': 'import helper, os\nprint(helper.ANSWER, os.path.exists("/etc/passwd"))\n',
  'script.js': 'console.log(6 * 7)\n',
  'script.rb': 'puts Dir.children(".").include?("script.rb"), File.exist?("/etc/passwd")\n',
  'script.php': '<?php file_put_contents("php.txt", "made"); echo file_get_contents("php.txt");',
  'a.c': 'int puts(const char *);\nint main(void) { return puts("from C") < 0; }\n',
}

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text)
  host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

/** As `docker run -v "$PWD:/app" -w /app`. */
async function run(image: string, cmd: readonly string[], entrypoint?: readonly string[]) {
  const done = await host.run({
    image,
    cmd,
    ...(entrypoint && { entrypoint }),
    cwd: '/app',
    mounts: [{ type: 'bind', source: directory, target: '/app' }],
  })
  return { code: done.exitCode, stdout: done.text(), stderr: new TextDecoder().decode(done.stderr) }
}

const LINK = ['-L/sys/lib/wasm32-wasi', '/sys/lib/wasm32-wasi/crt1.o', 'a.o', '-lc', '-o', 'a.wasm']

it.each([
  ['python', 'finds a script and what it imports', ['script.py'], '42 True\n'],
  ['quickjs', 'finds a script', ['script.js'], '42\n'],
  ['ruby', 'finds a script and lists its neighbours', ['script.rb'], 'true\ntrue\n'],
  ['php', 'makes a file', ['-q', 'script.php'], 'made'],
  ['sqlite', 'makes a database', ['a.db', 'create table t(a); select count(*) from t'], '0\n'],
  ['clang', 'finds a source', ['-O2', '-emit-obj', '-o', 'a.o', 'a.c'], ''],
])(
  '%s %s in the working directory',
  async (image, _, cmd, stdout) => {
    expect(await run(image, cmd)).toEqual({ code: 0, stdout, stderr: '' })
  },
  120_000,
)

it('what a program makes is in the working directory', async () => {
  expect(readFileSync(join(directory, 'php.txt'), 'utf8')).toBe('made')
  expect(readFileSync(join(directory, 'a.db'), 'latin1')).toMatch(/^SQLite format 3/)
  expect(await run('clang', LINK, ['wasm-ld'])).toEqual({ code: 0, stdout: '', stderr: '' })
  const done = await host.run({ module: join(directory, 'a.wasm') })
  expect(done.text()).toBe('from C\n')
}, 120_000)

it('is made when it is missing', async () => {
  const source = 'import os; open("a", "w").close(); print(os.listdir("/new/one"))'
  const done = await host.run({ image: 'python', cmd: ['-c', source], cwd: '/new/one' })
  expect(done.text()).toBe("['a']\n")
})

it('is refused when it is a file', async () => {
  const wrong = host.run({ image: 'python', cmd: ['-c', ''], cwd: '/etc/passwd' })
  await expect(wrong).rejects.toThrow(
    new EngineError('INVALID_ARGUMENT', 'working directory /etc/passwd: not a directory'),
  )
})

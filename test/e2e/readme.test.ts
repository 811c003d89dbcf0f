import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bulkhead, DATA_DIRECTORY, startBulkhead } from '../support/bulkhead.ts'

const README = readFileSync('README.md', 'utf8')
const shell =
  README.match(/```sh\n[\s\S]*?```/g)?.map((block) => block.split('\n').slice(1, -1)) ?? []
const [setUp = [], check = [], commands = []] = shell

describe('README', () => {
  it('has at most 150 lines and exactly two set-up commands, with scripts that exist', () => {
    expect(README.split('\n').length).toBeLessThanOrEqual(150)
    expect([setUp, check]).toEqual([['npm ci && npm run demo'], ['npm ci && npm run check']])
    const scripts = readFileSync('package.json', 'utf8')
    for (const script of ['demo', 'check']) expect(scripts).toContain(`"${script}":`)
  })
  it('says what .ci/run does', () => {
    const ci = readFileSync('.ci/run', 'utf8')
    expect(ci).toContain('npm ci')
    expect(ci).toContain('npm run check')
  })
  it('has commands to try', () => {
    expect(commands.length).toBeGreaterThan(4)
  })
  it.each(commands)('%s', async (command) => {
    const env = { ...process.env, BULKHEAD_DATA_DIR: DATA_DIRECTORY }
    const run = promisify(execFile)
    const done = await run(
      'sh',
      ['-c', command.replaceAll('npx bulkhead', 'node -- dist/cli/main.js')],
      { env },
    )
    expect(done.stdout.length).toBeGreaterThan(0)
  })
})

it('README compiles and runs C with the commands it shows', async () => {
  const [, block = ''] = /```\n(bulkhead run -v [\s\S]*?)```/.exec(README) ?? []
  const cwd = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  writeFileSync(join(cwd, 'a.c'), '#include <stdio.h>\nint main(void) { puts("from C"); }\n')
  const cli = `${process.execPath} -- ${join(process.cwd(), 'dist/cli/main.js')}`
  const script = `set -e\n${block.replaceAll(/^bulkhead/gm, cli)}`
  const env = { ...process.env, BULKHEAD_DATA_DIR: DATA_DIRECTORY }
  const done = await promisify(execFile)('sh', ['-c', script], { cwd, env })
  expect(done.stdout).toBe('from C\n')
  rmSync(cwd, { recursive: true })
}, 300_000)

describe('the other commands', () => {
  it('version names what figures depend on', async () => {
    const { stdout } = await bulkhead(['version'])
    expect(stdout.toString()).toMatch(/^bulkhead: +0\.1\.0$/m)
    expect(stdout.toString()).toMatch(/^fuel table: +\d+$/m)
  })
  it('pull, inspect, images and rmi work on one image', async () => {
    // A data directory of its own: others use the image at the same time.
    const own = mkdtempSync(join(tmpdir(), 'bulkhead-'))
    const at = (...args: string[]) => bulkhead(args, { env: { BULKHEAD_DATA_DIR: own } })
    expect((await at('pull', 'hello-world')).stdout.toString()).toBe('hello-world:latest\n')
    const [image] = JSON.parse((await at('inspect', 'hello-world')).stdout.toString()) as [
      { RepoTags: string[]; Os: string; Config: { Entrypoint: string[] } },
    ]
    expect(image).toMatchObject({
      RepoTags: ['hello-world:latest'],
      Os: 'wasi',
      Config: { Entrypoint: ['/hello'] },
    })
    expect((await at('images')).stdout.toString()).toMatch(/^hello-world +latest +[0-9a-f]{12}/m)
    expect((await at('rmi', 'hello-world')).code).toBe(0)
    const gone = await at('inspect', 'hello-world')
    // Docker names the tag too.
    const stderr = 'bulkhead: No such image: hello-world:latest\n'
    expect(gone).toMatchObject({ code: 125, stderr })
    expect((await at('run', 'hello-world')).code).toBe(0)
    rmSync(own, { recursive: true })
  })
  it.each([
    ['--timeout', '300ms', 'timeout'],
    ['--fuel', '10000000', 'out of fuel'],
  ])('run %s %s ends an endless loop with 137 and says so', async (flag, value, words) => {
    const done = await bulkhead(['run', flag, value, 'guests/build/hostile-cpu.wasm', 'spin'])
    expect(done.code).toBe(137)
    expect(done.stderr).toContain(words)
  })
  it('run -i ends with its guest, although the input stays open', async () => {
    const child = startBulkhead(['run', '-i', 'hello-world'])
    child.stdin.write('never read')
    const closed: unknown[] = await once(child, 'exit')
    expect(closed[0]).toBe(0)
    child.stdin.destroy()
  })
  it('a trap ends with 134 and its message', async () => {
    const done = await bulkhead(['run', 'guests/build/hostile-cpu.wasm', 'trap'])
    expect(done.code).toBe(134)
    expect(done.stderr).toMatch(
      /^bulkhead: trap: unreachable, in function \d+( \(.+\))? at 0x[0-9a-f]+\n$/,
    )
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
/** As npm's links and shims start it: by its first line. Windows has no such lines. */
const COMMAND = process.platform === 'win32' ? [process.execPath, '--', CLI] : [CLI]
const PRINT_ALL = 'import os; print(sorted(os.environ.items()))'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function run(command: readonly string[], file: string, input = '') {
  const [program = '', ...rest] = command
  const args = [...rest, 'run', '--env-file', file, 'python', '-c', PRINT_ALL]
  const env = { ...process.env, BULKHEAD_DATA_DIR: DATA_DIRECTORY }
  return spawnSync(program, args, { env, input, encoding: 'utf8' })
}

/** An environment file that has Node write `mark`, if Node takes it for its own. */
function hostileFile(mark: string): string {
  const code = `import{writeFileSync}from'node:fs';writeFileSync(${JSON.stringify(mark)},'')`
  const file = join(directory, 'hostile.env')
  writeFileSync(file, `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(code)}\n`)
  return file
}

it('an environment file sets variables of the guest, and nothing of the host', () => {
  const mark = join(directory, 'mark')
  const done = run(COMMAND, hostileFile(mark))
  expect(done.status).toBe(0)
  expect(done.stdout).toContain('--import=data:text/javascript')
  expect(existsSync(mark)).toBe(false)
})

it('Node would do what the file says, but for the -- in our first line', () => {
  const mark = join(directory, 'planted')
  run([process.execPath, CLI], hostileFile(mark))
  expect(existsSync(mark)).toBe(true)
})

it('a missing environment file is named, and ends with 125', () => {
  const done = run(COMMAND, join(directory, 'none.env'))
  expect(done.stderr).toBe(`bulkhead: cannot read --env-file ${join(directory, 'none.env')}\n`)
  expect(done.status).toBe(125)
})

it.runIf(process.platform !== 'win32')('an environment file can be a pipe', () => {
  // Node's own pipe for input is a socket, which cannot be opened again by name.
  const pipe = `echo FROM_PIPE=yes | "$0" run --env-file /dev/stdin python -c '${PRINT_ALL}'`
  const env = { ...process.env, BULKHEAD_DATA_DIR: DATA_DIRECTORY }
  const done = spawnSync('sh', ['-c', pipe, CLI], { env, encoding: 'utf8' })
  expect(done.stdout).toContain("('FROM_PIPE', 'yes')")
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDirectory } from '../../../../src/engine/store/directory-lock.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const held = (by: string) => ({
  code: 'DATA_DIRECTORY_IN_USE',
  message: `another bulkhead daemon${by} uses the data directory ${directory}`,
})

/** Another process, which holds the lock as `lockDirectory` does until it is killed. */
async function holder() {
  const source = `
    import Database from 'libsql'
    const database = new Database(${JSON.stringify(join(directory, 'daemon.lock'))})
    database.exec('BEGIN EXCLUSIVE')
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { cwd })
  await once(child.stdout, 'data')
  return child
}

it('a directory is one daemon’s, and the next one hears whose', () => {
  const release = lockDirectory(directory, 4711)
  expect(() => lockDirectory(directory, 2)).toThrow(
    expect.objectContaining(held(' (process 4711)')),
  )
  // Having been refused has not loosened the lock.
  expect(() => lockDirectory(directory, 2)).toThrow(
    expect.objectContaining(held(' (process 4711)')),
  )
  release()
  lockDirectory(directory, 2)()
})

it('a holder that is killed holds nothing any more', async () => {
  const child = await holder()
  writeFileSync(join(directory, 'daemon.pid'), 'garbage\n')
  expect(() => lockDirectory(directory, 2)).toThrow(expect.objectContaining(held('')))
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  lockDirectory(directory, 2)()
})

it('its files are the owner’s alone', () => {
  const release = lockDirectory(directory, 1)
  for (const name of ['daemon.lock', 'daemon.pid']) {
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  }
  release()
})

it('a lock file that is damaged is no reason to take the directory', () => {
  writeFileSync(join(directory, 'daemon.lock'), 'no database, '.repeat(1000))
  expect(() => lockDirectory(directory, 1)).toThrow(
    expect.objectContaining({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining('daemon.lock') as unknown,
    }),
  )
})

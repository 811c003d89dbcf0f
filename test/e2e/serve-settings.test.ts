import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { startDaemon } from '../support/daemon.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'settings-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('bulkhead serve', () => {
  it('lists its settings with their flags, variables and keys', async () => {
    const { stdout } = await bulkhead(['serve', '--help'])
    const text = stdout.toString().replaceAll(/\s+/g, ' ')
    for (const words of [
      'BULKHEAD_LISTEN, "listen"',
      'BULKHEAD_DATA_DIR, "dataDir"',
      'BULKHEAD_TOKEN_FILE, "tokenFile"',
      'BULKHEAD_SLOTS, "slots"',
      '[BULKHEAD_CONFIG]',
      'from its flag, else from the environment, else from the file',
    ]) {
      expect(text).toContain(words)
    }
  })
  it('takes them from the environment and from a file', async () => {
    writeFileSync(join(directory, 'token'), '0123456789abcdef', { mode: 0o600 })
    const file = join(directory, 'config.json')
    writeFileSync(file, JSON.stringify({ tokenFile: 'token', listen: 'unix:///not/taken' }))
    const daemon = await startDaemon(undefined, { env: { BULKHEAD_CONFIG: file } })
    const url = `http://127.0.0.1:${daemon.port}/info`
    expect((await fetch(url)).status).toBe(401)
    const headers = { Authorization: 'Bearer 0123456789abcdef' }
    expect((await fetch(url, { headers })).status).toBe(200)
    await daemon.stop()
  })
  it.each([
    [['--slots', '0'], {}, 'bulkhead: --slots: 1 to 2048 is accepted\n'],
    [[], { BULKHEAD_SLOTS: 'x' }, 'bulkhead: BULKHEAD_SLOTS: 1 to 2048 is accepted\n'],
    [['--config', '/nowhere'], {}, 'bulkhead: config file /nowhere: cannot be read: ENOENT\n'],
  ])('%j %j ends with 125 and says what is wrong', async (flags, env, stderr) => {
    expect(await bulkhead(['serve', ...flags], { env })).toMatchObject({ code: 125, stderr })
  })
})

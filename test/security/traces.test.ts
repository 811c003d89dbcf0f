import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

const TRACES = 'guests/build/hostile-traces.wasm'
/** Two halves, so that no program has the whole in its own data. */
const PATTERN = ['hostile-', 'canary-7f3a'] as const
const CANARY = 'canary-of-the-host-51c9'

let directory = ''
let host: Host
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  process.env['BULKHEAD_TEST_CANARY'] = CANARY
  // One slot: the second guest gets the first one's worker.
  host = await createHost({ dataDir: join(directory, 'data'), slots: 1 })
})
afterAll(async () => {
  await host.close()
  delete process.env['BULKHEAD_TEST_CANARY']
  rmSync(directory, { recursive: true })
})

describe('the next guest of a worker', () => {
  it('finds nothing of the one before it', async () => {
    const env = { LEFT: 'behind' }
    const left = await host.run({ module: TRACES, args: ['leave', ...PATTERN], env })
    expect(left.text()).toBe('left\n')
    for (let round = 0; round < 3; round += 1) {
      const found = await host.run({ module: TRACES, args: ['search', ...PATTERN] })
      expect(found.text()).toBe(
        '0 words not zero\nmemory: clean\n4 descriptors\n2 entries in /tmp\n',
      )
    }
    const probed = await host.run({ module: TRACES, args: ['probe'] })
    expect(probed.text()).not.toContain('behind')
  })
  it('would find the pattern where it is', async () => {
    const text = `env ${PATTERN.join('')}`
    const probed = await host.run({ module: TRACES, args: ['probe'], env: { A: PATTERN.join('') } })
    expect(probed.text()).toContain(text.slice(4))
  })
})

describe('what a guest can learn of where it is', () => {
  const probe = async (more = {}) => {
    const done = await host.run({
      module: TRACES,
      args: ['probe', 'argument'],
      env: { OWN: 'value' },
      hostname: 'box',
      ...more,
    })
    expect(done.exitCode).toBe(0)
    return done.text()
  }
  it('is its own environment, arguments and directory', async () => {
    const lines = (await probe({ cwd: '/tmp' })).split('\n')
    expect(lines.filter((line) => line.startsWith('env ')).sort()).toEqual([
      'env HOME=/root',
      'env HOSTNAME=box',
      'env OWN=value',
      'env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ])
    expect(lines.filter((line) => line.startsWith('arg '))).toEqual([
      'arg hostile-traces.wasm',
      'arg probe',
      'arg argument',
    ])
  })
  it('is nothing of the host: no path, no name, no variable', async () => {
    mkdirSync(join(directory, 'bound'))
    writeFileSync(join(directory, 'bound', 'own.txt'), 'of the mount')
    const source = join(directory, 'bound')
    const text = await probe({ mounts: [{ type: 'bind', source, target: '/mnt/bound' }] })
    expect(text).toContain('of the mount')
    const foreign = [CANARY, directory, process.cwd(), process.execPath, hostname()]
    // As root the host's home is the container's too.
    if (homedir() !== '/root') foreign.push(homedir(), userInfo().username)
    for (const secret of foreign) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/node_modules|\.js\b|worker/)
  })
})

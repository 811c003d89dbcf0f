import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'

const MODULE = 'guests/build/preview1-users.wasm'
let data = ''
let shared = ''
let host: Host
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  shared = mkdtempSync(join(tmpdir(), 'bulkhead-shared-'))
  // What is closed on the host is closed inside.
  chmodSync(shared, 0o755)
  host = await createHost({ dataDir: data })
})
afterAll(async () => {
  await host.close()
  for (const directory of [data, shared]) rmSync(directory, { recursive: true })
})

/** One case, in a container that root has filled, with a directory of this host at /data. */
function run(name: string, user: string) {
  writeFileSync(join(shared, 'host.txt'), 'host')
  return host.run({
    module: MODULE,
    args: [name],
    user,
    files: { '/srv/root.txt': 'root', '/root/secret.txt': 'secret', '/tmp/root.txt': 'root' },
    collect: ['/srv/root.txt', '/root/secret.txt', '/tmp/root.txt'],
    mounts: [{ type: 'bind', source: shared, target: '/data' }],
  })
}
const list = async () => (await host.run({ module: MODULE, args: ['--list'] })).text().trim()

it('the cases are all here', async () => {
  const names = (await list()).split('\n')
  expect(names.filter((name) => name.startsWith('user-'))).toHaveLength(6)
  expect(names.filter((name) => name.startsWith('root-'))).toEqual(['root-may-everything'])
})
it.each(['1000', 'nobody', '1000:65534'])('user %s changes nothing of root’s', async (user) => {
  for (const name of (await list()).split('\n').filter((one) => one.startsWith('user-'))) {
    const done = await run(name, user)
    expect([done.text(), done.message, done.exitCode]).toEqual([`ok ${name}\n`, undefined, 0])
    const texts = [...done.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
    expect(Object.fromEntries(texts)).toEqual({
      '/srv/root.txt': 'root',
      '/root/secret.txt': 'secret',
      '/tmp/root.txt': 'root',
    })
    expect(readFileSync(join(shared, 'host.txt'), 'utf8')).toBe('host')
  }
})
it('what root writes through a bind belongs to whoever runs the host', async () => {
  const done = await run('root-may-everything', '')
  expect(done.text()).toBe('ok root-may-everything\n')
  expect(Buffer.from(done.files.get('/srv/root.txt') ?? []).toString()).toBe('changed')
  const made = statSync(join(shared, 'new.txt'))
  expect([made.uid, made.gid]).toEqual([process.getuid?.() ?? 0, process.getgid?.() ?? 0])
  expect(readFileSync(join(shared, 'new.txt'), 'utf8')).toBe('from the container')
  expect(readFileSync(join(shared, 'host.txt'), 'utf8')).toBe('host+')
})

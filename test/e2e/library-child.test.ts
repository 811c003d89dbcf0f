import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

let host: Host
beforeAll(async () => {
  host = await createHost({ dataDir: DATA_DIRECTORY, isolation: 'child-process' })
})
afterAll(async () => await host.close())

it('a host with a child process runs what every host runs, files in and out', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7)
  const done = await host.run({
    image: 'python',
    cmd: ['-c', 'import sys; open("/b", "wb").write(open("/a", "rb").read()); print(sys.argv)'],
    files: { '/a': bytes },
    collect: ['/b', '/none'],
  })
  expect(done).toMatchObject({ exitCode: 0, reason: 'exit' })
  expect([...done.files.keys()]).toEqual(['/b'])
  expect(Buffer.from(done.files.get('/b') ?? []).equals(bytes)).toBe(true)
})
it('an error of the cell is the error of the run', async () => {
  const run = host.run({ module: Uint8Array.of(1, 2, 3) })
  await expect(run).rejects.toMatchObject({ code: 'INVALID_MODULE' })
})
it('does not keep its process alive when nothing runs', () => {
  const program = `
    import { createHost } from './dist/index.js'
    const isolation = 'child-process'
    const host = await createHost({ dataDir: ${JSON.stringify(DATA_DIRECTORY)}, isolation })
    console.log((await host.run({ image: 'hello-world' })).exitCode)`
  const options = { encoding: 'utf8', timeout: 50_000 } as const
  const args = ['--input-type=module', '-e', program]
  expect(execFileSync(process.execPath, args, options)).toBe('0\n')
})

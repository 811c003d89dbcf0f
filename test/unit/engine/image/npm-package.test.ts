import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPackage } from '../../../../src/engine/image/npm-package.ts'

type Entry = readonly [name: string, text: string, type?: 'file' | 'symlink']

async function tarball(entries: readonly Entry[]): Promise<Buffer> {
  const pack = tar.pack()
  for (const [name, text, type = 'file'] of entries) {
    if (type === 'file') pack.entry({ name }, text)
    else pack.entry({ name, type, linkname: text })
  }
  pack.finalize()
  const pieces: Buffer[] = []
  for await (const piece of pack) pieces.push(piece as Buffer)
  return gzipSync(Buffer.concat(pieces))
}

const integrityOf = (bytes: Buffer): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`

/** A registry of one package per version, as npm's protocol has it. */
const versions = new Map<string, Buffer>()
let registry: Server
let before: string | undefined
beforeAll(async () => {
  registry = createServer((request, response) => {
    const { host } = request.headers
    const file = /\/-\/(.+)\.tgz$/.exec(request.url ?? '')?.[1]
    if (file !== undefined) {
      response.end(versions.get(file))
      return
    }
    const all = [...versions].map(([version, bytes]): [string, unknown] => [
      version,
      {
        name: 'thing',
        version,
        dist: { tarball: `http://${host}/thing/-/${version}.tgz`, integrity: integrityOf(bytes) },
      },
    ])
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: 'thing', versions: Object.fromEntries<unknown>(all) }))
  }).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  const address = registry.address()
  before = process.env['npm_config_registry']
  const port = typeof address === 'object' ? address?.port : undefined
  process.env['npm_config_registry'] = `http://127.0.0.1:${port}/`
})
afterAll(() => {
  if (before === undefined) delete process.env['npm_config_registry']
  else process.env['npm_config_registry'] = before
  registry.close()
})

async function read(
  version: string,
  entries: readonly Entry[],
  wanted: string[],
  promised?: string,
) {
  const bytes = await tarball(entries)
  versions.set(version, bytes)
  const found = new Map<string, string>()
  let received = 0
  const source = {
    npm: 'thing',
    version,
    integrity: promised ?? integrityOf(bytes),
    bytes: bytes.length,
  }
  await readPackage(
    source,
    new Set(wanted),
    async (name, content) => {
      const pieces: Uint8Array[] = []
      for await (const piece of content) pieces.push(piece)
      found.set(name, Buffer.concat(pieces).toString())
    },
    (count) => {
      received = count
    },
    undefined,
  )
  return { found, received, size: bytes.length }
}

describe('readPackage', () => {
  it('hands over the wanted files and tells every byte', async () => {
    const entries: Entry[] = [
      ['package/a.txt', 'A'],
      ['package/dir/b.txt', 'B'],
      ['package/c.txt', 'C'],
    ]
    const { found, received, size } = await read('1.0.0', entries, ['a.txt', 'dir/b.txt'])
    expect([...found]).toEqual([
      ['a.txt', 'A'],
      ['dir/b.txt', 'B'],
    ])
    expect(received).toBe(size)
  })
  it('refuses bytes without the promised integrity', async () => {
    const other = integrityOf(Buffer.from('other'))
    const done = read('1.0.1', [['package/a.txt', 'A']], ['a.txt'], other)
    await expect(done).rejects.toMatchObject({
      code: 'PULL_FAILED',
      message: 'cannot pull thing@1.0.1: its bytes do not have the promised integrity',
    })
  })
  it('says which file a package lacks', async () => {
    await expect(read('1.0.2', [['package/a.txt', 'A']], ['b.txt'])).rejects.toMatchObject({
      code: 'PULL_FAILED',
      message: 'thing@1.0.2 does not contain b.txt',
    })
  })
  it.each<[string, Entry]>([
    ['a link in the place of a file', ['package/a.txt', '/etc/passwd', 'symlink']],
    ['a name that climbs', ['package/../../a.txt', 'x']],
  ])('does not take %s', async (_, entry) => {
    const version = `1.1.${versions.size}`
    await expect(read(version, [entry], ['a.txt'])).rejects.toMatchObject({ code: 'PULL_FAILED' })
  })
  it('says that the registry does not have it', async () => {
    const source = { npm: 'thing', version: '9.9.9', integrity: integrityOf(Buffer.of()), bytes: 0 }
    const done = readPackage(
      source,
      new Set(['a']),
      async () => {},
      () => {},
      undefined,
    )
    await expect(done).rejects.toMatchObject({ code: 'PULL_FAILED' })
  })
})

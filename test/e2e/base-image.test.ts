import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../dist/index.js'
import { type DockerSession, dockerSession } from '../support/docker-session.ts'

/** All tools are this one. */
const USERLAND = 'guests/build/userland.wasm'

let directory = ''
let host: Host
let session: DockerSession
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'base-image-'))
  host = await createHost({ dataDir: directory })
  session = await dockerSession()
})
afterAll(async () => {
  await session.stop()
  await host.close()
  rmSync(directory, { recursive: true })
})

describe('the image base', () => {
  it('has a link for each name its program lists', async () => {
    const { files } = await host.images.pull('base')
    const links = files.flatMap(({ type, path }) => (type === 'symlink' ? [path] : []))
    const list = await host.run({ image: 'base', cmd: ['/bin/userland'] })
    const names = list
      .text()
      .split('\n')
      .filter((line) => line !== '')
    expect(links.filter((path) => path.startsWith('/bin/')).sort()).toEqual(
      names.map((name) => `/bin/${name}`).sort(),
    )
    expect(links).toContain('/usr/bin/env')
  })
  it('says which name it does not go by', async () => {
    const done = await host.run({ module: USERLAND, args: ['nothing'] })
    const stderr = new TextDecoder().decode(done.stderr)
    expect([done.exitCode, stderr]).toEqual([127, 'nothing: applet not found\n'])
  })
  it('has what programs expect of a root', async () => {
    const { files } = await host.images.pull('base')
    const about = (path: string) => files.find((file) => file.path === path)
    expect(about('/tmp')).toMatchObject({ type: 'directory', mode: 0o1777 })
    expect(about('/root')).toMatchObject({ type: 'directory', mode: 0o700 })
    const collect = ['/etc/os-release', '/etc/passwd', '/etc/group', '/etc/profile']
    const done = await host.run({ image: 'base', cmd: ['/bin/userland'], collect })
    for (const path of collect) {
      const shipped = readFileSync(join('images', 'base', path), 'utf8')
      expect(new TextDecoder().decode(done.files.get(path))).toBe(shipped)
    }
  })
  it('runs sh, unless it is told otherwise', async () => {
    const { config } = await host.images.pull('base')
    expect(config).toMatchObject({
      Cmd: ['sh'],
      Entrypoint: [],
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    })
  })
  it('is below the languages: docker tells both layers', async () => {
    for (const name of ['base', 'sqlite']) await session.ok('pull', '-q', name)
    const layersOf = async (name: string): Promise<readonly string[]> =>
      (await session.ok('image', 'inspect', '-f', '{{join .RootFS.Layers " "}}', name)).split(' ')
    const [base, sqlite] = [await layersOf('base'), await layersOf('sqlite')]
    expect(base).toHaveLength(1)
    expect(sqlite).toEqual([...base, expect.stringMatching(/^sha256:/)])
    const history = await session.ok('history', '--format', '{{.CreatedBy}}', 'sqlite')
    expect(history.split('\n')).toEqual(['bulkhead pull', 'bulkhead pull base'])
    const list = ['run', '--rm', '--entrypoint', '/bin/userland', 'sqlite']
    expect(await session.ok(...list)).toBe(await session.ok('run', '--rm', 'base', 'userland'))
  })
})

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Container, createHost, EngineError, type Host } from '../../dist/index.js'
import { DATA_DIRECTORY } from '../support/bulkhead.ts'

const SLEEPS = { image: 'base', cmd: ['sleep', '600'] }

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
  )

async function textOf(entries: AsyncIterable<{ readonly bytes: Uint8Array }>): Promise<string> {
  let text = ''
  for await (const { bytes } of entries) text += Buffer.from(bytes).toString()
  return text
}

/** Settles with the first of an output, and keeps on taking it. */
function firstOf(): {
  readonly consume: (bytes: Uint8Array) => void
  readonly text: Promise<string>
} {
  let resolve = (_: string): void => {}
  const text = new Promise<string>((done) => {
    resolve = done
  })
  return { consume: (bytes) => resolve(Buffer.from(bytes).toString()), text }
}

describe.each(['in-process', 'child-process'] as const)('host.containers, %s', (isolation) => {
  let host: Host
  let running: Container
  beforeAll(async () => {
    host = await createHost({ dataDir: DATA_DIRECTORY, isolation })
    running = await host.containers.create(SLEEPS)
    await running.start()
  })
  afterAll(() => host.close())

  it('takes a container through its life', async () => {
    const script = 'trap "exit 7" TERM; echo out; echo err >&2; while :; do sleep 1; done'
    const c = await host.containers.create({
      image: 'base',
      name: 'life',
      cmd: ['sh', '-c', script],
    })
    expect(c.id).toMatch(/^[0-9a-f]{64}$/)
    expect(c.name).toBe('life')
    expect(await c.wait()).toEqual({ exitCode: 0, error: undefined })
    await c.start()
    await c.start()
    for await (const { stream, bytes } of c.logs({ follow: true })) {
      if (stream === 'stderr') {
        expect(Buffer.from(bytes).toString()).toBe('err\n')
        break
      }
    }
    expect(await codeOf(c.remove())).toBe('WRONG_STATE')
    const ended = c.wait()
    await c.stop()
    expect(await ended).toEqual({ exitCode: 7, error: undefined })
    expect(await textOf(c.logs({ streams: ['stdout'] }))).toBe('out\n')
    expect(await codeOf(c.exec(['true']))).toBe('WRONG_STATE')
    await c.remove()
    expect(await codeOf(c.start())).toBe('NO_SUCH_CONTAINER')
    await c[Symbol.asyncDispose]()
  })
  it('keeps what was written from one start to the next', async () => {
    const cmd = ['sh', '-c', 'cat /kept 2>/dev/null; echo again >>/kept']
    const c = await host.containers.create({ image: 'base', cmd })
    for (const expected of ['', 'again\n']) {
      await c.start()
      await c.wait()
      expect(await textOf(c.logs())).toBe(expected)
    }
    await c.remove()
  })
  it('refuses a name that is taken, an image and a command that are not there', async () => {
    const c = await host.containers.create({ ...SLEEPS, name: 'taken' })
    expect(await codeOf(host.containers.create({ ...SLEEPS, name: 'taken' }))).toBe('NAME_IN_USE')
    await c.remove()
    expect(await codeOf(host.containers.create({ image: 'none' }))).toBe('NO_SUCH_IMAGE')
    const none = await host.containers.create({ image: 'base', cmd: ['none'] })
    expect(await codeOf(none.start())).toBe('NO_SUCH_COMMAND')
    await none.remove()
    expect(await codeOf(host.containers.create({ ...SLEEPS, env: { 'A=B': '' } }))).toBe(
      'INVALID_ARGUMENT',
    )
    for (const more of [{ timeoutMs: 1 }, { collect: '1m' }]) {
      const ofRuns = { ...SLEEPS, limits: { memory: '64m', ...more } }
      expect(await codeOf(host.containers.create(ofRuns))).toBe('INVALID_LIMIT')
    }
  })

  describe('exec', () => {
    it('has streams, variables, a directory and an exit code of its own', async () => {
      const script = 'cat; echo "$A $(pwd) $(id -u)"; echo err >&2; exit 3'
      const done = await running.exec(['sh', '-c', script], {
        stdin: 'in ',
        env: { A: 'a=b' },
        cwd: '/tmp',
        user: '1000',
      })
      expect(done).toMatchObject({
        exitCode: 3,
        reason: 'exit',
        oomKilled: false,
        truncated: false,
      })
      expect(done.text()).toBe('in a=b /tmp 1000\n')
      expect(Buffer.from(done.stderr).toString()).toBe('err\n')
      expect(done.usage.fuel).toBeGreaterThan(0n)
    })
    it('takes bytes and streams for input, and hands output on as it comes', async () => {
      async function* pieces() {
        for (let at = 0; at < 10; at += 1) yield new Uint8Array(50_000)
      }
      const own = await running.exec(['wc', '-c'], { stdin: new Uint8Array(1_000_000) })
      expect(own.text().trim()).toBe('1000000')
      let seen = 0
      const done = await running.exec(['cat'], {
        stdin: pieces(),
        stdout: (bytes: Uint8Array) => {
          seen += bytes.length
        },
      })
      expect([seen, done.stdout.length]).toEqual([500_000, 0])
    })
    it('gives an endless input back when the process has ended', async () => {
      let back = false
      const endless: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            back = true
            return { done: true, value: undefined }
          },
        }),
      }
      expect((await running.exec(['true'], { stdin: endless })).exitCode).toBe(0)
      expect(back).toBe(true)
    })
    it('has a terminal where one is asked for', async () => {
      const done = await running.exec(['sh', '-c', 'test -t 0 && stty size; tty; echo err >&2'], {
        terminal: { rows: 33, columns: 99 },
      })
      expect(done.text()).toBe('33 99\r\n/dev/pts/0\r\nerr\r\n')
    })
    it('runs ten at once', async () => {
      const all = Array.from({ length: 10 }, (_, at) => running.exec(['cat'], { stdin: `${at}` }))
      const texts = (await Promise.all(all)).map((done) => done.text())
      expect(texts).toEqual([...'0123456789'])
    })
    it('is refused for a program that is not there, no command and no user', async () => {
      expect(await codeOf(running.exec(['none']))).toBe('NO_SUCH_COMMAND')
      expect(await codeOf(running.exec([]))).toBe('INVALID_ARGUMENT')
      expect(await codeOf(running.exec(['true'], { user: 'nobody-here' }))).toBe('INVALID_ARGUMENT')
      expect(await codeOf(running.exec(['true'], { cwd: 'relative' }))).toBe('INVALID_ARGUMENT')
    })
    it('is refused in a paused container', async () => {
      await running.pause()
      expect(await codeOf(running.exec(['true']))).toBe('WRONG_STATE')
      await running.unpause()
      expect((await running.exec(['true'])).exitCode).toBe(0)
    })
    it('is killed by an abort, which is what the caller is told', async () => {
      const abort = new AbortController()
      const begun = firstOf()
      const done = running.exec(['sh', '-c', 'echo here; exec sleep 700'], {
        stdout: begun.consume,
        signal: abort.signal,
      })
      expect(await begun.text).toBe('here\n')
      abort.abort(new Error('enough'))
      await expect(done).rejects.toThrow('enough')
      const left = await running.exec(['ps', '-e', '-o', 'args'])
      expect(left.text()).toContain('sleep 600')
      expect(left.text()).not.toContain('sleep 700')
      await expect(running.exec(['true'], { signal: abort.signal })).rejects.toThrow('enough')
    })
    it('ends with its container, as killed', async () => {
      const c = await host.containers.create(SLEEPS)
      await c.start()
      const begun = firstOf()
      const done = c.exec(['sh', '-c', 'echo here; exec sleep 600'], { stdout: begun.consume })
      await begun.text
      await c.kill()
      expect(await done).toMatchObject({ exitCode: 137, reason: 'killed' })
      expect(await c.wait()).toMatchObject({ exitCode: 137 })
      await c.remove()
    })
  })

  it('stops waiting at an abort, and the container goes on', async () => {
    const abort = new AbortController()
    const waits = [
      running.wait({ signal: abort.signal }),
      textOf(running.logs({ follow: true, signal: abort.signal })),
    ]
    const all = waits.map((one) => expect(one).rejects.toThrow('enough'))
    abort.abort(new Error('enough'))
    await Promise.all(all)
    expect((await running.exec(['true'])).exitCode).toBe(0)
  })
})

it('a host that is closed kills and forgets its containers, and leaves no file', async () => {
  const own = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  vi.stubEnv('TMPDIR', own)
  vi.stubEnv('TEMP', own)
  const host = await createHost({ dataDir: DATA_DIRECTORY })
  const c = await host.containers.create(SLEEPS)
  vi.unstubAllEnvs()
  await c.start()
  expect(readdirSync(own)).toHaveLength(1)
  const done = c.wait()
  await host.close()
  expect(await done).toMatchObject({ exitCode: 137 })
  expect(host.inUse()).toMatchObject({ slots: 0, threads: 0 })
  expect(readdirSync(own)).toEqual([])
  expect(await codeOf(c.start())).toBe('NO_SUCH_CONTAINER')
  expect(await codeOf(host.containers.create(SLEEPS))).toBe('HOST_CLOSED')
  rmSync(own, { recursive: true })
})

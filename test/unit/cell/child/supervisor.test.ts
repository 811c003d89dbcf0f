import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { packed, unpacked } from '../../../../src/cell/child/body.ts'
import { type Frame, FrameReader, headerOf } from '../../../../src/cell/child/frame.ts'
import { nextDelay } from '../../../../src/cell/child/restarts.ts'
import {
  type CellReport,
  type Death,
  GRACE_MS,
  HEARTBEAT_MS,
  SILENT_BEATS,
  START_BEATS,
  Supervisor,
} from '../../../../src/cell/child/supervisor.ts'
import type { CallBody } from '../../../../src/cell/child/verbs.ts'
import { deferred } from '../../../../src/std/deferred.ts'

/** One planted process: answers what it is told to, and dies when the test says so. */
class Planted {
  readonly signals: string[] = []
  readonly #gone = deferred<Death>()
  readonly gone = this.#gone.promise
  readonly channel: Duplex
  answers = true
  wedged = 0
  readonly pid: number

  constructor(pid: number) {
    this.pid = pid
    const reader = new FrameReader((frame) => this.#hear(frame))
    this.channel = new Duplex({
      read: () => {},
      write: (chunk: Uint8Array, _, done) => {
        reader.push(chunk)
        done()
      },
    })
  }

  #hear({ call, payload }: Frame): void {
    if (!this.answers) return
    const { verb } = unpacked(payload) as CallBody
    const value =
      verb === 'inUse' ? { slots: 1, threads: 2, modules: 3, wedged: this.wedged } : null
    this.say(call, { value })
  }

  say(call: number, body: unknown): void {
    const bytes = Buffer.concat(packed(body))
    this.channel.push(Buffer.concat([headerOf('body', call, 0, bytes.length), bytes]))
  }

  signal(name: string): void {
    this.signals.push(name)
  }

  die(death: Death = { code: null, signal: 'SIGKILL' }): void {
    this.channel.destroy()
    this.#gone.resolve(death)
  }
}

/** A supervisor whose time passes when the test says so. */
function supervised(prepare: (planted: Planted) => void = () => {}) {
  const planted: Planted[] = []
  const reports: CellReport[] = []
  let now = 0
  let timers: { readonly at: number; readonly then: () => void }[] = []
  const supervisor = new Supervisor({
    settings: { dataDirectory: '/none', slots: 1 },
    spawn: () => {
      const one = new Planted(planted.length + 1)
      prepare(one)
      planted.push(one)
      return one
    },
    later: (ms, then) => {
      const timer = { at: now + ms, then }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    now: () => now,
    report: (report) => reports.push(report),
  })
  /** What is on its way between the two arrives. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      await settle()
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      timers = timers.filter((other) => other !== next)
      now = next.at
      next.then()
    }
    now = end
    await settle()
  }
  const last = (): Planted => planted[planted.length - 1] as Planted // one is always there
  return { supervisor, planted, reports, pass, settle, last }
}

describe('a cell process', () => {
  it('is up once it has answered, and its heart is heard', async () => {
    const { supervisor, reports, pass } = supervised()
    await supervisor.up()
    expect(reports).toEqual([{ event: 'up', pid: 1, startMs: 0 }])
    expect(supervisor.inUse.threads).toBe(0)
    await pass(60 * HEARTBEAT_MS)
    expect(supervisor.inUse).toMatchObject({ slots: 1, threads: 2, modules: 3 })
    expect(reports).toHaveLength(1)
  })
  it('that is silent gets SIGTERM, then SIGKILL, and is replaced', async () => {
    const { supervisor, planted, reports, pass, last } = supervised()
    await supervisor.up()
    last().answers = false
    await pass(SILENT_BEATS * HEARTBEAT_MS)
    expect(last().signals).toEqual([])
    await pass(HEARTBEAT_MS)
    expect(last().signals).toEqual(['SIGTERM'])
    await pass(GRACE_MS - 1)
    expect(last().signals).toEqual(['SIGTERM'])
    await pass(1)
    expect(last().signals).toEqual(['SIGTERM', 'SIGKILL'])
    last().die()
    // It had run for more than ten seconds: the next one starts without a delay.
    await pass(0)
    expect(reports[1]).toMatchObject({ event: 'down', pid: 1, cause: 'silent', retryMs: 0 })
    expect(planted).toHaveLength(2)
  })
  it('with a thread that cannot be ended gets SIGKILL at once, and is replaced', async () => {
    const { supervisor, planted, reports, pass, last } = supervised()
    await supervisor.up()
    await pass(HEARTBEAT_MS)
    expect(last().signals).toEqual([])
    last().wedged = 1
    await pass(HEARTBEAT_MS)
    expect(last().signals).toEqual(['SIGKILL'])
    last().die()
    await pass(100)
    expect(reports[1]).toMatchObject({ event: 'down', pid: 1, cause: 'wedged', retryMs: 100 })
    expect(planted).toHaveLength(2)
    expect(supervisor.inUse.wedged).toBe(0)
  })
  it('that never comes up is ended after a longer while', async () => {
    const { pass, last } = supervised((one) => {
      one.answers = false
    })
    await pass(START_BEATS * HEARTBEAT_MS)
    expect(last().signals).toEqual([])
    await pass(HEARTBEAT_MS)
    expect(last().signals).toEqual(['SIGTERM'])
  })
  it('that answers late is not silent', async () => {
    const { supervisor, pass, last } = supervised()
    await supervisor.up()
    for (let round = 0; round < 3; round += 1) {
      last().answers = false
      await pass((SILENT_BEATS - 1) * HEARTBEAT_MS)
      // The call of the last heartbeat: `open` was the first, and none was sent meanwhile.
      last().answers = true
      last().say(2 + round, { value: { slots: 0, threads: 0, modules: 0, wedged: 0 } })
      await pass(0)
    }
    expect(last().signals).toEqual([])
  })
  it('that breaks the rules gets SIGKILL at once', async () => {
    const { supervisor, reports, settle, last } = supervised()
    const cell = await supervisor.up()
    const call = cell.call('stats', { run: 1 })
    const lost = expect(call.answer).rejects.toMatchObject({ name: 'CellLost' })
    last().say(99, { value: null })
    await settle()
    expect(last().signals).toEqual(['SIGKILL'])
    await lost
    last().die()
    await settle()
    expect(reports.slice(1)).toMatchObject([
      { event: 'said', text: 'cell ended: ProtocolError: a call that there is not' },
      { event: 'down', cause: 'protocol', retryMs: 100 },
    ])
  })
})

describe('a cell process that dies', () => {
  it('is started again, later each time, and requests wait for it', async () => {
    const { supervisor, planted, reports, pass, last } = supervised()
    await supervisor.up()
    for (const delay of [100, 200, 400]) {
      last().die()
      await pass(0)
      expect(reports.at(-1)).toMatchObject({ event: 'down', cause: 'itself', retryMs: delay })
      const before = planted.length
      const up = supervisor.up()
      await pass(delay - 1)
      expect(planted).toHaveLength(before)
      await pass(1)
      await up
      expect(planted).toHaveLength(before + 1)
    }
  })
  it('is no longer given to anybody once its channel is closed', async () => {
    const { supervisor, pass, settle, last } = supervised()
    const first = await supervisor.up()
    last().channel.destroy()
    await settle()
    const next = supervisor.up()
    last().die()
    await pass(100)
    expect(await next).not.toBe(first)
  })
  it('too often refuses requests until the next start', async () => {
    const { supervisor, pass, last } = supervised()
    for (let death = 1; death <= 8; death += 1) {
      last().die()
      await pass(death < 8 ? 10_000 - 1 : 0)
    }
    const refused = { code: 'CELL_LOST', message: expect.stringContaining('too often') as string }
    await expect(supervisor.up()).rejects.toMatchObject(refused)
    await pass(10_000)
    await supervisor.up()
  })
  it('is delayed by a rule', () => {
    expect([0, 1, 6, 7, 20].map((deaths) => nextDelay(deaths, 9_999).delay)).toEqual([
      100, 200, 6_400, 10_000, 10_000,
    ])
    expect(nextDelay(5, 10_000)).toEqual({ deaths: 0, delay: 0 })
  })
})

describe('closing', () => {
  it('asks the process to end, waits for it, and starts no other', async () => {
    const { supervisor, planted, reports, pass, last } = supervised()
    await supervisor.up()
    let closed = false
    const closing = supervisor.close().then(() => {
      closed = true
    })
    await pass(GRACE_MS)
    expect(last().signals).toEqual(['SIGTERM', 'SIGKILL'])
    expect(closed).toBe(false)
    last().die()
    await closing
    await pass(60_000)
    expect(planted).toHaveLength(1)
    expect(reports[1]).toMatchObject({ event: 'down', cause: 'closed', retryMs: undefined })
    await expect(supervisor.up()).rejects.toMatchObject({ code: 'HOST_CLOSED' })
  })
  it('refuses who waits for a cell, and starts none', async () => {
    const { supervisor, planted, pass, last } = supervised()
    await supervisor.up()
    last().die()
    await pass(0)
    const waiting = expect(supervisor.up()).rejects.toMatchObject({ code: 'HOST_CLOSED' })
    await supervisor.close()
    await waiting
    await pass(60_000)
    expect(planted).toHaveLength(1)
  })
})

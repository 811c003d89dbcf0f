import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, EngineError, type Host, type Mount, type RunResult } from '../../dist/index.js'
import { CORPUS, type ExpectedEnd, type HostileRow } from '../support/hostile-corpus.ts'

const NEIGHBOUR = 'guests/build/neighbour.wasm'
const SECRET = 'a secret that no other guest may see'
const CANARY = 'what a hostile guest may know'
/** Long enough for a worker that must first be started on a busy machine. */
const TIMEOUT_MS = 300
const FUEL = 3_000_000n
/** Ends a run whose fuel does not end it: its test has failed then, and no other. */
const WITHOUT_FUEL_MS = 10_000

let directory = ''
let host: Host
let honest: Uint8Array
const neighbour = () =>
  host.run({ module: NEIGHBOUR, args: ['word'], env: { SECRET } }).then(({ stdout }) => stdout)

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  for (const name of ['ro', 'rw']) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'f'), 'x')
  }
  host = await createHost({ dataDir: join(directory, 'data') })
  // Workers are there before any time limit runs.
  const all = await Promise.all([neighbour(), neighbour(), neighbour()])
  honest = all[0]
  expect(new TextDecoder().decode(honest)).toContain(SECRET)
})
afterAll(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const mounts = (): readonly Mount[] => [
  { type: 'bind', source: join(directory, 'ro'), target: '/ro', readOnly: true },
  { type: 'bind', source: join(directory, 'rw'), target: '/rw' },
  { type: 'tmpfs', target: '/t', size: '1m' },
]
const never = {
  async *[Symbol.asyncIterator]() {
    await new Promise<void>(() => {})
    yield new Uint8Array()
  },
}

/** One run of a row, and how much larger the process was at any time meanwhile. */
async function run(row: HostileRow, limits: HostileRow['limits'] = {}) {
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 10)
  try {
    const result = await host.run({
      module: typeof row.module === 'string' ? row.module : row.module(),
      ...(row.args && { args: row.args }),
      ...row.more,
      mounts: mounts(),
      env: { CANARY },
      stdin: never,
      limits: { ...row.limits, ...limits },
    })
    return { result, grownMiB: (most - before) / 2 ** 20 }
  } finally {
    clearInterval(watch)
  }
}

function expectPrinted(result: RunResult, text: string | RegExp | undefined) {
  if (typeof text === 'string') expect(result.text()).toBe(text)
  else if (text !== undefined) expect(result.text()).toMatch(text)
}

/** Ended by the guest's own trap at a safepoint or a call, not by ending its worker. */
const BY_ITSELF = { timeout: 'it ran longer than its timeout', fuel: 'out of fuel' } as const

function expectKilled(result: RunResult, reason: keyof typeof BY_ITSELF) {
  expect(result).toMatchObject({ exitCode: 137, reason })
  expect(result.message).toContain(BY_ITSELF[reason])
}

function expectEnd(result: RunResult, end: ExpectedEnd) {
  if (end.end === 'exit') {
    expectPrinted(result, end.text)
    expect(result).toMatchObject({ reason: 'exit', exitCode: end.code ?? 0 })
  } else if (end.end === 'trap') {
    expect(result).toMatchObject({ reason: 'trap', exitCode: 134 })
    expect(result.message).toMatch(end.message)
  } else if (end.end === 'memory') {
    expect(result).toMatchObject({ reason: 'memory', exitCode: 137, oomKilled: true })
  } else throw new TypeError(`${end.end} is not the end of one run`)
}

/** Nothing of the neighbour's reaches the hostile guest, and nothing of the host's does. */
function expectNothingForeign({ stdout, stderr, message }: RunResult) {
  const seen = `${Buffer.from(stdout)}${Buffer.from(stderr)}${message}`
  expect(seen).not.toContain(SECRET)
  expect(seen).not.toContain(directory)
}

async function expectRefused(row: HostileRow, end: ExpectedEnd & { end: 'refused' }) {
  const error: unknown = await run(row).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EngineError)
  expect(error).toMatchObject({ code: end.code })
  const { message } = error as EngineError
  expect(message).toMatch(end.message)
  expect(message).not.toContain('\n')
  expect(message.length).toBeLessThan(300)
}

async function expectRow(row: HostileRow) {
  const { expect: end } = row
  if (end.end === 'refused') return await expectRefused(row, end)
  const endless = end.end === 'killed' || end.end === 'woken'
  const { result, grownMiB } = await run(row, endless ? { timeoutMs: TIMEOUT_MS } : {})
  if (endless) expectKilled(result, 'timeout')
  else expectEnd(result, end)
  if (end.end === 'killed')
    expectKilled((await run(row, { fuel: FUEL, timeoutMs: WITHOUT_FUEL_MS })).result, 'fuel')
  expectNothingForeign(result)
  if (row.rssMiB !== undefined) expect(grownMiB).toBeLessThan(row.rssMiB)
}

const titles = CORPUS.map((row) => [`${row.id} ${row.trouble}: ${row.expect.end}`, row] as const)

describe('a hostile guest beside an honest neighbour', () => {
  it.each(titles)('%s', async (_, row) => {
    const beside = neighbour()
    await expectRow(row)
    expect(Buffer.compare(await beside, honest)).toBe(0)
    expect(existsSync('/tmp/bulkhead-escaped')).toBe(false)
    expect(host.inUse().slots).toBe(0)
  })
})

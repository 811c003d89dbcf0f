import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Downloads } from '../../../../src/engine/content/downloads.ts'
import { hexOf } from '../../../../src/engine/content/integrity.ts'
import type { NpmPackage } from '../../../../src/engine/image/catalogue.ts'
import { downloadPackage } from '../../../../src/engine/image/npm-download.ts'
import { integrityOf } from '../../../support/archives.ts'
import { type Answer, cutAfter, openRegistry } from '../../../support/npm-registry.ts'

const BYTES = randomBytes(1_000_000)
const CUT = 400_000

let registry: Awaited<ReturnType<typeof openRegistry>>
let source: NpmPackage
let directory = ''
beforeAll(async () => {
  registry = await openRegistry()
  source = registry.publish('1.0.0', BYTES)
})
afterAll(() => registry.close())
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'downloads-'))
  registry.asked.length = 0
  registry.answers.length = 0
})
afterEach(() => rmSync(directory, { recursive: true }))

function download(from: NpmPackage = source, signal: AbortSignal = new AbortController().signal) {
  const told: number[] = []
  const downloads = new Downloads(directory)
  const parts = { downloads, onBytes: (received: number) => told.push(received), signal }
  return { told, done: downloadPackage(from, parts) }
}
const partial = () => join(directory, `${hexOf(source.integrity)}.part`)

/** All of it, whatever range was asked for. */
const withoutRanges: Answer = (_, response, bytes) => response.end(bytes)
/** A range that begins elsewhere than asked. */
const wrongRange: Answer = (_, response, bytes) => {
  response.writeHead(206, { 'content-range': `bytes 7-${bytes.length - 1}/${bytes.length}` })
  response.end(bytes.subarray(7))
}
const tooMuch: Answer = (_, response, bytes) => response.end(Buffer.concat([bytes, bytes]))
const nothing: Answer = (_, response) => response.end()
const refusal =
  (status: number): Answer =>
  (_, response) =>
    response.writeHead(status).end()

describe('downloadPackage', () => {
  it('leaves a whole file, and tells every byte', async () => {
    const { told, done } = download()
    expect(readFileSync(await done).equals(BYTES)).toBe(true)
    expect([told[0], told.at(-1)]).toEqual([0, BYTES.length])
    expect(readdirSync(directory)).toEqual([hexOf(source.integrity)])
  })
  it('asks nobody for what is here', async () => {
    await download().done
    registry.asked.length = 0
    const { told, done } = download()
    await done
    expect([registry.asked, told]).toEqual([[], []])
  })
  it('downloads again what is here and was changed', async () => {
    writeFileSync(await download().done, 'other bytes')
    expect(readFileSync(await download().done).equals(BYTES)).toBe(true)
  })
  it('goes on where a connection broke, as often as it takes', async () => {
    registry.answers.push(cutAfter(CUT), cutAfter(CUT))
    expect(readFileSync(await download().done).equals(BYTES)).toBe(true)
    expect(registry.asked).toEqual([undefined, `bytes=${CUT}-`, `bytes=${2 * CUT}-`])
  })
  it('goes on where an earlier download stopped', async () => {
    writeFileSync(partial(), BYTES.subarray(0, CUT))
    const { told, done } = download()
    expect(readFileSync(await done).equals(BYTES)).toBe(true)
    expect(registry.asked).toEqual([`bytes=${CUT}-`])
    expect(told[0]).toBe(CUT)
    expect(readdirSync(directory)).toEqual([hexOf(source.integrity)])
  })
  it('goes on with what a process left that was killed', async () => {
    // No process has the highest number that there can be.
    writeFileSync(`${partial().slice(0, -5)}.4194305-ab.part`, BYTES.subarray(0, CUT))
    await download().done
    expect(registry.asked).toEqual([`bytes=${CUT}-`])
  })
  it('does not touch what a living process is downloading', async () => {
    const foreign = `${partial().slice(0, -5)}.${process.ppid}-ab.part`
    writeFileSync(foreign, BYTES.subarray(0, CUT))
    await download().done
    expect(registry.asked).toEqual([undefined])
    expect(readFileSync(foreign)).toHaveLength(CUT)
  })
  it('needs no request for an earlier download that only lacked its end', async () => {
    writeFileSync(partial(), BYTES)
    await download().done
    expect(registry.asked).toEqual([])
  })
  it.each([
    ['begins with other bytes', Buffer.concat([randomBytes(CUT)])],
    ['is longer than promised', Buffer.concat([BYTES, BYTES])],
    ['is as long as promised, and is something else', randomBytes(BYTES.length)],
  ])('begins anew when what an earlier download left %s', async (_, left) => {
    writeFileSync(partial(), left)
    expect(readFileSync(await download().done).equals(BYTES)).toBe(true)
    expect(registry.asked.at(-1)).toBeUndefined()
  })
  it.each<[string, Answer]>([
    ['knows no ranges', withoutRanges],
    ['answers another range', wrongRange],
    ['refuses the range', refusal(416)],
  ])('begins anew when the server %s', async (_, answer) => {
    writeFileSync(partial(), BYTES.subarray(0, CUT))
    registry.answers.push(answer)
    expect(readFileSync(await download().done).equals(BYTES)).toBe(true)
    expect(registry.asked[0]).toBe(`bytes=${CUT}-`)
  })
  it('leaves what it has when it is aborted, and the next one goes on', async () => {
    const controller = new AbortController()
    const stall: Answer = (_, response, bytes) => {
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, CUT))
    }
    registry.answers.push(stall)
    const downloads = new Downloads(directory)
    const onBytes = (received: number) => received === CUT && controller.abort('enough')
    const parts = { downloads, onBytes, signal: controller.signal }
    await expect(downloadPackage(source, parts)).rejects.toBe('enough')
    expect(readFileSync(partial())).toHaveLength(CUT)
    await download().done
    expect(registry.asked).toEqual([undefined, `bytes=${CUT}-`])
  })
})

describe('downloadPackage fails', () => {
  const message = (why: string) => ({
    code: 'PULL_FAILED',
    message: `cannot pull thing@1.0.0: ${why}`,
  })
  it('for bytes without the promised integrity, and keeps none', async () => {
    const other = { ...source, integrity: integrityOf(Buffer.from('other')) }
    await expect(download(other).done).rejects.toMatchObject(
      message('its bytes do not have the promised integrity'),
    )
  })
  it('for bytes that change on their way, and keeps none', async () => {
    const forged = Buffer.from(BYTES)
    forged[5] = (forged[5] ?? 0) ^ 1
    registry.answers.push((_, response) => response.end(forged))
    await expect(download().done).rejects.toMatchObject(
      message('its bytes do not have the promised integrity'),
    )
    expect(readdirSync(directory)).toEqual([])
  })
  it.each<[string, Answer[], string]>([
    ['sends too much', [tooMuch], 'the registry sends more than the promised bytes'],
    [
      'sends nothing, three times',
      [nothing, nothing, nothing],
      'the registry sends fewer than the promised bytes',
    ],
    ['does not have it', [refusal(404)], 'the registry does not have it'],
    ['is broken', [refusal(503)], 'the registry answered E503'],
  ])('when the registry %s', async (_, answers, why) => {
    registry.answers.push(...answers)
    await expect(download().done).rejects.toMatchObject(message(why))
    expect(readdirSync(directory)).toEqual([])
  })
  it('for a version that nobody published', async () => {
    const none = { ...source, version: '9.9.9' }
    await expect(download(none).done).rejects.toMatchObject({ code: 'PULL_FAILED' })
  })
})

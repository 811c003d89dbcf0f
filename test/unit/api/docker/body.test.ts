import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseBody } from '../../../../src/api/docker/body.ts'
import type { ApiContext } from '../../../../src/api/docker/context.ts'
import { readBody } from '../../../../src/api/docker/read-body.ts'

/** A request of which these pieces have come; `ends`: and no more will. */
function requestOf(pieces: readonly (string | Buffer)[], how: { ends?: boolean } = {}) {
  const incoming = new IncomingMessage(new Socket())
  for (const piece of pieces) incoming.push(piece)
  if (how.ends !== false) incoming.push(null)
  return incoming
}

const parse = (text: string | Buffer, type = 'application/json') => {
  const header = (name: string) => (name === 'content-type' ? type : undefined)
  // As much of a context as is looked at.
  const c = { req: { header }, env: { incoming: requestOf([text]) } } as unknown as ApiContext
  return parseBody(c, z.unknown())
}

describe('a JSON body', () => {
  it('is what JSON says it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), async (text) => {
        expect(await parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })
  it('is read, or refused in our words, whatever it is', async () => {
    const bytes = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[{}[\]"\\:,a]{0,200}$/),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (text) => {
        const outcome = await parse(text).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'INVALID_ARGUMENT' })
      }),
    )
  })
  it.each([
    ['64 deep', `${'['.repeat(64)}${']'.repeat(64)}`, undefined],
    ['65 deep', `${'['.repeat(65)}${']'.repeat(65)}`, 'nested deeper than 64'],
    ['brackets in a text', JSON.stringify('['.repeat(100)), undefined],
    ['brackets behind an escaped quote', JSON.stringify(`"${'['.repeat(100)}`), undefined],
    ['brackets behind a backslash', `["\\\\",${'['.repeat(64)}`, 'nested deeper than 64'],
    ['many that are closed', `[${'[],'.repeat(1_000)}[]]`, undefined],
    ['a text that never ends', `"${'\\"'.repeat(500_000)}`, 'invalid JSON: '],
    ['half a megabyte of brackets', '['.repeat(500_000), 'nested deeper than 64'],
  ])('with %s', async (_, text, message) => {
    if (message === undefined) expect(await parse(text)).toEqual(JSON.parse(text))
    else await expect(parse(text)).rejects.toThrow(message)
  })
  it('of another type is refused', async () => {
    await expect(parse('{}', 'text/plain')).rejects.toThrow(
      'unsupported Content-Type header (text/plain)',
    )
  })
})

describe('reading a body', () => {
  const bounds = { most: 10, patienceMs: 60_000 }
  it('ends at its bound, wherever the pieces are cut', async () => {
    const pieces = fc.array(fc.string({ maxLength: 4, unit: 'binary-ascii' }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const whole = given.join('')
        const read = readBody(requestOf(given.filter((one) => one !== '')), bounds)
        if (whole.length <= 10) expect((await read).toString()).toBe(whole)
        else await expect(read).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
      }),
    )
  })
  it('is not begun where its length is too large', async () => {
    const incoming = requestOf([], { ends: false })
    incoming.headers = { 'content-length': '11' }
    await expect(readBody(incoming, bounds)).rejects.toThrow('request body exceeds 10 bytes')
  })
  it('is given up when it does not come', async () => {
    const incoming = requestOf(['slow'], { ends: false })
    const read = readBody(incoming, { most: 10, patienceMs: 1 })
    await expect(read).rejects.toMatchObject({ code: 'BODY_TOO_SLOW', kind: 'TooSlow' })
    expect(incoming.destroyed).toBe(false)
  })
  it('is over when the client has gone', async () => {
    const incoming = requestOf(['half'], { ends: false })
    const read = readBody(incoming, bounds)
    incoming.destroy(new Error('aborted'))
    await expect(read).rejects.toMatchObject({ code: 'BODY_CUT_SHORT' })
  })
})

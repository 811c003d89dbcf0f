import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutputStream } from '../../../../src/engine/container/log/log-entry.ts'
import { deferred } from '../../../../src/std/deferred.ts'
import { type ExecEngine, execEngine } from '../../../support/exec-engine.ts'

let engine: ExecEngine
beforeEach(async () => {
  engine = await execEngine()
})
afterEach(async () => await engine.close())

const logged = (stream: OutputStream, text: string): Promise<void> =>
  engine.container.log.append(stream, Buffer.from(text))

/** What somebody gets who asks for what was written before, write by write. */
async function replayed(streams: readonly OutputStream[], more = { stream: false }) {
  const writes: string[] = []
  const over = deferred<void>()
  engine.verbs.attach(
    engine.container,
    { stdin: false, logs: true, ...more },
    {
      streams: new Set(streams),
      write: (pieces) => {
        const texts = pieces.map(({ stream, bytes }) => `${stream} ${Buffer.from(bytes)}`)
        writes.push(texts.join('; '))
      },
      end: () => over.resolve(),
    },
    'it',
  )
  if (more.stream) await engine.end(0)
  await over.promise
  return writes
}

describe('what was written before somebody attached', () => {
  beforeEach(async () => {
    await logged('stdout', 'a\nb\n')
    await logged('stdout', 'c\n')
    await logged('stderr', 'd\ne\n')
    await logged('stdout', 'f\n')
  })
  it('comes in its order and one write, neighbours of one stream in one piece', async () => {
    expect(await replayed(['stdout', 'stderr'])).toEqual([
      'stdout a\nb\nc\n; stderr d\ne\n; stdout f\n',
    ])
  })
  it('is of the streams that are asked for', async () => {
    expect(await replayed(['stdout'])).toEqual(['stdout a\nb\nc\nf\n'])
    expect(await replayed(['stderr'])).toEqual(['stderr d\ne\n'])
    expect(await replayed([])).toEqual([])
  })
  it('goes on to the end of the container with stream', async () => {
    const writes = await replayed(['stdout', 'stderr'], { stream: true })
    expect(writes.join('; ')).toBe('stdout a\nb\nc\n; stderr d\ne\n; stdout f\n')
  })
})

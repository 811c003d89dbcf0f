import { DISCARD, type OutputConsumer } from '../../contract/cell.ts'
import { joinBytes } from '../../std/join-bytes.ts'
import type { OutputSpec } from './run-spec.ts'

/** How much of a captured stream is kept. A guest that floods must not fill the host's memory. */
const CAPTURE_LIMIT = 64 * 2 ** 20

/** Where one output stream of a run goes, and what was kept of it. */
export interface Output {
  readonly consume: OutputConsumer
  /** Called once, after the last byte. */
  finish(): Promise<void>
  bytes(): Uint8Array
  truncated(): boolean
}

const NOTHING = new Uint8Array()

/** Keeps the first `limit` bytes. */
function captured(limit: number): Output {
  const pieces: Uint8Array[] = []
  let kept = 0
  let cut = false
  return {
    consume: (bytes) => {
      const piece = bytes.subarray(0, limit - kept)
      if (piece.length < bytes.length) cut = true
      if (piece.length === 0) return
      pieces.push(piece)
      kept += piece.length
    },
    finish: async () => {},
    bytes: () => joinBytes(pieces, kept),
    truncated: () => cut,
  }
}

const passedOn = (consume: OutputConsumer, finish: () => Promise<void>): Output => ({
  consume,
  finish,
  bytes: () => NOTHING,
  truncated: () => false,
})

/** A web stream is closed at the end of the run, as pipeTo does; its failure fails nothing here. */
function streamed(stream: WritableStream<Uint8Array>): Output {
  const writer = stream.getWriter()
  let broken = false
  return passedOn(
    async (bytes) => {
      if (broken) return
      await writer.ready.catch(() => undefined)
      await writer.write(bytes).catch(() => {
        broken = true
      })
    },
    async () => {
      if (!broken) await writer.close().catch(() => undefined)
    },
  )
}

/** The consumer that `spec` asks for. */
export function outputOf(spec: OutputSpec = 'capture', limit = CAPTURE_LIMIT): Output {
  if (spec === 'capture') return captured(limit)
  if (spec === 'ignore') return passedOn(DISCARD, async () => {})
  if (typeof spec === 'function') return passedOn(spec, async () => {})
  return streamed(spec)
}

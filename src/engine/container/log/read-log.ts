import { type FileHandle, open } from 'node:fs/promises'
import { deferred } from '../../../std/deferred.ts'
import type { ContainerLog } from './container-log.ts'
import { decodeEntry, type LogEntry, type OutputStream } from './log-entry.ts'

export interface LogQuery {
  readonly streams: ReadonlySet<OutputStream>
  /** ns since 1970; entries before it are left out. */
  readonly since?: bigint | undefined
  /** Entries after it are left out, and end a follow. */
  readonly until?: bigint | undefined
  /** Only the last so many; undefined for all. */
  readonly tail?: number | undefined
  /** Goes on until `ended` settles. */
  readonly follow?: { readonly ended: Promise<unknown> } | undefined
  readonly signal?: AbortSignal | undefined
}

/** Entries in the order in which they were written; of a read, there may be none. */
export type LogBatch = readonly LogEntry[]

const PIECE = 65_536

/** Entries of one file as they are now, and again from there when it has grown. */
class FileReader {
  readonly #file: FileHandle
  #rest: Uint8Array = new Uint8Array()

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** What each read finds, at once: a step for every line costs more than the line. */
  async *batches(): AsyncGenerator<LogBatch> {
    for (;;) {
      const piece = new Uint8Array(PIECE)
      const { bytesRead } = await this.#file.read(piece, 0, PIECE)
      if (bytesRead === 0) return
      this.#rest = Buffer.concat([this.#rest, piece.subarray(0, bytesRead)])
      const entries: LogEntry[] = []
      let at = 0
      for (let next = decodeEntry(this.#rest, 0); next !== undefined; ) {
        entries.push(next.entry)
        at = next.next
        next = decodeEntry(this.#rest, at)
      }
      this.#rest = this.#rest.slice(at)
      yield entries
    }
  }
}

/** Tells a reader at the end of the log whether to look again. */
interface Watch {
  /** True after the next write; false once there will be none, or nobody reads any more. */
  more(): Promise<boolean>
  stop(): void
}

const ONCE: Watch = { more: async () => false, stop: () => {} }

async function* fileBatches(
  log: ContainerLog,
  number: number,
  watch: Watch,
): AsyncGenerator<LogBatch> {
  const file = await open(log.path(number), 'r').catch(() => undefined)
  // It was rotated away, or nothing was written yet.
  if (file === undefined) return
  try {
    const reader = new FileReader(file)
    do yield* reader.batches()
    while (log.current === number && (await watch.more()))
    // What came between the last look and the answer, or just before the next file was begun.
    yield* reader.batches()
  } finally {
    await file.close()
  }
}

/** Everything in the files, oldest first, and what comes for as long as there is more. */
async function* everything(log: ContainerLog, watch: Watch): AsyncGenerator<LogBatch> {
  while (log.current === 0) if (!(await watch.more())) return
  for (let number = log.numbers()[0] ?? 1; number <= log.current; number += 1) {
    yield* fileBatches(log, number, watch)
  }
}

const matches = (entry: LogEntry, { streams, since }: LogQuery): boolean =>
  streams.has(entry.stream) && (since === undefined || entry.time >= since)

/** Those that are asked for, and whether the first of them all that comes too late is there. */
function upToEnd(batch: LogBatch, query: LogQuery) {
  const { until } = query
  const end = until === undefined ? -1 : batch.findIndex(({ time }) => time > until)
  const wanted = end === -1 ? batch : batch.slice(0, end)
  return { entries: wanted.filter((entry) => matches(entry, query)), ends: end !== -1 }
}

/** How many entries stand before the last `tail` ones. */
async function skipped(log: ContainerLog, query: LogQuery): Promise<number> {
  if (query.tail === undefined) return 0
  let count = 0
  for await (const batch of everything(log, ONCE)) {
    const { entries, ends } = upToEnd(batch, query)
    count += entries.length
    if (ends) break
  }
  return Math.max(0, count - query.tail)
}

function watchOf(log: ContainerLog, { follow, signal }: LogQuery): Watch {
  if (follow === undefined) return ONCE
  let written = false
  let ended = signal?.aborted ?? false
  let changed = deferred<void>()
  const wake = (what: 'written' | 'ended') => () => {
    if (what === 'written') written = true
    else ended = true
    changed.resolve()
  }
  const unsubscribe = log.onWritten(wake('written'))
  const end = wake('ended')
  void follow.ended.then(end, end)
  signal?.addEventListener('abort', end, { once: true })
  return {
    more: async () => {
      if (!written && !ended) await changed.promise
      changed = deferred()
      const again = written && signal?.aborted !== true
      written = false
      return again
    },
    stop: () => {
      unsubscribe()
      signal?.removeEventListener('abort', end)
    },
  }
}

/**
 * A container's output: what is there, and with `follow` what comes.
 *
 * @source docker-logs(1); engine API reference, 9
 */
export async function* readLog(log: ContainerLog, query: LogQuery): AsyncGenerator<LogBatch> {
  const watch = watchOf(log, query)
  try {
    let skip = await skipped(log, query)
    for await (const batch of everything(log, watch)) {
      if (query.signal?.aborted === true) return
      const { entries, ends } = upToEnd(batch, query)
      if (entries.length > skip) yield entries.slice(skip)
      skip = Math.max(0, skip - entries.length)
      if (ends) return
    }
  } finally {
    watch.stop()
  }
}

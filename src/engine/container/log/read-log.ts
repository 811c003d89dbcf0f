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

const PIECE = 65_536

/** Entries of one file as they are now, and again from there when it has grown. */
class FileReader {
  readonly #file: FileHandle
  #rest: Uint8Array = new Uint8Array()

  constructor(file: FileHandle) {
    this.#file = file
  }

  async *entries(): AsyncGenerator<LogEntry> {
    for (;;) {
      const piece = new Uint8Array(PIECE)
      const { bytesRead } = await this.#file.read(piece, 0, PIECE)
      if (bytesRead === 0) return
      this.#rest = Buffer.concat([this.#rest, piece.subarray(0, bytesRead)])
      let at = 0
      for (let next = decodeEntry(this.#rest, 0); next !== undefined; ) {
        yield next.entry
        at = next.next
        next = decodeEntry(this.#rest, at)
      }
      this.#rest = this.#rest.slice(at)
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

async function* fileEntries(
  log: ContainerLog,
  number: number,
  watch: Watch,
): AsyncGenerator<LogEntry> {
  const file = await open(log.path(number), 'r').catch(() => undefined)
  // It was rotated away, or nothing was written yet.
  if (file === undefined) return
  try {
    const reader = new FileReader(file)
    do yield* reader.entries()
    while (log.current === number && (await watch.more()))
    // What came between the last look and the answer, or just before the next file was begun.
    yield* reader.entries()
  } finally {
    await file.close()
  }
}

/** Everything in the files, oldest first, and what comes for as long as there is more. */
async function* everything(log: ContainerLog, watch: Watch): AsyncGenerator<LogEntry> {
  while (log.current === 0) if (!(await watch.more())) return
  for (let number = log.numbers()[0] ?? 1; number <= log.current; number += 1) {
    yield* fileEntries(log, number, watch)
  }
}

const matches = (entry: LogEntry, { streams, since }: LogQuery): boolean =>
  streams.has(entry.stream) && (since === undefined || entry.time >= since)

/** How many entries stand before the last `tail` ones. */
async function skipped(log: ContainerLog, query: LogQuery): Promise<number> {
  if (query.tail === undefined) return 0
  let count = 0
  for await (const entry of everything(log, ONCE)) {
    if (query.until !== undefined && entry.time > query.until) break
    if (matches(entry, query)) count += 1
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
export async function* readLog(log: ContainerLog, query: LogQuery): AsyncGenerator<LogEntry> {
  const watch = watchOf(log, query)
  try {
    let skip = await skipped(log, query)
    for await (const entry of everything(log, watch)) {
      if (query.signal?.aborted === true) return
      if (query.until !== undefined && entry.time > query.until) return
      if (!matches(entry, query)) continue
      if (skip > 0) skip -= 1
      else yield entry
    }
  } finally {
    watch.stop()
  }
}

import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Mutex } from '../../../std/mutex.ts'
import type { LogBounds } from '../container-spec.ts'
import { LineRecords } from './line-records.ts'
import { decodeEntry, endOfEntry, type OutputStream } from './log-entry.ts'

const NAME = /^log\.(\d{6,})$/

/**
 * A container's output on disk, in numbered files: the last one grows, and when it is full the next
 * is begun and the oldest removed. A file never changes but by growing, so that readers need no lock.
 */
export class ContainerLog {
  readonly #directory: string
  readonly #options: LogBounds
  readonly #records: Readonly<Record<OutputStream, LineRecords>>
  readonly #writing = new Mutex()
  readonly #listeners = new Set<() => void>()
  #file: FileHandle | undefined
  #number: number
  #bytes = 0
  #mended = false

  /** @param now - ns since 1970. */
  constructor(directory: string, options: LogBounds, now: () => bigint) {
    this.#directory = directory
    this.#options = options
    this.#records = {
      stdout: new LineRecords('stdout', now),
      stderr: new LineRecords('stderr', now),
    }
    this.#number = this.numbers().at(-1) ?? 0
  }

  /**
   * What a crash cut short is taken off, so that whatever follows can be read. Before the first
   * write and not before: a daemon that starts has a log for each of a thousand containers.
   */
  #mend(): void {
    if (this.#mended) return
    this.#mended = true
    if (this.#number === 0) return
    const path = this.path(this.#number)
    const file = readFileSync(path)
    let end = 0
    for (let next = decodeEntry(file, 0); next !== undefined; next = decodeEntry(file, end)) {
      end = next.next
    }
    if (end < file.length) truncateSync(path, end)
    this.#bytes = end
  }

  path(number: number): string {
    return join(this.#directory, `log.${String(number).padStart(6, '0')}`)
  }

  /** Of the files there are, oldest first. */
  numbers(): readonly number[] {
    try {
      const names = readdirSync(this.#directory)
      return names
        .flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? [])
        .sort((a, b) => a - b)
    } catch {
      return []
    }
  }

  /** The file that grows. */
  get current(): number {
    return this.#number
  }

  /** Settles when the bytes are in the file. */
  append(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    return this.#write(this.#records[stream].push(bytes))
  }

  /** The process has ended: lines without a newline are lines now. */
  async flush(): Promise<void> {
    await this.#write(this.#records.stdout.end())
    await this.#write(this.#records.stderr.end())
  }

  async #write(records: Uint8Array): Promise<void> {
    if (records.length === 0) return
    await this.#writing.run(async () => {
      for (let from = 0; from < records.length; ) {
        const file = await this.#writable()
        const end = this.#endOfRoom(records, from)
        await file.appendFile(records.subarray(from, end))
        this.#bytes += end - from
        from = end
      }
    })
    for (const listener of this.#listeners) listener()
  }

  /** Behind the last record that begins before the file is full; one at least. */
  #endOfRoom(records: Uint8Array, from: number): number {
    const room = from + this.#options.maxBytes - this.#bytes
    if (records.length <= room) return records.length
    let end = endOfEntry(records, from)
    while (end < room && end < records.length) end = endOfEntry(records, end)
    return end
  }

  async #writable(): Promise<FileHandle> {
    this.#mend()
    const full = this.#bytes >= this.#options.maxBytes
    if (this.#file !== undefined && !full) return this.#file
    await this.#file?.close()
    this.#file = undefined
    mkdirSync(this.#directory, { recursive: true })
    const begins = full || this.#number === 0
    const number = this.#number + (begins ? 1 : 0)
    this.#file = await open(this.path(number), 'a')
    // Not before it is there: a reader that follows would miss it and go on to the next.
    this.#number = number
    if (begins) this.#bytes = 0
    const oldest = this.#number - this.#options.maxFiles
    for (const number of this.numbers()) if (number <= oldest) rmSync(this.path(number))
    return this.#file
  }

  /** Calls `listener` after each write. @returns a function that ends it. */
  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Gives the descriptor back; the next write opens the file again. */
  async close(): Promise<void> {
    await this.#writing.run(async () => {
      await this.#file?.close()
      this.#file = undefined
    })
  }
}

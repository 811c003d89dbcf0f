/** How far a pull is. */
export interface PullProgress {
  readonly image: string
  readonly status: 'Downloading' | 'Extracting'
  readonly received: number
  readonly total: number
}

const BAR_WIDTH = 30
const MB = 1_000_000

const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`

function bar({ received, total }: PullProgress): string {
  const filled = Math.min(BAR_WIDTH, Math.round((received / Math.max(1, total)) * BAR_WIDTH))
  const line = `${'='.repeat(filled)}${filled < BAR_WIDTH ? '>' : ''}`.padEnd(BAR_WIDTH)
  return `[${line}] ${megabytes(received)} / ${megabytes(total)}`
}

/** What came over the network, of which some may have been here from an earlier attempt. */
function downloadedText(first: number, last: number): string {
  const fresh = `downloaded ${megabytes(last - first)}`
  return first === 0 ? fresh : `${fresh}, ${megabytes(first)} were here`
}

/** A bar that redraws itself on a terminal; elsewhere a line for each thing that begins or ends. */
export class PullReport {
  readonly #stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>
  #last: PullProgress | undefined
  /** Bytes that were here when the download began. */
  #first = 0

  readonly #introduction: (image: string) => string

  /** @param introduction - a line before the first thing that a pull does. */
  constructor(
    stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
    introduction: (image: string) => string = () => '',
  ) {
    this.#stream = stream
    this.#introduction = introduction
  }

  readonly report = (progress: PullProgress): void => {
    const before = this.#last
    if (before === undefined) this.#stream.write(this.#introduction(progress.image))
    this.#last = progress
    if (before?.status !== progress.status) {
      this.#endStatus(before)
      if (progress.status === 'Downloading') this.#first = progress.received
      if (!this.#stream.isTTY) this.#stream.write(`${progress.image}: ${progress.status}\n`)
    }
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[K${progress.image}: ${progress.status} ${bar(progress)}`)
    }
    // The guest's own output follows: it must not meet a line of ours that is still open.
    if (progress.status === 'Extracting' && progress.received === progress.total) this.finish()
  }

  /** Says how the last thing ended; says nothing where there was nothing to do, or it was said. */
  finish(): void {
    this.#endStatus(this.#last)
    this.#last = undefined
  }

  #endStatus(last: PullProgress | undefined): void {
    if (last === undefined) return
    const text =
      last.status === 'Downloading' ? downloadedText(this.#first, last.received) : 'extracted'
    this.#stream.write(`${this.#stream.isTTY ? '\r\x1b[K' : ''}${last.image}: ${text}\n`)
  }
}

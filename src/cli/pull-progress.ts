/** How far a download is. `total` is undefined while nobody knows it. */
export interface PullProgress {
  readonly image: string
  readonly received: number
  readonly total: number | undefined
}

const BAR_WIDTH = 30
const MB = 1_000_000

function bar(received: number, total: number | undefined): string {
  const done = `${(received / MB).toFixed(1)} MB`
  if (total === undefined || total === 0) return done
  const filled = Math.min(BAR_WIDTH, Math.round((received / total) * BAR_WIDTH))
  const line = `${'='.repeat(filled)}${filled < BAR_WIDTH ? '>' : ''}`.padEnd(BAR_WIDTH)
  return `[${line}] ${done} / ${(total / MB).toFixed(1)} MB`
}

/** A bar that redraws itself on a terminal; elsewhere one line at the beginning and one at the end. */
export function pullProgress(stream: NodeJS.WriteStream): {
  report(progress: PullProgress): void
  finish(): void
} {
  let last: PullProgress | undefined
  return {
    report: (progress) => {
      const first = last === undefined
      last = progress
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${progress.image}: ${bar(progress.received, progress.total)}`)
      } else if (first) {
        stream.write(
          `Unable to find image '${progress.image}' locally\nPulling ${progress.image}\n`,
        )
      }
    },
    finish: () => {
      if (last === undefined) return
      const line = `${last.image}: pulled ${(last.received / MB).toFixed(1)} MB\n`
      stream.write(stream.isTTY ? `\r\x1b[K${line}` : line)
      last = undefined
    },
  }
}

import { EngineError } from '../contract/errors.ts'
import type { TerminalSize } from '../contract/terminal.ts'

/** The terminal this command was called from, lent to a container's. */
export interface HostTerminal {
  readonly size: TerminalSize
  /** Tells of each new size. */
  onResize(resize: (size: TerminalSize) => void): void
  /** As it was before. */
  restore(): void
}

function sizeOf({ rows, columns }: NodeJS.WriteStream): TerminalSize {
  // Absent where the stream is none.
  return { rows: rows ?? 0, columns: columns ?? 0 }
}

/**
 * @param typing - keys are passed on as they are typed: the guest's terminal makes lines and signals of them.
 * @throws EngineError `INVALID_ARGUMENT`, in docker's words: there is no terminal to type at.
 */
export function hostTerminal(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  typing: boolean,
): HostTerminal {
  if (typing && !stdin.isTTY) {
    throw new EngineError('INVALID_ARGUMENT', 'the input device is not a TTY')
  }
  if (typing) stdin.setRawMode(true)
  let told: (() => void) | undefined
  return {
    size: sizeOf(stdout),
    onResize: (resize) => {
      told = () => resize(sizeOf(stdout))
      stdout.on('resize', told)
    },
    restore: () => {
      if (told !== undefined) stdout.off('resize', told)
      if (typing) stdin.setRawMode(false)
    },
  }
}

import { spawnSync } from 'node:child_process'
import { EngineError } from '../contract/errors.ts'
import type { TerminalSize } from '../contract/terminal.ts'

/** The terminal this command was called from, lent to a container's. */
export interface HostTerminal {
  readonly size: TerminalSize
  /** The guest runs: keys are passed on as they are typed, and each new size is told. */
  lend(resize: (size: TerminalSize) => void): void
  /** As it was before. */
  restore(): void
}

function sizeOf({ rows, columns }: NodeJS.WriteStream): TerminalSize {
  // Absent where the stream is none.
  return { rows: rows ?? 0, columns: columns ?? 0 }
}

/**
 * The guest's terminal has made `\r\n` of the ends of lines: another `\r` would be one too many. Node's
 * raw mode leaves that to the host's terminal, and Node has no other call for it. What is changed here
 * goes with that mode.
 *
 * @source libuv, uv_tty_set_mode: UV_TTY_MODE_RAW sets ONLCR
 */
function leaveOutputAlone(): void {
  // Windows has no such program, and adds no \r where one is.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
}

/**
 * @param typing - somebody types: the guest's terminal makes lines and signals of the keys.
 * @throws EngineError `INVALID_ARGUMENT`, in docker's words: there is no terminal to type at.
 */
export function hostTerminal(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  typing: boolean,
): HostTerminal {
  if (typing && !stdin.isTTY) {
    throw new EngineError('INVALID_ARGUMENT', 'the input device is not a TTY')
  }
  let told: (() => void) | undefined
  return {
    size: sizeOf(stdout),
    lend: (resize) => {
      if (typing) {
        stdin.setRawMode(true)
        leaveOutputAlone()
      }
      told = () => resize(sizeOf(stdout))
      stdout.on('resize', told)
    },
    restore: () => {
      if (told === undefined) return
      stdout.off('resize', told)
      told = undefined
      if (typing) stdin.setRawMode(false)
    },
  }
}

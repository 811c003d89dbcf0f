/** As much of a script as is looked at for its first line. @source execve(2), BINPRM_BUF_SIZE */
export const HEAD_BYTES = 256
const [HASH, BANG, NEWLINE, NUL, SPACE, TAB] = [0x23, 0x21, 0x0a, 0, 0x20, 0x09]

/** What a `#!` line names: a program, and all that stands behind it as one argument. */
export interface Interpreter {
  readonly path: string
  readonly argument: string | undefined
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB

export const isScript = (head: Uint8Array): boolean => head[0] === HASH && head[1] === BANG

/** The line without its `#!`, cut at a NUL; undefined when its program's name may go on behind the head. */
function lineOf(head: Uint8Array): Uint8Array | undefined {
  const newline = head.indexOf(NEWLINE, 2)
  const nul = head.indexOf(NUL, 2)
  const ends = [newline, nul].filter((at) => at !== -1)
  if (ends.length > 0) return head.subarray(2, Math.min(...ends))
  const rest = head.subarray(2)
  if (head.length < HEAD_BYTES) return rest
  const name = rest.findIndex((byte) => !isBlank(byte))
  const isCut = name === -1 || !rest.subarray(name).some(isBlank)
  return isCut ? undefined : rest.subarray(0, -1)
}

function trimmed(line: Uint8Array): Uint8Array {
  let from = 0
  let to = line.length
  while (from < to && isBlank(line[from])) from += 1
  while (to > from && isBlank(line[to - 1])) to -= 1
  return line.subarray(from, to)
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The interpreter of a script whose first bytes are `head` (at most `HEAD_BYTES`); undefined when
 * they name none, are cut off in its name, or are not UTF-8.
 *
 * @source execve(2), "Interpreter scripts"
 */
export function interpreterOf(head: Uint8Array): Interpreter | undefined {
  const line = lineOf(head)
  if (line === undefined) return undefined
  const text = textOf(trimmed(line))
  if (text === undefined || text === '') return undefined
  const [, path = '', argument = ''] = /^([^ \t]+)[ \t]*(.*)$/s.exec(text) ?? []
  return { path, argument: argument === '' ? undefined : argument }
}

/** Bytes of a file that are looked at. @source linux/binfmts.h, BINPRM_BUF_SIZE */
export const SHEBANG_BYTES = 256

/** The first line of a script. */
export interface Shebang {
  /** As it is written: a path, and never looked for in PATH. */
  readonly interpreter: string
  /** All that follows it, blanks inside included: one argument. */
  readonly argument: string | undefined
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t'

/** The line behind `#!`, as far as it is whole; undefined: the name in it may be cut. */
function lineOf(text: string): string | undefined {
  const newline = text.indexOf('\n')
  const line = newline === -1 ? text : text.slice(0, newline)
  const isCut =
    newline === -1 && text.length >= SHEBANG_BYTES && !/^#![ \t]*[^ \t\0]+[ \t\0]/.test(line)
  return isCut ? undefined : line.slice('#!'.length)
}

/**
 * Who is to read a file that starts with `#!`.
 *
 * @param head - the file's first bytes, `SHEBANG_BYTES` of them if it has so many.
 * @returns undefined: it is no script. `malformed`: it is one that names nobody.
 * @source Linux fs/binfmt_script.c
 */
export function shebangOf(head: Uint8Array): Shebang | 'malformed' | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined
  // A byte to a character, so that nothing is counted wrong; names are decoded below.
  const line = lineOf(String.fromCharCode(...head.subarray(0, SHEBANG_BYTES)))
  if (line === undefined) return 'malformed'
  let start = 0
  while (isBlank(line[start])) start += 1
  let end = start
  while (end < line.length && !isBlank(line[end]) && line[end] !== '\0') end += 1
  if (end === start) return 'malformed'
  // A name that a NUL ends has no argument, nor has what follows a NUL any meaning.
  const rest = line.slice(end).split('\0', 1)[0] ?? ''
  const argument = rest.replace(/^[ \t]+|[ \t]+$/g, '')
  return {
    interpreter: decoded(line.slice(start, end)),
    argument: argument === '' ? undefined : decoded(argument),
  }
}

const decoded = (bytes: string): string =>
  new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)))

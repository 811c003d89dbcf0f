/** What a stream must be, to the byte, or like. */
export type Expected = string | RegExp

/** A command of the docker client, and what Docker says to it. */
export interface Row {
  /** Words as a shell splits them; `docker` itself is left out. */
  readonly command: string
  /** Nothing unless given. */
  readonly stdout: Expected
  readonly stderr: Expected
  readonly code: number
  readonly stdin: string
  /** Of a command that does not end by itself. */
  readonly until: RegExp | undefined
}

/** A row; what is not said is silence and success. */
export const row = (
  command: string,
  stdout: Expected = '',
  more: Partial<Omit<Row, 'command' | 'stdout'>> = {},
): Row => ({ stderr: '', code: 0, stdin: '', until: undefined, ...more, command, stdout })

/** A row of a command that fails with an error of the daemon's. */
export const refused = (command: string, message: string, code = 1, stdout: Expected = ''): Row =>
  row(command, stdout, { stderr: `Error response from daemon: ${message}\n`, code })

/** The same of `docker run`. */
export const notRun = (command: string, message: string, code = 125): Row => {
  const hint = "\n\nRun 'docker run --help' for more information\n"
  return row(command, '', { stderr: `docker: Error response from daemon: ${message}${hint}`, code })
}

const WORD = /'([^']*)'|"([^"]*)"|([^\s'"]+)/g

/** Splits as a shell does, without its expansions. */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = []
  let end = -1
  for (const match of command.matchAll(WORD)) {
    const word = match[1] ?? match[2] ?? match[3] ?? ''
    if (match.index === end) words.push(`${words.pop() ?? ''}${word}`)
    else words.push(word)
    end = match.index + match[0].length
  }
  return words
}

/** 64 hex digits and a newline: a container, network or volume that nobody named. */
export const ID = /^[0-9a-f]{64}\n$/
export const IMAGE_ID = /^sha256:[0-9a-f]{64}\n$/

/** What a script left: all that is compared. */
export interface Outcome {
  readonly stdout: string
  readonly exitCode: number
}

/** One behaviour of the tools, as a script that shows it. */
export interface ToolCase {
  /** The behaviour, in words. */
  readonly name: string
  /** Text for `sh`. It starts in an empty directory, with a umask of 022. */
  readonly script: string
  /** Files there are before: path in that directory to text. */
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** What ours says, where it rightly says something else than the machine's own tools. */
  readonly expected?: Partial<Outcome>
}

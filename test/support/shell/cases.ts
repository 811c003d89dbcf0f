/** A script, and what it is run with. */
export interface ShellCase {
  readonly name: string
  readonly script: string
  readonly stdin?: string
  /** $1, $2 … */
  readonly args?: readonly string[]
  /** Where dash is no judge: what must come, and why dash does not say it. */
  readonly expected?: ShellOutcome & { readonly because: string }
}

export interface ShellOutcome {
  readonly exitCode: number
  readonly stdout: string
}

/** A script as it stands, but that `\${` is `${`, and a backquote has a backslash in front. */
export const sh = ({ raw }: TemplateStringsArray): string =>
  raw.join('').replaceAll('\\${', '${').replaceAll('\\`', '`')

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const driver = fileURLToPath(new URL('drive.py', import.meta.url))

export type Step =
  | { readonly type: string }
  | { readonly until: string }
  | { readonly size: readonly [rows: number, columns: number] }

export interface Typed {
  /** All that was to be seen. */
  readonly screen: string
  readonly status: number
  /** What was waited for and did not come. */
  readonly missing?: string
}

/** Runs `command` in a terminal of 33 rows and 99 columns, and does `steps`. Needs python3. */
export async function typed(
  command: readonly string[],
  steps: readonly Step[],
  env: NodeJS.ProcessEnv = {},
): Promise<Typed> {
  const child = spawn('python3', [driver, JSON.stringify(steps), ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () => reject(new Error('python3 is needed to type into a terminal')))
  })
  const told = await Promise.race([text(child.stdout), failed])
  return JSON.parse(told) as Typed // what the driver prints
}

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Host } from '../../../dist/index.js'
import type { Outcome, ToolCase } from './tool-case.ts'

/** Where a case runs in the product. */
const DIRECTORY = '/work/case'
/** The same words and the same days everywhere. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', HOME: '/', TERM: 'dumb' }
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The script, in a shell that has just been started in the case's directory. */
const scriptOf = ({ script }: ToolCase, directory: string) =>
  `umask 022; cd '${directory}' || exit 99\n${script}`

/** What one `dash` makes of the case, in a directory of its own, with the tools of a PATH. */
async function runOnMachine(toolCase: ToolCase, path: string): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'case-'))
  try {
    for (const [name, text] of Object.entries(toolCase.files ?? {})) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    return await dash(scriptOf(toolCase, directory), toolCase.stdin ?? '', path)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function dash(script: string, stdin: string, path: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/dash', ['-c', script], {
      env: { ...ENVIRONMENT, PATH: path },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const pieces: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    // A script need not read what it is given.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ stdout: Buffer.concat(pieces).toString(), exitCode: code ?? -1 }),
    )
  })
}

/** What the machine's own tools do: coreutils, findutils, tar, gzip, diffutils, procps. */
export const runOnReference = (toolCase: ToolCase): Promise<Outcome> => runOnMachine(toolCase, PATH)

/**
 * For work on the tools alone: a native build of them, in a directory with a link for each name.
 *
 * @example
 * for tool in $(./userland); do ln -s userland "$tool"; done
 */
export const runNative = (toolCase: ToolCase, tools: string): Promise<Outcome> =>
  runOnMachine(toolCase, `${tools}:${PATH}`)

/** What the image `base` does. */
export async function runInProduct(toolCase: ToolCase, host: Host): Promise<Outcome> {
  const files = Object.entries(toolCase.files ?? {})
  const done = await host.run({
    image: 'base',
    cmd: ['sh', '-c', `mkdir -p '${DIRECTORY}'; ${scriptOf(toolCase, DIRECTORY)}`],
    env: { ...ENVIRONMENT, PATH },
    stdin: toolCase.stdin ?? '',
    files: Object.fromEntries(files.map(([name, text]) => [`${DIRECTORY}/${name}`, text])),
    stderr: 'ignore',
  })
  return { stdout: done.text(), exitCode: done.exitCode }
}

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createHost, type Host } from '../../../dist/index.js'
import { DATA_DIRECTORY } from '../bulkhead.ts'
import type { ShellCase, ShellOutcome } from './cases.ts'

/** Runs each script in a shell and an empty directory of its own. */
export type RunShell = (cases: readonly ShellCase[]) => Promise<readonly ShellOutcome[]>

export interface ShellUnderTest {
  readonly run: RunShell
  close(): Promise<void>
}

/**
 * The shell that is tested: that of image `base`, or, with BULKHEAD_SHELL, the `sh` of that directory, as
 * scripts/build-userland-native.mjs makes one.
 */
export async function shellUnderTest(): Promise<ShellUnderTest> {
  const directory = process.env['BULKHEAD_SHELL']
  if (directory !== undefined) {
    return { run: onHost(join(resolve(directory), 'sh')), close: async () => {} }
  }
  const host = await createHost({ dataDir: DATA_DIRECTORY })
  return { run: inContainer(host), close: () => host.close() }
}

/** The reference. One that is not there fails loudly. */
export const dash: RunShell = onHost('/bin/dash')

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** A script that runs all of the cases, so that one container is enough for them. */
function driver(cases: readonly ShellCase[], root: string): string {
  const lines = cases.map(({ script, stdin, args = [] }, index) => {
    const words = ['sh', '-c', script, 'sh', ...args].map(quoted).join(' ')
    const input = stdin === undefined ? '/dev/null' : `${root}/in/${index}`
    const there = `mkdir ${root}/work/${index} && cd ${root}/work/${index}`
    return `${there} && ${words} <${input} >${root}/out/${index} 2>/dev/null\necho $? >${root}/code/${index}`
  })
  return `mkdir -p ${root}/in ${root}/out ${root}/code ${root}/work\n${lines.join('\n')}\n`
}

const outcome = (stdout: string, code: string): ShellOutcome => ({ stdout, exitCode: Number(code) })

function onHost(shell: string): RunShell {
  return async (cases) => {
    const root = mkdtempSync(join(tmpdir(), 'shell-'))
    for (const name of ['bin', 'in']) mkdirSync(join(root, name))
    symlinkSync(shell, join(root, 'bin', 'sh'))
    cases.forEach(({ stdin }, index) => {
      if (stdin !== undefined) writeFileSync(join(root, 'in', String(index)), stdin)
    })
    writeFileSync(join(root, 'driver'), driver(cases, root))
    const path = [join(root, 'bin'), '/usr/bin', '/bin'].join(delimiter)
    const env = { PATH: path, HOME: '/root', LC_ALL: 'C' }
    try {
      await promisify(execFile)(join(root, 'bin', 'sh'), [join(root, 'driver')], { env })
    } catch (error) {
      throw new Error(`${shell} is needed for this test: ${String(error)}`)
    }
    const read = (kind: string, index: number) =>
      readFileSync(join(root, kind, String(index)), 'latin1')
    const outcomes = cases.map((_, index) => outcome(read('out', index), read('code', index)))
    rmSync(root, { recursive: true })
    return outcomes
  }
}

/** One container runs all of the cases. */
const inContainer =
  (host: Host): RunShell =>
  async (cases) => {
    const root = '/tmp/shell'
    const places = cases.flatMap((_, index) => [`${root}/out/${index}`, `${root}/code/${index}`])
    const inputs = cases.flatMap(({ stdin }, index) =>
      stdin === undefined ? [] : [[`${root}/in/${index}`, stdin] as const],
    )
    const done = await host.run({
      image: 'base',
      cmd: ['sh', `${root}/driver`],
      files: { ...Object.fromEntries(inputs), [`${root}/driver`]: driver(cases, root) },
      collect: places,
    })
    const read = (kind: string, index: number) =>
      Buffer.from(done.files.get(`${root}/${kind}/${index}`) ?? []).toString('latin1')
    return cases.map((_, index) => outcome(read('out', index), read('code', index)))
  }

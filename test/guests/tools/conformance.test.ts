import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../../dist/index.js'
import { DATA_DIRECTORY } from '../../support/bulkhead.ts'
import { CASES } from './cases/all.ts'
import { runInProduct, runNative, runOnReference } from './run-case.ts'
import type { Outcome, ToolCase } from './tool-case.ts'

/** The directory of a native build, while one works on the tools alone. */
const NATIVE = process.env['BULKHEAD_NATIVE_TOOLS']

let host: Host | undefined
beforeAll(async () => {
  const { stdout } = spawnSync('/bin/dash', ['-c', 'ls --version'], { encoding: 'utf8' })
  if (!/GNU coreutils/.test(stdout ?? ''))
    throw new Error('dash and the GNU tools are the reference, and this machine has none')
  if (NATIVE === undefined) host = await createHost({ dataDir: DATA_DIRECTORY })
})
afterAll(() => host?.close())

function ours(toolCase: ToolCase): Promise<Outcome> {
  if (NATIVE !== undefined) return runNative(toolCase, NATIVE)
  if (host === undefined) throw new Error('there is no host')
  return runInProduct(toolCase, host)
}

/** What ours must say: the reference's answer, where the case does not say it itself. */
async function wanted(toolCase: ToolCase): Promise<Outcome> {
  const { stdout, exitCode } = toolCase.expected ?? {}
  if (stdout !== undefined && exitCode !== undefined) return { stdout, exitCode }
  return { ...(await runOnReference(toolCase)), ...toolCase.expected }
}

// Each case has a container and a directory of its own.
describe.concurrent.each(Object.entries(CASES))('%s', (_group, cases) => {
  it.each(cases.map((toolCase) => [toolCase.name, toolCase] as const))(
    '%s',
    async (_, toolCase) => {
      const [want, got] = await Promise.all([wanted(toolCase), ours(toolCase)])
      expect(got).toEqual(want)
    },
  )
})

it('no two cases of a group have one name', () => {
  for (const cases of Object.values(CASES)) {
    const names = cases.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  }
})

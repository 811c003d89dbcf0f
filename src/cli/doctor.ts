import { accessSync, constants, mkdirSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { Command } from 'commander'
import { defaultDataDirectory } from '../host/data-directory.ts'
import { version } from '../host/version.ts'
import type { WithHost } from './with-host.ts'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly detail: string
}

const LEAST_NODE = [20, 19] as const

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  const good = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  return {
    what: 'Node.js',
    ok: good,
    detail: `${process.versions.node} (V8 ${process.versions.v8}); ${LEAST_NODE.join('.')} or newer is needed`,
  }
}

function dataDirectory(): Finding {
  const directory = defaultDataDirectory()
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.R_OK | constants.W_OK)
    return { what: 'data directory', ok: true, detail: directory }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return { what: 'data directory', ok: false, detail: `${directory}: ${code}` }
  }
}

/** A wasm memory reserves gigabytes of addresses; a bound on them (ulimit -v) breaks every guest. */
function addressSpace(): Finding {
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 65_536 })
    return { what: 'address space', ok: true, detail: 'a 4 GiB wasm memory can be reserved' }
  } catch {
    return {
      what: 'address space',
      ok: false,
      detail: 'too small for wasm memories: see ulimit -v',
    }
  }
}

async function aRealGuest(withHost: WithHost): Promise<Finding> {
  try {
    const done = await withHost((host) => host.run({ image: 'hello-world' }))
    const good = done.exitCode === 0 && done.text().includes('Hello from bulkhead')
    return { what: 'hello-world', ok: good, detail: `exit code ${done.exitCode}` }
  } catch (error) {
    return { what: 'hello-world', ok: false, detail: error instanceof Error ? error.message : '' }
  }
}

export function addDoctorCommand(program: Command, withHost: WithHost): void {
  program
    .command('doctor')
    .description('Check that this machine can run containers')
    .action(async () => {
      const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`
      const findings: readonly Finding[] = [
        { what: 'bulkhead', ok: true, detail: `${version()} on ${process.platform}, ${machine}` },
        nodeVersion(),
        dataDirectory(),
        addressSpace(),
        await aRealGuest(withHost),
      ]
      for (const { what, ok, detail } of findings) {
        process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${what.padEnd(16)}${detail}\n`)
      }
      process.exitCode = findings.every(({ ok }) => ok) ? 0 : 1
    })
}
